// Timings: how long the page's own work took, the last few thousand of each kind, in milliseconds.

const MOST = 4000;

export class Timings {
  readonly all: Record<string, number[]> = {};

  note(kind: string, took_ms: number): void {
    const list = (this.all[kind] ??= []);
    list.push(took_ms);
    if (list.length > MOST) list.shift();
  }
}
