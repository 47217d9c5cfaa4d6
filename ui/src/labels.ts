// Labels on the overlay: the most pressing first, each where it covers no other and no symbol; what finds no place stays
// unsaid.

import type { View } from "./geometry.ts";
import type { Scene } from "./overlay.ts";
import type { Palette } from "./palette.ts";
import type { Track } from "./tracks.ts";
import { duration, height as heightOf, speed } from "./units.ts";
import { seconds, type Ended } from "./views.ts";
import { kindWords, spoken } from "./words.ts";

const MOST = 60;
const LINE_PX = 14;
const EDGE_PX = 10; // the frame
const CREDIT_PX = [220, 24] as const; // the map's source, in the corner
const SYMBOL_PX = 13; // from its middle to its edge
const MOST_SYMBOLS = 300; // kept clear of labels; where there are more, nothing can be
const BANNER_PX = 620; // its width, as in page.css

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export class Labels {
  private taken: Box[] = [];
  private queue: (() => void)[] = [];
  private palette!: Palette;

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly view: View,
  ) {}

  /** The banner's place, down to `banner_px`, is taken. */
  begin(palette: Palette, banner_px: number): void {
    const { width, height } = this.view;
    const side = Math.max(EDGE_PX, (width - BANNER_PX) / 2);
    this.palette = palette;
    const [across, up] = CREDIT_PX;
    this.taken = [
      { left: side, top: 0, right: width - side, bottom: banner_px },
      { left: width - across, top: height - up, right: width, bottom: height },
    ];
    this.queue = [];
  }

  place(name: string, x: number, y: number, focused: boolean): void {
    this.queue.push(() => this.put([name], x, y, focused ? this.palette.asset : this.palette.quiet, "center", focused));
  }

  ring(text: string, x: number, y: number): void {
    this.queue.push(() => this.put([text], x, y - 2, this.palette.quiet, "center"));
  }

  scale(step_px: number, text: string): void {
    const { context, view, palette } = this;
    const y = view.height - 12;
    context.strokeStyle = palette.quiet;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(12, y - 5);
    context.lineTo(12, y);
    context.lineTo(12 + step_px, y);
    context.lineTo(12 + step_px, y - 5);
    context.stroke();
    this.write(text, 18, y - 10, palette.quiet, "left");
  }

  ended(ended: Ended, x: number, y: number, time_s: number): void {
    const ago = Math.max(0, time_s - seconds(ended.time));
    this.queue.push(() => this.put([`${ended.label} ${spoken(ended.outcome)} ${duration(ago)} ago`], x + 10, y, this.palette.quiet, "left"));
  }

  /** One label a track: selected and alarmed ones always, others while there is room. */
  tracks(tracks: readonly Track[], scene: Scene): void {
    for (const track of tracks.length <= MOST_SYMBOLS ? tracks : []) {
      const [x, y] = [this.view.px(track.x), this.view.py(track.y)];
      this.taken.push({ left: x - SYMBOL_PX, top: y - SYMBOL_PX, right: x + SYMBOL_PX, bottom: y + SYMBOL_PX });
    }
    const wanted = tracks
      .filter((track) => track.name === scene.selected || scene.marked.has(track.name) || scene.alarmed.has(track.label) || (scene.labels > 0 && track.confirmed))
      .sort((a, b) => this.weight(a, scene) - this.weight(b, scene))
      .slice(0, MOST);
    const first = wanted.map((track) => () => this.track(track, scene));
    this.queue.unshift(...first);
  }

  end(): void {
    for (const put of this.queue) put();
  }

  private weight(track: Track, scene: Scene): number {
    if (track.name === scene.selected) return -2;
    if (scene.alarmed.has(track.label)) return -1;
    return track.rank || 1e6;
  }

  private track(track: Track, scene: Scene): void {
    const pressing = scene.alarmed.has(track.label) || track.name === scene.selected;
    const left_s = scene.left.get(track.uid) ?? Infinity;
    const left = left_s === Infinity ? "" : scene.falls.has(track.uid) ? `  down in ${duration(left_s)}` : left_s === 0 ? "  inside" : `  ${duration(left_s)}`;
    const title = track.label + left;
    const lines = [title.trim() || "not confirmed"];
    if (pressing || scene.labels > 1 || track.kind) lines.push(kindWords(track.kind, track.certainty));
    if (pressing || scene.labels > 1) lines.push(`${heightOf(track.height_m)}  ${speed(track.speed_mps)}`);
    if (track.coasting) lines.push(`not seen for ${duration(track.since_detection_s)}`);
    const colour = track.stale ? this.palette.quiet : this.palette.text;
    const x = this.view.px(track.x);
    const y = this.view.py(track.y);
    const above = y - 10 - (lines.length - 1) * LINE_PX;
    const tries: [number, number, CanvasTextAlign][] = [[x + 25, y - 8, "left"], [x - 25, y - 8, "right"], [x + 14, y + 28, "left"], [x + 14, above - 18, "left"]];
    if (pressing) tries.push([x - 14, y + 28, "right"], [x - 14, above - 18, "right"], [x + 25, y + 40, "left"], [x + 25, above - 40, "left"]);
    for (const [tx, ty, align] of tries) if (this.put(lines, tx, ty, colour, align, pressing)) return;
    if (pressing) this.put(lines, x + 25, y - 8, colour, "left", true, true);
  }

  private put(lines: string[], x: number, y: number, colour: string, align: CanvasTextAlign, bold = false, anyway = false): boolean {
    this.context.font = font(bold);
    const width = Math.max(...lines.map((line) => this.context.measureText(line).width));
    const left = align === "center" ? x - width / 2 : align === "right" ? x - width : x;
    const box = { left: left - 2, top: y - LINE_PX / 2, right: left + width + 2, bottom: y + (lines.length - 0.5) * LINE_PX };
    const outside = align !== "center" && (box.left < EDGE_PX || box.right > this.view.width - EDGE_PX || box.bottom > this.view.height - EDGE_PX);
    if (!anyway && (outside || this.taken.some((other) => overlap(box, other)))) return false;
    this.taken.push(box);
    lines.forEach((line, at) => this.write(line, x, y + at * LINE_PX, colour, align, bold && at === 0));
    return true;
  }

  private write(text: string, x: number, y: number, colour: string, align: CanvasTextAlign, bold = false): void {
    const context = this.context;
    context.font = font(bold);
    context.textAlign = align;
    context.textBaseline = "middle";
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeStyle = this.palette.halo;
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }
}

function font(bold: boolean): string {
  return `${bold ? "bold " : ""}12px system-ui, sans-serif`;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
