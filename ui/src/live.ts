// Live: the newest of everything the line told.

import type { Report } from "./report.ts";
import { TrackTable } from "./tracks.ts";
import type { Alert, Cue, Ended, Sensor, Site, Statement, Threat } from "./views.ts";
import { json, KIND, type Frame } from "./wire.ts";

type News = Partial<Record<"site" | "tracks" | "threats" | "alerts" | "sensors" | "cues" | "ended" | "statements" | "report", true>>;

export class Live {
  readonly table = new TrackTable();
  batch: Uint8Array | null = null;
  batch_ms = 0; // when the newest tracks came, on the page's own clock
  site: Site | null = null;
  threats: Threat[] = [];
  alerts: Alert[] = [];
  sensors: Sensor[] = [];
  cues: Cue[] = [];
  ended: Ended[] = [];
  statements: Statement[] = [];
  report: Report | null = null;
  news: News = {}; // what came since it was last emptied

  take(frame: Frame): void {
    switch (frame.kind) {
      case KIND.tracks:
        this.batch = frame.payload;
        this.batch_ms = performance.now();
        this.table.apply(frame.payload);
        this.news.tracks = true;
        break;
      case KIND.site:
        this.site = json(frame);
        this.news.site = true;
        break;
      case KIND.threats:
        this.threats = json(frame);
        this.news.threats = true;
        break;
      case KIND.alerts:
        this.alerts = json(frame);
        this.news.alerts = true;
        break;
      case KIND.sensors:
        this.sensors = json(frame);
        this.news.sensors = true;
        break;
      case KIND.cues:
        this.cues = json(frame);
        this.news.cues = true;
        break;
      case KIND.ended:
        this.ended = json(frame);
        this.news.ended = true;
        break;
      case KIND.statements:
        this.statements = json(frame);
        this.news.statements = true;
        break;
      case KIND.report:
        this.report = json(frame);
        this.news.report = true;
        break;
      default: // a beat, or a kind of a newer line: what we know of it is that the line lives
        break;
    }
  }
}
