// History: the moments of the last minutes, one a second, kept in the page and fetched once by a page that comes late.

import { TrackTable } from "./tracks.ts";
import type { Alert, Cue, Sensor, Threat } from "./views.ts";
import { json, KIND, type Frame } from "./wire.ts";

const MOST = 1200;
const MOST_BYTES = 64_000_000;
const TAIL_MOMENTS = 90;
const GAP_S = 5; // a longer gap (a clock that was set) is drawn this wide

export interface Moment {
  time_s: number;
  at_s: number; // on the strip: seconds since its start, gaps drawn short
  batch: Uint8Array;
  count: number;
  threats: Threat[];
  sensors: Sensor[];
  cues: Cue[];
  alerts: readonly Alert[];
}

export class History {
  moments: Moment[] = [];
  private bytes = 0;

  add(batch: Uint8Array, threats: Threat[], sensors: Sensor[], cues: Cue[], alerts: readonly Alert[]): void {
    const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
    const time_s = view.getFloat64(0, true);
    const last = this.moments.at(-1);
    if (last && Math.abs(time_s - last.time_s) < 0.95) return;
    const passed_s = last ? time_s - last.time_s : 0;
    const at_s = (last?.at_s ?? 0) + (passed_s < 0 ? GAP_S : Math.min(GAP_S, passed_s));
    this.moments.push({ time_s, at_s, batch, count: view.getUint32(16, true), threats, sensors, cues, alerts });
    this.bytes += batch.length;
    while (this.moments.length > MOST || this.bytes > MOST_BYTES) this.bytes -= this.moments.shift()?.batch.length ?? 0;
  }

  /** Take over what the line kept before this page came. */
  fill(frames: Frame[]): void {
    this.moments = [];
    this.bytes = 0;
    let threats: Threat[] = [];
    let sensors: Sensor[] = [];
    let cues: Cue[] = [];
    let alerts: Alert[] = [];
    for (const frame of frames) {
      if (frame.kind === KIND.sensors) sensors = json<Sensor[]>(frame);
      else if (frame.kind === KIND.threats) threats = json<Threat[]>(frame);
      else if (frame.kind === KIND.cues) cues = json<Cue[]>(frame);
      else if (frame.kind === KIND.alerts) alerts = json<Alert[]>(frame);
      else if (frame.kind === KIND.tracks) this.add(frame.payload, threats, sensors, cues, alerts);
    }
  }

  /** The moment nearest to a time. */
  find(time_s: number): number {
    let best = -1;
    let nearest = Infinity;
    this.moments.forEach((moment, index) => {
      const away = Math.abs(moment.time_s - time_s);
      if (away <= nearest) [nearest, best] = [away, index];
    });
    return best;
  }

  /** The last moment at or before a place on the strip. */
  findAt(at_s: number): number {
    let index = this.moments.length - 1;
    while (index > 0 && (this.moments[index]?.at_s ?? 0) > at_s) index -= 1;
    return index;
  }

  /** The tracks of a moment, with their tails. */
  table(index: number): TrackTable {
    const table = new TrackTable();
    for (const moment of this.moments.slice(Math.max(0, index - TAIL_MOMENTS), index + 1)) table.apply(moment.batch);
    return table;
  }
}
