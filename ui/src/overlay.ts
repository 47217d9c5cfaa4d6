// The overlay: everything that moves, drawn on a canvas above the chart: tails, leaders, ellipses, rays, symbols.
//
// Nothing here decides anything; `Scene` says what is to be drawn. Labels are placed by `labels.ts`.

import type { View } from "./geometry.ts";
import { destination, mercatorX, mercatorY } from "./geometry.ts";
import { Labels } from "./labels.ts";
import type { Palette } from "./palette.ts";
import { sprite } from "./symbols.ts";
import type { Track } from "./tracks.ts";
import { distance, duration } from "./units.ts";
import type { Cue, Ended, Site } from "./views.ts";
import { RESOLVED } from "./words.ts";

const EARTH_ROUND_M = 40_030_229;
const LEADER_S = 30;
const EDGE_PX = 26;
const RAY_M = 20_000;
const CROWD = 300; // with more tracks only those that press keep their tails
const GRID_STEPS_M = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];
const RINGS_M = [1000, 2000, 5000, 10_000, 20_000, 50_000];

export interface Scene {
  tracks: readonly Track[];
  ended: readonly Ended[];
  cues: readonly Cue[];
  site: Site | null;
  focus: string; // the place rings are drawn around
  selected: string;
  alarmed: ReadonlySet<string>; // labels of tracks with an alert that waits for an answer
  acknowledged: ReadonlySet<string>; // labels of tracks with an alert that somebody deals with
  told: ReadonlySet<string>; // labels of tracks that an alert ever spoke of
  marked: ReadonlySet<string>;
  isolate: boolean; // only the selected and the marked
  others: boolean; // also friends and neutrals
  labels: number; // 0 none, 1 short, 2 long
  tails: boolean;
  left: ReadonlyMap<string, number>; // by uid, the seconds until a track is where it is going
  falls: ReadonlySet<string>; // uids of tracks that fall
  banner_px: number; // the banner covers the map's middle down to here
  time_s: number;
  still: boolean; // the link is lost: what is drawn no longer holds
}

export class Overlay {
  private readonly context: CanvasRenderingContext2D;
  private readonly labels: Labels;
  private factor = 1;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly view: View,
  ) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser has no canvas");
    this.context = context;
    this.labels = new Labels(context, view);
  }

  draw(scene: Scene, palette: Palette): void {
    this.fitCanvas();
    const context = this.context;
    context.setTransform(this.factor, 0, 0, this.factor, 0, 0);
    context.clearRect(0, 0, this.view.width, this.view.height);
    this.labels.begin(palette, scene.banner_px);
    this.drawGrid(palette);
    this.drawPlaces(scene, palette);
    const shown = scene.tracks.filter((track) => this.isShown(track, scene));
    for (const cue of newestCues(scene.cues)) this.drawCue(cue, palette);
    context.globalAlpha = scene.still ? 0.45 : 1;
    if (scene.tails) for (const track of shown) this.drawTail(track, palette, shown.length > CROWD);
    this.drawLeaders(shown, palette);
    for (const ended of scene.ended) this.drawEnded(ended, scene, palette);
    for (const track of shown) this.drawTrack(track, scene, palette);
    context.globalAlpha = 1;
    this.drawBeyond(scene, palette);
    this.labels.tracks(shown, scene);
    this.labels.end();
  }

  /** The track nearest to a point of the canvas, within reach of a finger. */
  at(x: number, y: number, tracks: readonly Track[]): Track | undefined {
    let best: Track | undefined;
    let nearest = 22;
    for (const track of tracks) {
      const away = Math.hypot(this.view.px(track.x) - x, this.view.py(track.y) - y);
      if (away < nearest) [nearest, best] = [away, track];
    }
    return best;
  }

  private fitCanvas(): void {
    this.factor = window.devicePixelRatio || 1;
    const width = Math.round(this.view.width * this.factor);
    const height = Math.round(this.view.height * this.factor);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
  }

  private isShown(track: Track, scene: Scene): boolean {
    const x = this.view.px(track.x);
    const y = this.view.py(track.y);
    if (x < -80 || y < -80 || x > this.view.width + 80 || y > this.view.height + 80) return false;
    if (track.name === scene.selected || scene.marked.has(track.name)) return true;
    if (scene.isolate && (scene.selected || scene.marked.size)) return false;
    return scene.others || !RESOLVED.has(track.affiliation);
  }

  private drawGrid(palette: Palette): void {
    const { view, context } = this;
    const wanted_m = 90 / view.px_per_m;
    const step_m = GRID_STEPS_M.find((step) => step >= wanted_m) ?? 100_000;
    const step_px = step_m * view.px_per_m;
    context.strokeStyle = palette.grid;
    context.lineWidth = 1;
    context.beginPath();
    const originX = view.width / 2 - ((view.x * view.world_px) % step_px);
    const originY = view.height / 2 - ((view.y * view.world_px) % step_px);
    for (let x = originX - Math.ceil(originX / step_px) * step_px; x < view.width; x += step_px) {
      context.moveTo(Math.round(x) + 0.5, 0);
      context.lineTo(Math.round(x) + 0.5, view.height);
    }
    for (let y = originY - Math.ceil(originY / step_px) * step_px; y < view.height; y += step_px) {
      context.moveTo(0, Math.round(y) + 0.5);
      context.lineTo(view.width, Math.round(y) + 0.5);
    }
    context.stroke();
    this.labels.scale(step_px, distance(step_m));
  }

  private drawPlaces(scene: Scene, palette: Palette): void {
    const { view, context } = this;
    for (const asset of scene.site?.assets ?? []) {
      const x = view.px(mercatorX(asset.longitude_deg));
      const y = view.py(mercatorY(asset.latitude_deg));
      const focused = asset.name === scene.focus;
      context.strokeStyle = focused ? palette.asset : palette.quiet;
      context.lineWidth = 2;
      context.beginPath();
      context.moveTo(x - 6, y);
      context.lineTo(x + 6, y);
      context.moveTo(x, y - 6);
      context.lineTo(x, y + 6);
      context.stroke();
      this.labels.place(asset.name, x, y + 16, focused);
      if (focused) this.drawRings(x, y, palette);
    }
  }

  private drawRings(x: number, y: number, palette: Palette): void {
    const { view, context } = this;
    context.strokeStyle = palette.ring;
    context.lineWidth = 1;
    for (const ring_m of RINGS_M) {
      const radius = ring_m * view.px_per_m;
      if (radius < 45 || radius > 2 * Math.max(view.width, view.height)) continue;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.stroke();
      this.labels.ring(distance(ring_m), x, y - radius);
    }
  }

  private drawCue(cue: Cue, palette: Palette): void {
    const { view, context } = this;
    const at = (bearing_deg: number): [number, number] => {
      const [lon, lat] = destination(cue.latitude_deg, cue.longitude_deg, RAY_M, bearing_deg);
      return [view.px(mercatorX(lon)), view.py(mercatorY(lat))];
    };
    const x = view.px(mercatorX(cue.longitude_deg));
    const y = view.py(mercatorY(cue.latitude_deg));
    context.globalAlpha = 0.12;
    context.fillStyle = palette.cue;
    context.beginPath();
    context.moveTo(x, y);
    for (const side of [-2, -1, 0, 1, 2]) context.lineTo(...at(cue.azimuth_deg + side * cue.sigma_deg));
    context.closePath();
    context.fill();
    context.globalAlpha = 0.7;
    context.strokeStyle = palette.cue;
    context.lineWidth = 1;
    context.setLineDash([2, 5]);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(...at(cue.azimuth_deg));
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  private drawTail(track: Track, palette: Palette, crowded: boolean): void {
    if (crowded && track.entry_s === null) return;
    const { view, context } = this;
    const { tail } = track;
    context.fillStyle = this.colour(track, palette);
    const alpha = context.globalAlpha;
    for (let point = 0; point < tail.length; point += 2) {
      context.globalAlpha = alpha * (0.1 + (0.75 * (point + 2)) / tail.length);
      const x = view.px(tail[point] ?? 0);
      const y = view.py(tail[point + 1] ?? 0);
      context.fillRect(x - 1.2, y - 1.2, 2.4, 2.4);
    }
    context.globalAlpha = alpha;
  }

  /** Where each track will be in half a minute if it flies on, one stroke a colour. */
  private drawLeaders(tracks: readonly Track[], palette: Palette): void {
    const { view, context } = this;
    const byColour = new Map<string, Track[]>();
    for (const track of tracks) {
      if (track.speed_mps < 1) continue;
      const colour = this.colour(track, palette);
      const group = byColour.get(colour);
      if (group) group.push(track);
      else byColour.set(colour, [track]);
    }
    const world_px_per_m = view.world_px / EARTH_ROUND_M / Math.cos((view.latitude_deg * Math.PI) / 180);
    context.lineWidth = 1.5;
    for (const [colour, group] of byColour) {
      context.strokeStyle = colour;
      context.beginPath();
      for (const track of group) {
        const x = view.px(track.x);
        const y = view.py(track.y);
        context.moveTo(x, y);
        context.lineTo(x + track.east_mps * LEADER_S * world_px_per_m, y - track.north_mps * LEADER_S * world_px_per_m);
      }
      context.stroke();
    }
  }

  private drawTrack(track: Track, scene: Scene, palette: Palette): void {
    const { view, context } = this;
    const x = view.px(track.x);
    const y = view.py(track.y);
    const alpha = context.globalAlpha;
    if (track.stale) context.globalAlpha = alpha * 0.4;
    this.drawEllipse(track, x, y, palette);
    if (track.confirmed) {
      const { image, x: dx, y: dy, width, height } = sprite(track.affiliation, track.kind, track.coasting, palette.mono);
      context.drawImage(image, x - dx, y - dy, width, height);
    } else {
      context.strokeStyle = this.colour(track, palette);
      context.lineWidth = 1.5;
      context.beginPath();
      context.arc(x, y, 4, 0, 2 * Math.PI);
      context.stroke();
    }
    context.globalAlpha = alpha;
    if (scene.alarmed.has(track.label)) this.drawBrackets(x, y, 22, palette.alarm, 3);
    else if (scene.acknowledged.has(track.label)) this.drawBrackets(x, y, 22, palette.alarm, 1);
    if (scene.marked.has(track.name)) this.drawBrackets(x, y, 19, palette.quiet, 1.5);
    if (track.name === scene.selected) this.drawBrackets(x, y, 17, palette.text, 1.5);
  }

  private drawEllipse(track: Track, x: number, y: number, palette: Palette): void {
    const major = track.ellipse_major_m * this.view.px_per_m;
    if (major < 14 || major > 4000) return;
    const context = this.context;
    context.strokeStyle = this.colour(track, palette);
    context.lineWidth = 1;
    context.setLineDash([4, 3]);
    context.beginPath();
    const turn = ((track.ellipse_azimuth_deg - 90) * Math.PI) / 180;
    context.ellipse(x, y, major, Math.max(1, track.ellipse_minor_m * this.view.px_per_m), turn, 0, 2 * Math.PI);
    context.stroke();
    context.setLineDash([]);
  }

  private drawBrackets(x: number, y: number, reach: number, colour: string, width: number): void {
    const context = this.context;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const [sx, sy] of [[-1, -1], [1, -1], [1, 1], [-1, 1]] as const) {
      context.moveTo(x + sx * reach, y + sy * (reach - 7));
      context.lineTo(x + sx * reach, y + sy * reach);
      context.lineTo(x + sx * (reach - 7), y + sy * reach);
    }
    context.stroke();
  }

  /** A track that is no more: where it was last, for a while. */
  private drawEnded(ended: Ended, scene: Scene, palette: Palette): void {
    const { view, context } = this;
    const x = view.px(mercatorX(ended.longitude_deg));
    const y = view.py(mercatorY(ended.latitude_deg));
    const told = scene.told.has(ended.label) || scene.selected === ended.label;
    const size = told ? 6 : 3; // of what no alarm ever spoke a small cross is enough
    context.strokeStyle = palette.quiet;
    context.lineWidth = told ? 1.5 : 1;
    context.beginPath();
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x + size, y - size);
    context.lineTo(x - size, y + size);
    context.stroke();
    if (scene.labels && (told || scene.labels > 1)) this.labels.ended(ended, x, y, scene.time_s);
  }

  /** Tracks with an alarm that the map does not reach: at its edge an arrow that way, and the time left. */
  private drawBeyond(scene: Scene, palette: Palette): void {
    const { view, context } = this;
    const [middleX, middleY] = [view.width / 2, (view.height + scene.banner_px) / 2];
    const [reachX, reachY] = [view.width / 2 - EDGE_PX, (view.height - scene.banner_px) / 2 - EDGE_PX];
    const beyond = scene.tracks.filter((track) => scene.alarmed.has(track.label) || scene.acknowledged.has(track.label));
    context.font = "600 13px system-ui, sans-serif";
    context.textBaseline = "middle";
    for (const track of beyond) {
      const [x, y] = [view.px(track.x), view.py(track.y)];
      if (x >= 0 && x <= view.width && y >= 0 && y <= view.height) continue;
      const [dx, dy] = [x - middleX, y - middleY];
      const share = Math.min(reachX / Math.max(Math.abs(dx), 1), reachY / Math.max(Math.abs(dy), 1));
      const [edgeX, edgeY] = [middleX + dx * share, middleY + dy * share];
      context.save();
      context.translate(edgeX, edgeY);
      context.rotate(Math.atan2(dy, dx));
      context.fillStyle = palette.critical;
      context.beginPath();
      context.moveTo(14, 0);
      context.lineTo(-8, -9);
      context.lineTo(-8, 9);
      context.fill();
      context.restore();
      const left_s = scene.left.get(track.uid);
      const words = left_s === undefined || left_s === Infinity ? track.label : `${track.label} ${duration(left_s)}`;
      context.textAlign = dx > 0 ? "right" : "left";
      const textX = edgeX + (dx > 0 ? -18 : 18);
      context.lineWidth = 4;
      context.strokeStyle = palette.halo;
      context.fillStyle = palette.text;
      context.strokeText(`${words} · H`, textX, edgeY);
      context.fillText(`${words} · H`, textX, edgeY);
    }
  }

  private colour(track: Track, palette: Palette): string {
    return palette.affiliation[track.affiliation] ?? palette.text;
  }
}

/** Of bearings of one sensor that are as good as the same, the newest. */
function newestCues(cues: readonly Cue[]): Cue[] {
  const kept: Cue[] = [];
  for (const cue of cues.toReversed()) {
    const same = (other: Cue): boolean => other.sensor === cue.sensor && Math.abs(other.azimuth_deg - cue.azimuth_deg) <= 2 * cue.sigma_deg;
    if (!kept.some(same)) kept.push(cue);
  }
  return kept;
}
