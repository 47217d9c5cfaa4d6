// Framing: until somebody moves the map, it shows what presses and the place it comes to, else the whole site.

import type { Chart } from "./chart.ts";
import { fit, View } from "./geometry.ts";
import type { Pressing } from "./threats.ts";
import type { Site } from "./views.ts";

const CLOSEST = 13.2;
const EVERY_MS = 4000;
const NEWS_MS = 1500; // what is new is not waited for so long
const SIDE_PX = 80;
const BELOW_BANNER_PX = 40;
const BOTTOM_PX = 60;
const MOST = 5;

export class Framing {
  framed = false;
  private next_ms = 0;
  private shown = "";
  private top_px = 135;

  constructor(
    private readonly chart: Chart,
    private readonly view: View,
  ) {}

  home(site: Site): void {
    const points = site.assets.map((asset): [number, number] => [asset.longitude_deg, asset.latitude_deg]);
    this.show(points.length ? points : [[site.longitude_deg, site.latitude_deg]], "", false);
    this.framed = true;
  }

  /** `banner_px`: the banner covers the map down to here. */
  step(items: readonly Pressing[], site: Site, banner_px: number): void {
    this.top_px = banner_px + BELOW_BANNER_PX;
    const names = items.slice(0, MOST).map(({ track }) => track.uid).join();
    if (performance.now() < this.next_ms - (names === this.shown ? 0 : EVERY_MS - NEWS_MS)) return;
    if (!items.length) return this.shown ? this.home(site) : undefined;
    const near = items.slice(0, MOST);
    const places = site.assets.filter((asset) => near.some(({ threat }) => threat.place === asset.name));
    const points: [number, number][] = [
      ...near.map(({ track }): [number, number] => [track.longitude_deg, track.latitude_deg]),
      ...places.map((asset): [number, number] => [asset.longitude_deg, asset.latitude_deg]),
    ];
    const key = near.map(({ track }) => track.uid).join();
    const wanted = this.fit(points);
    if (key === this.shown && Math.abs(wanted.zoom - this.view.zoom) < 0.8 && points.every((point) => this.isInside(point))) return;
    this.show(points, key, true);
  }

  private show(points: [number, number][], key: string, glide: boolean): void {
    this.next_ms = performance.now() + EVERY_MS;
    this.shown = key;
    const { lat, lon, zoom } = this.fit(points);
    const wanted = new View();
    wanted.look(lat, lon, Math.min(zoom, CLOSEST));
    wanted.y -= (this.top_px - BOTTOM_PX) / 2 / wanted.world_px;
    this.chart.look(wanted.latitude_deg, lon, zoom, glide);
  }

  private fit(points: [number, number][]): { lat: number; lon: number; zoom: number } {
    return fit(points, this.view.width - 2 * SIDE_PX, this.view.height - this.top_px - BOTTOM_PX, CLOSEST);
  }

  private isInside([lon, lat]: [number, number]): boolean {
    const x = this.view.px((lon + 180) / 360);
    const y = this.view.py(0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI));
    return x > 30 && y > this.top_px - 20 && x < this.view.width - 30 && y < this.view.height - 30;
  }
}
