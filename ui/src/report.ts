// The last page of a story: its figures in words, each with what it means and beside the rules that need no tracker.

import { make } from "./dom.ts";
import { distance, duration } from "./units.ts";

type Figures = Record<string, unknown>;

export interface Report {
  title?: string;
  text?: string;
  evaluation?: Figures;
  /** Where the incident record stands, an address of this server. */
  record?: string;
}

type Show = (value: number, evaluation: Figures) => string;

interface Line {
  name: string;
  key: string;
  show: Show;
  means: string;
  drones?: true; // makes no sense for what falls
  baseline?: (evaluation: Figures) => string;
  opens?: (evaluation: Figures) => string[]; // what the figure is made of
}

const share = (value: number): string => `${Math.round(100 * value)} %`;
const count = (value: number): string => String(Math.round(value));
// Counted by the time that was judged: a story of some minutes gives no rate of an hour.
const counted: Show = (value, evaluation) => {
  const judged_s = Number(evaluation["judged_s"]);
  return `${Math.round((value * judged_s) / 3600)} in ${duration(judged_s)}`;
};

const LINES: Line[] = [
  {
    name: "Least warning time",
    key: "warning_time_min_s",
    show: duration,
    means: "From the first standing alert to the moment {one} entered a protected place; the shortest of all entries, 0 if one came unannounced.",
    opens: (evaluation) => rows(evaluation, "entries").map((one) => `${text(one, "target")} into ${text(one, "asset")}: ${say(one, "warning_s", duration)}`),
    baseline: (evaluation) => beside(evaluation, "baselines.always_warn.warning_time_min_s", duration, "if one warned from the start"),
  },
  {
    name: "First alert",
    key: "first_alert_s",
    show: duration,
    means: "After the first second judged.",
  },
  {
    name: "Missed approaches",
    key: "missed",
    show: count,
    means: "Entries that no alert stood for.",
    baseline: (evaluation) => (rows(evaluation, "entries").length ? `${rows(evaluation, "entries").length} if nobody were told` : ""),
  },
  {
    name: "Flight without a track",
    key: "coverage_50m",
    show: (value) => share(1 - value),
    means: "Share of the time that {many} were in the air with no track within 50 m.",
    opens: (evaluation) => rows(evaluation, "targets").map((one) => `${text(one, "target")}: followed for ${say(one, "coverage_50m", share)} of ${say(one, "flying_s", duration)} by ${list(one, "tracks")}`),
    baseline: (evaluation) => {
      const raw = beside(evaluation, "baselines.raw.coverage_50m", (value) => share(1 - value));
      const unseen = beside(evaluation, "unseen_50m", share, "seen by no sensor");
      return [raw, unseen].filter(Boolean).join("; ");
    },
  },
  {
    name: "False alerts",
    drones: true,
    key: "false_alerts_per_h",
    show: counted,
    means: "Alerts about a track that never was one of the drones, while any of them was in the air.",
  },
  {
    name: "Alerts for another place",
    key: "misplaced_alerts",
    show: count,
    means: "Alerts about {one}, for a protected place that it did not enter.",
    baseline: (evaluation) => beside(evaluation, "misplaced_alerts_most", count, "if everything were alerted for everywhere"),
  },
  {
    name: "Tracks that were no drone",
    drones: true,
    key: "false_tracks_per_h",
    show: counted,
    means: "Other traffic, birds and clutter that stood on the map; not an error as long as it raised no alert.",
  },
  {
    name: "Switches",
    key: "id_switches",
    show: count,
    means: "How often the track of {one} changed its number.",
  },
  {
    name: "Breaks",
    key: "track_breaks",
    show: count,
    means: "How often the track of {one} was lost and found again.",
    baseline: (evaluation) => beside(evaluation, "baselines.raw.track_breaks", count),
  },
  {
    name: "Error, median",
    key: "error_median_m",
    show: distance,
    means: "Between a track and {one} it follows, on the ground.",
    baseline: (evaluation) => beside(evaluation, "baselines.raw.error_median_m", distance),
  },
];

/** The whole page, as elements. */
export function reportParts(report: Report): Node[] {
  const evaluation = judged(report.evaluation ?? {});
  const parts: Node[] = [];
  if (report.text) parts.push(make("p", "", report.text));
  if (report.record) {
    const link = make("a", "", "The incident record: what was seen, beside what people said");
    link.href = report.record;
    link.target = "_blank";
    link.rel = "noopener";
    parts.push(make("p", "", link));
  }
  parts.push(table("The approaching drones", evaluation, ["a drone", "drones"]));
  const falling = evaluation["falling"];
  if (falling && typeof falling === "object") parts.push(table("The salvo", judged(falling as Figures), ["a falling object", "falling objects"]));
  parts.push(make("p", "sub", "A dash means that the figure does not exist in this run. What each figure means exactly stands in docs/explanation/metrics.md."));
  return parts;
}

function table(title: string, evaluation: Figures, nouns: [string, string]): HTMLElement {
  const body = make("tbody");
  for (const line of LINES.filter((one) => !one.drones || nouns[1] === "drones")) {
    const name = make("th", "", line.name);
    name.scope = "row";
    const value = make("td", "value", figure(evaluation, line.key, line.show));
    const beside = line.baseline?.(evaluation) ?? "";
    body.append(make("tr", "", name, value, make("td", "baseline", beside), means(line, evaluation, nouns)));
  }
  const head = make("tr", "", ...["Figure", "Here", "To compare", "What it means"].map((text) => {
    const cell = make("th", "", text);
    cell.scope = "col";
    return cell;
  }));
  return make("table", "report", make("caption", "", title), make("thead", "", head), body);
}

/** With the number of entries that came unannounced, where entries were judged. */
function judged(evaluation: Figures): Figures {
  const entries = rows(evaluation, "entries");
  return entries.length ? { ...evaluation, missed: entries.filter((one) => !(Number(one["warning_s"]) > 0)).length } : evaluation;
}

/** What a figure means, and a way to what it is made of. */
function means(line: Line, evaluation: Figures, [one, many]: [string, string]): HTMLElement {
  const words = line.means.replace("{one}", one).replace("{many}", many);
  const parts = line.opens?.(evaluation) ?? [];
  if (!parts.length) return make("td", "means", words);
  const made = make("details", "", make("summary", "", words), make("ul", "", ...parts.map((part) => make("li", "", part))));
  return make("td", "means", made);
}

function rows(evaluation: Figures, key: string): Figures[] {
  const found = evaluation[key];
  return Array.isArray(found) ? (found as Figures[]) : [];
}

function text(row: Figures, key: string): string {
  return String(row[key] ?? "");
}

function list(row: Figures, key: string): string {
  const found = row[key];
  return Array.isArray(found) && found.length ? found.map((number) => `T${String(number)}`).join(", ") : "no track";
}

function say(row: Figures, key: string, show: Show): string {
  return figure(row, key, show);
}

function beside(evaluation: Figures, path: string, show: Show, how = "with raw reports"): string {
  const text = figure(evaluation, path, show);
  return text === "–" ? "" : `${text} ${how}`;
}

/** A figure by its dotted path as text, "–" where there is none. */
export function figure(evaluation: Figures, path: string, show: Show): string {
  const found = path.split(".").reduce<unknown>((at, key) => (at && typeof at === "object" ? (at as Figures)[key] : undefined), evaluation);
  return typeof found === "number" && Number.isFinite(found) ? show(found, evaluation) : "–";
}
