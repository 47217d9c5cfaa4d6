// The chart: what lies still under the tracks. MapLibre draws it from data in the page; nothing is fetched elsewhere.
//
// Without WebGL there is no chart, but the view still moves by keyboard and everything above it is drawn.

import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { Feature, FeatureCollection } from "geojson";
import { feature } from "topojson-client";
import landUrl from "world-atlas/land-50m.json?url";
import "maplibre-gl/dist/maplibre-gl.css";
import { sector, type View } from "./geometry.ts";
import type { Palette } from "./palette.ts";
import type { Asset, Sensor, Site, Zone } from "./views.ts";

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
const SOURCES = ["land", "coverage", "blind", "zones", "assets"] as const;
const FURTHEST_ZOOM = 3;
const CLOSEST_ZOOM = 17;

setWorkerUrl(workerUrl);

export class Chart {
  private map: MapLibre | null = null;
  private data = new Map<string, FeatureCollection>();

  constructor(
    private readonly container: HTMLElement,
    readonly view: View,
    private palette: Palette,
    private readonly onMove: (byPerson: boolean) => void,
  ) {
    try {
      this.map = this.open();
    } catch (error) {
      container.dataset["missing"] = String(error);
    }
    this.resize();
    new ResizeObserver(() => this.resize()).observe(container);
  }

  look(latitude_deg: number, longitude_deg: number, zoom: number, glide = false): void {
    const bounded = Math.min(CLOSEST_ZOOM, Math.max(FURTHEST_ZOOM, zoom));
    if (!this.map) {
      this.view.look(latitude_deg, longitude_deg, bounded);
      this.onMove(false);
      return;
    }
    const camera = { center: [longitude_deg, latitude_deg] as [number, number], zoom: bounded };
    if (glide && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.map.easeTo({ ...camera, duration: 600 });
    else this.map.jumpTo(camera);
  }

  pan(x_px: number, y_px: number): void {
    const size = this.view.world_px;
    this.view.x += x_px / size;
    this.view.y += y_px / size;
    this.look(this.view.latitude_deg, this.view.longitude_deg, this.view.zoom);
    this.onMove(true);
  }

  zoomBy(steps: number): void {
    this.look(this.view.latitude_deg, this.view.longitude_deg, this.view.zoom + steps);
    this.onMove(true);
  }

  paint(palette: Palette): void {
    this.palette = palette;
    if (!this.map) return;
    this.map.setStyle(this.style(palette));
  }

  showSite(site: Site): void {
    this.set("zones", site.zones.map(zoneFeature));
    this.set("assets", site.assets.map(assetFeature));
  }

  showSensors(sensors: Sensor[]): void {
    this.set("coverage", sensors.flatMap(coverageFeature));
    this.set("blind", sensors.flatMap(blindFeatures));
  }

  private set(source: string, features: Feature[]): void {
    const collection: FeatureCollection = { type: "FeatureCollection", features };
    this.data.set(source, collection);
    this.map?.getSource<GeoJSONSource>(source)?.setData(collection);
  }

  private open(): MapLibre {
    const map = new MapLibre({
      container: this.container,
      style: this.style(this.palette),
      center: [this.view.longitude_deg, this.view.latitude_deg],
      zoom: this.view.zoom,
      minZoom: FURTHEST_ZOOM,
      maxZoom: CLOSEST_ZOOM,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      keyboard: false,
      doubleClickZoom: false,
      renderWorldCopies: false,
      fadeDuration: 0,
    });
    map.touchZoomRotate.disableRotation();
    map.on("move", (event) => {
      const centre = map.getCenter();
      this.view.look(centre.lat, centre.lng, map.getZoom());
      this.onMove("originalEvent" in event && Boolean(event.originalEvent));
    });
    void this.loadLand();
    return map;
  }

  private async loadLand(): Promise<void> {
    const topology = (await (await fetch(landUrl)).json()) as Parameters<typeof feature>[0];
    const land = topology.objects["land"];
    if (!land) return;
    const found = feature(topology, land) as unknown as Feature | FeatureCollection;
    this.set("land", found.type === "FeatureCollection" ? found.features : [found]);
  }

  private resize(): void {
    this.view.width = this.container.clientWidth;
    this.view.height = this.container.clientHeight;
    this.onMove(false);
  }

  private style(palette: Palette): StyleSpecification {
    const sources = Object.fromEntries(
      SOURCES.map((name) => [name, { type: "geojson" as const, data: this.data.get(name) ?? EMPTY }]),
    );
    const line = (id: string, source: string, colour: string, width: number, dashes?: number[]) => ({
      id,
      source,
      type: "line" as const,
      paint: { "line-color": colour, "line-width": width, ...(dashes ? { "line-dasharray": dashes } : {}) },
    });
    const fill = (id: string, source: string, colour: string, opacity: number) => ({
      id,
      source,
      type: "fill" as const,
      paint: { "fill-color": colour, "fill-opacity": opacity, "fill-antialias": false },
    });
    return {
      version: 8,
      sources,
      layers: [
        { id: "ground", type: "background", paint: { "background-color": palette.ground } },
        fill("land", "land", palette.land, 1),
        line("coast", "land", palette.coast, 1),
        fill("covered", "coverage", palette.coverage, 0.035),
        line("reach", "coverage", palette.coverage, 1, [2, 4]),
        { ...fill("blind", "blind", palette.blind, 0), paint: { "fill-color": palette.blind, "fill-opacity": ["get", "shade"] } },
        line("blind-edge", "blind", palette.blind, 1.5, [4, 3]),
        fill("zone", "zones", palette.asset, 0.05),
        line("zone-edge", "zones", palette.asset, 1.2, [6, 3]),
        fill("asset", "assets", palette.asset, 0.07),
        line("asset-edge", "assets", palette.asset, 1.6),
      ],
    };
  }
}

function polygon(ring: [number, number][], name: string, shade = 0): Feature {
  return { type: "Feature", properties: { name, shade }, geometry: { type: "Polygon", coordinates: [ring] } };
}

function zoneFeature(zone: Zone): Feature {
  return polygon([...zone.corners_deg, ...zone.corners_deg.slice(0, 1)], zone.name);
}

function assetFeature(asset: Asset): Feature {
  return polygon(sector(asset.latitude_deg, asset.longitude_deg, 0, asset.radius_m, 0, 360), asset.name);
}

function coverageFeature(sensor: Sensor): Feature[] {
  if (!sensor.range_m || !working(sensor)) return [];
  const [from, to] = sensor.sector_deg ?? [0, 360];
  return [polygon(sector(sensor.latitude_deg, sensor.longitude_deg, 0, sensor.range_m[1], from, to), sensor.name)];
}

/** What a sensor cannot see now: its blind sectors, or all it covers when it is not working. */
function blindFeatures(sensor: Sensor): Feature[] {
  if (!sensor.range_m) return [];
  const { latitude_deg, longitude_deg, range_m } = sensor;
  const sectors = working(sensor) ? sensor.blind_deg : [sensor.sector_deg ?? ([0, 360] as [number, number])];
  const shade = working(sensor) ? 0.16 : 0.03; // others may still see where one has failed
  return sectors.map(([from, to]) => polygon(sector(latitude_deg, longitude_deg, 0, range_m[1], from, to), sensor.name, shade));
}

/** Whether a sensor sees at all. */
export function working(sensor: Sensor): boolean {
  return sensor.health === "ok" || sensor.health === "degraded" || sensor.health === "unknown";
}
