// The time strip: the last minutes with their alerts, to look back at without losing what is live.

import { setText } from "./dom.ts";
import { working } from "./chart.ts";
import type { History } from "./history.ts";
import type { Palette } from "./palette.ts";
import { GLYPHS } from "./alarms.ts";
import { duration, utc, utcBy } from "./units.ts";
import { seconds, type Alert } from "./views.ts";

const LEAST_SPAN_S = 120;
const EDGE_PX = 12;
const GAP_S = 30; // a longer time without a picture is marked

export class Strip {
  private readonly context: CanvasRenderingContext2D;

  constructor(
    private readonly slider: HTMLElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly label: HTMLElement,
    private readonly history: History,
    private readonly seek: (at_s: number) => void,
  ) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser has no canvas");
    this.context = context;
    const drag = (event: PointerEvent): void => {
      if (event.buttons & 1) this.seek(this.atPixel(event.offsetX));
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      drag(event);
    });
    canvas.addEventListener("pointermove", drag);
  }

  show(shownAt_s: number | null, shownTime_s: number, alerts: readonly Alert[], palette: Palette): void {
    const { context, canvas, history } = this;
    const factor = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * factor)) canvas.width = Math.round(width * factor);
    if (canvas.height !== Math.round(height * factor)) canvas.height = Math.round(height * factor);
    context.setTransform(factor, 0, 0, factor, 0, 0);
    context.clearRect(0, 0, width, height);
    this.drawCounts(height, palette);
    this.drawTicks(height, palette);
    this.drawOutages(height, palette);
    for (const alert of alerts) this.drawMark(alert, palette);
    this.drawCursor(shownAt_s ?? this.end_s, shownAt_s !== null, height, palette);
    const last = history.moments.at(-1);
    const back_s = shownAt_s === null || !last ? 0 : this.end_s - shownAt_s;
    const text = shownAt_s === null ? `now, ${utc(shownTime_s || 0)}` : `${utc(shownTime_s)}, ${duration(back_s)} before now`;
    setText(this.label, shownAt_s === null ? "now" : `−${duration(back_s)}`);
    this.slider.setAttribute("aria-valuemin", this.start_s.toFixed(0));
    this.slider.setAttribute("aria-valuemax", this.end_s.toFixed(0));
    this.slider.setAttribute("aria-valuenow", (shownAt_s ?? this.end_s).toFixed(0));
    this.slider.setAttribute("aria-valuetext", text);
  }

  private get start_s(): number {
    return Math.min(this.history.moments[0]?.at_s ?? 0, this.end_s - LEAST_SPAN_S);
  }

  private get end_s(): number {
    return this.history.moments.at(-1)?.at_s ?? 0;
  }

  private pixel(at_s: number): number {
    return EDGE_PX + ((at_s - this.start_s) / (this.end_s - this.start_s || 1)) * (this.canvas.clientWidth - 2 * EDGE_PX);
  }

  private atPixel(x: number): number {
    const share = (x - EDGE_PX) / (this.canvas.clientWidth - 2 * EDGE_PX);
    return this.start_s + Math.min(1, Math.max(0, share)) * (this.end_s - this.start_s);
  }

  private drawCounts(height: number, palette: Palette): void {
    const { context } = this;
    const most = Math.max(8, ...this.history.moments.map((moment) => moment.count));
    context.strokeStyle = palette.quiet;
    context.globalAlpha = 0.6;
    context.lineWidth = 1;
    context.beginPath();
    this.history.moments.forEach((moment, index) => {
      const y = height - 4 - (moment.count / most) * (height - 22);
      if (index) context.lineTo(this.pixel(moment.at_s), y);
      else context.moveTo(this.pixel(moment.at_s), y);
    });
    context.stroke();
    context.globalAlpha = 1;
  }

  private drawTicks(height: number, palette: Palette): void {
    const { context } = this;
    context.fillStyle = palette.quiet;
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "top";
    context.textAlign = "left";
    let next = -Infinity;
    let minute = NaN;
    let before_s = NaN;
    for (const moment of this.history.moments) {
      if (moment.time_s - before_s > GAP_S) this.drawGap(this.pixel(moment.at_s), height);
      before_s = moment.time_s;
      const now = Math.floor(moment.time_s / 60);
      const x = this.pixel(moment.at_s);
      if (now === minute) continue;
      minute = now;
      context.fillRect(x, height - 5, 1, 5);
      if (x < next || x > this.canvas.clientWidth - 50) continue;
      context.fillText(utcBy(moment.time_s, this.history.moments.at(-1)?.time_s ?? NaN), x + 3, height - 13);
      next = x + 90;
    }
  }

  /** Time that no picture stands for, drawn short: two strokes across. */
  private drawGap(x: number, height: number): void {
    for (const at of [x - 5, x - 2]) this.context.fillRect(at, 16, 1, height - 16);
  }

  private drawOutages(height: number, palette: Palette): void {
    const { context } = this;
    context.fillStyle = palette.blind;
    let before = NaN;
    for (const moment of this.history.moments) {
      const x = this.pixel(moment.at_s);
      if (moment.sensors.some((sensor) => !working(sensor))) context.fillRect(before || x, height - 3, Math.max(1, x - (before || x)) + 1, 3);
      before = x;
    }
  }

  private drawMark(alert: Alert, palette: Palette): void {
    const { context, history } = this;
    const raised_s = seconds(alert.raised);
    const moment = history.moments[history.find(raised_s)];
    if (!moment || Math.abs(moment.time_s - raised_s) > 5) return;
    const x = this.pixel(moment.at_s);
    context.fillStyle = alert.priority > 3 ? palette.critical : palette.alarm;
    context.font = "12px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "top";
    context.fillText(GLYPHS[alert.priority] ?? "", x, 1);
    context.fillRect(x - 0.5, 14, 1, 8);
  }

  private drawCursor(at_s: number, past: boolean, height: number, palette: Palette): void {
    const { context } = this;
    const x = this.pixel(at_s);
    context.fillStyle = palette.text;
    context.fillRect(x - 1, 0, 2, height);
    context.beginPath();
    context.moveTo(x - 6, 0);
    context.lineTo(x + 6, 0);
    context.lineTo(x, 8);
    context.fill();
    if (past) context.fillRect(this.pixel(this.end_s) - 1, height - 10, 2, 10);
  }
}
