// Geometry of the screen: Web Mercator for drawing, a sphere for ranges and bearings of up to a hundred kilometres.

const EARTH_M = 6_371_008.8;
const RAD = Math.PI / 180;
const TILE_PX = 512;

/** Mercator x of a longitude, 0 to 1. */
export function mercatorX(longitude_deg: number): number {
  return (longitude_deg + 180) / 360;
}

/** Mercator y of a latitude, 0 at the top. */
export function mercatorY(latitude_deg: number): number {
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + (latitude_deg * RAD) / 2)) / (2 * Math.PI);
}

export interface Polar {
  range_m: number;
  bearing_deg: number;
}

/** Range and bearing of a place seen from another. */
export function polar(fromLat: number, fromLon: number, lat: number, lon: number): Polar {
  const north = (lat - fromLat) * RAD * EARTH_M;
  const east = (lon - fromLon) * RAD * EARTH_M * Math.cos(((lat + fromLat) / 2) * RAD);
  return { range_m: Math.hypot(east, north), bearing_deg: (Math.atan2(east, north) / RAD + 360) % 360 };
}

/** The place at a range and bearing from another, as (longitude, latitude). */
export function destination(lat: number, lon: number, range_m: number, bearing_deg: number): [number, number] {
  const angle = range_m / EARTH_M;
  const course = bearing_deg * RAD;
  const sinLat = Math.sin(lat * RAD) * Math.cos(angle) + Math.cos(lat * RAD) * Math.sin(angle) * Math.cos(course);
  const turn = Math.atan2(
    Math.sin(course) * Math.sin(angle) * Math.cos(lat * RAD),
    Math.cos(angle) - Math.sin(lat * RAD) * sinLat,
  );
  return [lon + turn / RAD, Math.asin(sinLat) / RAD];
}

/** A closed ring of corners (longitude, latitude): a circle, or the sector between two bearings and two ranges. */
export function sector(lat: number, lon: number, near_m: number, far_m: number, from_deg: number, to_deg: number): [number, number][] {
  const width = ((to_deg - from_deg) % 360 + 360) % 360 || 360;
  const steps = Math.max(4, Math.ceil(width / 4));
  const arc = (range_m: number): [number, number][] =>
    Array.from({ length: steps + 1 }, (_, step) => destination(lat, lon, range_m, from_deg + (width * step) / steps));
  const inner = near_m > 0 ? arc(near_m).reverse() : width === 360 ? [] : [[lon, lat] as [number, number]];
  const ring = [...arc(far_m), ...inner];
  return [...ring, ring[0] as [number, number]];
}

/** Where the map looks; pixels of the drawing surface from Mercator and back. */
export class View {
  x = 0.5;
  y = 0.5;
  zoom = 2;
  width = 1;
  height = 1;

  get world_px(): number {
    return TILE_PX * 2 ** this.zoom;
  }

  px(x: number): number {
    return (x - this.x) * this.world_px + this.width / 2;
  }

  py(y: number): number {
    return (y - this.y) * this.world_px + this.height / 2;
  }

  get latitude_deg(): number {
    return (2 * Math.atan(Math.exp((0.5 - this.y) * 2 * Math.PI)) - Math.PI / 2) / RAD;
  }

  get longitude_deg(): number {
    return this.x * 360 - 180;
  }

  /** Pixels a metre where the map looks. */
  get px_per_m(): number {
    return this.world_px / (2 * Math.PI * EARTH_M * Math.cos(this.latitude_deg * RAD));
  }

  look(latitude_deg: number, longitude_deg: number, zoom: number): void {
    this.x = mercatorX(longitude_deg);
    this.y = mercatorY(latitude_deg);
    this.zoom = zoom;
  }
}

/** The place and zoom that show all of `points` (longitude, latitude) within `width` by `height` pixels. */
export function fit(points: [number, number][], width: number, height: number, closest: number): { lat: number; lon: number; zoom: number } {
  const xs = points.map(([lon]) => mercatorX(lon));
  const ys = points.map(([, lat]) => mercatorY(lat));
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const zoom = Math.log2(Math.min(width / Math.max(right - left, 1e-9), height / Math.max(bottom - top, 1e-9)) / TILE_PX);
  const view = new View();
  view.x = (left + right) / 2;
  view.y = (top + bottom) / 2;
  return { lat: view.latitude_deg, lon: view.longitude_deg, zoom: Math.min(zoom, closest) };
}
