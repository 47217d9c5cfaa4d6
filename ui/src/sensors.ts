// The sensor strip: how each sensor does, and what it cannot see now.

import { make, Rows, setData, setText, type Row } from "./dom.ts";
import { working } from "./chart.ts";
import { bearing, utc } from "./units.ts";
import { seconds, type Sensor } from "./views.ts";

const MARKS: Record<string, string> = { ok: "●", unknown: "○", degraded: "◐", fault: "✕", silent: "✕", off: "–" };

/** "blind 200°–212°", "BLIND everywhere", or nothing. */
export function blindWords(sensor: Sensor): string {
  if (!working(sensor)) return "blind";
  const sectors = sensor.blind_deg.map(([from, to]) => `${bearing(from)}–${bearing(to)}`);
  return sectors.length ? `blind ${sectors.join(", ")}` : "";
}

export class SensorStrip {
  private readonly rows: Rows<Sensor>;

  constructor(list: HTMLElement) {
    this.rows = new Rows(list, (sensor) => sensor.name, () => create());
  }

  show(sensors: readonly Sensor[]): void {
    this.rows.set([...sensors].sort((a, b) => Number(working(a)) - Number(working(b))));
  }
}

function create(): Row<Sensor> {
  const mark = make("span", "mark");
  const name = make("strong");
  const state = make("span", "sub");
  const element = make("li", "sensor", mark, name, state);
  const update = (sensor: Sensor): void => {
    setData(element, "health", sensor.health);
    setText(mark, MARKS[sensor.health] ?? "?");
    setText(name, sensor.name);
    const word = sensor.health === "ok" ? "" : sensor.health === "unknown" ? "not heard yet" : sensor.health.toUpperCase();
    const since = !working(sensor) && sensor.since ? `since ${utc(seconds(sensor.since))}` : "";
    setText(state, [word, since, blindWords(sensor)].filter(Boolean).join(", "));
    element.title = sensor.reason;
  };
  return { element, update };
}
