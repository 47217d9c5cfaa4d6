// The past: which moment of the history is looked at, if any, and how it runs on; what is live goes on beside it.

import type { History, Moment } from "./history.ts";
import type { TrackTable } from "./tracks.ts";

export class Past {
  private index = -1;
  private table_: TrackTable | null = null;
  private at = 0;

  /** `onMove` learns of each moment shown (UTC seconds), null for the present. */
  constructor(
    private readonly history: History,
    private readonly onMove: (time_s: number | null) => void,
  ) {}

  /** The tracks of the moment looked at, null while the present is. */
  get table(): TrackTable | null {
    return this.table_;
  }

  get moment(): Moment | undefined {
    return this.table_ ? this.history.moments[this.index] : undefined;
  }

  /** Its place on the strip, null for the present. */
  get at_s(): number | null {
    return this.table_ ? this.at : null;
  }

  /** Show the moment nearest to a time (UTC seconds). */
  seek(time_s: number): void {
    this.show(this.history.find(time_s));
  }

  seekAt(at_s: number): void {
    const index = this.history.findAt(at_s);
    if (index >= this.history.moments.length - 1) this.leave();
    else this.show(index);
  }

  /** Seconds to and fro from the moment shown. */
  step(by_s: number): void {
    const first = this.history.moments[0];
    const last = this.history.moments.at(-1);
    if (first && last) this.seekAt(Math.max(first.at_s, (this.at_s ?? last.at_s) + by_s));
  }

  /** So many seconds before the present. */
  back(by_s: number): void {
    this.leave();
    this.step(-by_s);
  }

  /** Let time pass; the present is where it ends. */
  run(by_s: number): void {
    if (!this.table_) return;
    const at_s = this.at + by_s;
    const index = this.history.findAt(at_s);
    if (index >= this.history.moments.length - 1) return this.leave();
    for (let each = this.index + 1; each <= index; each++) this.show(each);
    this.at = at_s;
  }

  leave(): void {
    this.table_ = null;
    this.onMove(null);
  }

  private show(index: number): void {
    const moment = this.history.moments[index];
    if (!moment) return;
    if (this.table_ && index === this.index + 1) this.table_.apply(moment.batch);
    else this.table_ = this.history.table(index);
    this.index = index;
    this.at = moment.at_s;
    this.onMove(moment.time_s);
  }
}
