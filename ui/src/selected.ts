// The selected track: what we think it is and why, who sees it, how old that is, and what it may be instead; and of each
// alarm about it what raised it, also when the track is gone.

import { falling, timeLeft, what, where } from "./alarms.ts";
import { working } from "./chart.ts";
import { button, byId, make, setText } from "./dom.ts";
import type { Live } from "./live.ts";
import { sprite } from "./symbols.ts";
import { copy, heightWords, timeWords, whereWords } from "./threats.ts";
import type { Track } from "./tracks.ts";
import { age, bearing, distance, duration, place, spread, speed, utc } from "./units.ts";
import { seconds, type Alert, type TrackDetail } from "./views.ts";
import { AFFILIATIONS, certaintyWord, kindWords, spoken } from "./words.ts";

const OURS = "tocsin"; // the author of what nobody declared
const DECLARABLE = ["unknown", "assumed-friend", "friend", "neutral", "suspect", "hostile"];

interface Shown {
  track: Track | undefined;
  name: string;
  detail: TrackDetail | null;
  live: Live;
  alerts: readonly Alert[]; // at the moment shown
  mono: string;
  past: boolean;
  may: boolean; // declare
}

export class SelectedPanel {
  private readonly title = byId("selected-title");
  private readonly body = byId("selected-body");
  private readonly form = byId<HTMLFormElement>("declare");
  private readonly value = byId<HTMLSelectElement>("declare-value");
  private readonly reason = byId<HTMLInputElement>("declare-reason");
  private shownKey = "";
  private shownName = "";
  private uid = "";
  private wanted = false; // the alarms, in view

  /** `look` shows the moment of that time. */
  constructor(
    declare: (uid: string, value: string, reason: string) => void,
    deselect: () => void,
    private readonly look: (time_s: number) => void,
  ) {
    this.value.append(...DECLARABLE.map((word) => new Option(spoken(word), word)));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.uid && this.reason.value.trim()) declare(this.uid, this.value.value, this.reason.value.trim());
      this.reason.value = "";
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur(); // the keys are the screen's again
    });
    byId("selected-head").append(button("✕", "Deselect (C or Esc)", deselect, "close"));
  }

  /** Open the declaration, as the key does. */
  focusDeclaration(): void {
    if (!this.form.hidden) this.value.focus();
  }

  /** Bring the alarms about the track into view, once they are there. */
  showAlarms(): void {
    this.wanted = true;
  }

  show({ track, name, detail, live, alerts, mono, past, may }: Shown): void {
    const fresh = detail && track && detail.track.uid === track.uid && !past ? detail : null;
    this.form.hidden = !fresh || !may;
    const alarms = name ? alerts.filter((alert) => alert.track_label === name || (track && alert.parents.includes(track.uid))) : [];
    const told = alarms.map((alert) => `${alert.id}${alert.state}${alert.changed}`).join();
    if (!track) {
      this.uid = "";
      const hint = past && name ? "It was not tracked at the moment shown." : name ? "Nothing says that it has gone: lost is not destroyed. Its last place is marked on the map for a minute. C closes this." : "Select one on the map, in the list, or with the keys 1 to 9.";
      const gone = past ? `${name} at the moment shown` : `${name} is no longer tracked`;
      this.render(name, `none${name}${told}${past}`, name ? gone : "No track selected", true, () => [make("p", "hint", hint), ...this.alarms(alarms, past)]);
      return;
    }
    this.uid = track.uid;
    const key = `${past}/${track.uid}/${track.since_detection_s}/${track.latitude_deg}/${fresh?.time ?? ""}/${mono}/${told}`;
    this.render(name, key, `${track.label || "not confirmed"} · ${kindWords(track.kind, track.certainty)}`, Boolean(fresh) || past, () => [
      ...this.parts(track, fresh, live, mono, past ? undefined : falling(live.alerts).get(track.uid), past ? "At the moment shown" : "Now"),
      ...this.alarms(alarms, past),
    ]);
  }

  /** What raised each alarm, in the rule's own words, and the way to that moment. */
  private alarms(alarms: readonly Alert[], past: boolean): Node[] {
    if (!alarms.length) return [];
    const list = make("ul", "evidence");
    for (const alert of alarms) {
      const raised_s = seconds(alert.raised);
      const jump = button(utc(raised_s), "Show the moment it was raised", () => this.look(raised_s));
      const state = `${alert.state}${alert.acknowledged_by ? ` by ${alert.acknowledged_by}` : ""}`;
      list.append(make("li", "", make("strong", "", `${alert.rule} → ${alert.place}`), make("span", "sub", state), make("span", "", `${what(alert)} Raised `, jump), make("span", "sub", alert.reason)));
    }
    return [make("h3", "alarms", past ? "Alarms about it, as they stood then" : "Alarms about it, and what raised them"), list];
  }

  private render(name: string, key: string, title: string, whole: boolean, parts: () => Node[]): void {
    setText(this.title, title);
    if (this.shownKey !== key) {
      this.shownKey = key;
      this.body.replaceChildren(...parts());
    }
    if (this.shownName !== name) {
      this.shownName = name;
      this.body.scrollTop = 0; // what somebody read of another track is not where this one begins
    }
    if (!this.wanted) return;
    this.body.querySelector("h3.alarms")?.scrollIntoView({ block: "start" });
    this.wanted = !whole; // what is still to come would push them down again
  }

  private parts(track: Track, detail: TrackDetail | null, live: Live, mono: string, falls: Alert | undefined, when: string): Node[] {
    const head = make("div", "identity", copy(sprite(track.affiliation, track.kind, track.coasting, mono).image));
    const by = detail?.track.affiliation_by;
    const why = detail?.decision ? `: ${detail.decision}` : "";
    const whose = `${AFFILIATIONS[track.affiliation] ?? ""}${by && by !== OURS ? `, declared by ${by}` : ""}${why}`;
    head.append(make("div", "", make("strong", "", whose), make("span", "sub", status(track))));
    const parts: Node[] = [head];
    if (detail?.found_again) parts.push(make("p", "sub", `${detail.track.label} was ${detail.found_again}.`));
    if (detail) parts.push(...this.threats(track, live, falls), ...this.why(detail), ...claims(detail), ...this.sources(detail, live));
    parts.push(facts(when, [
      ["seen", `${age(track.since_detection_s)} ago`],
      ["height", heightWords(track, " above the site")],
      ["speed", `${speed(track.speed_mps)}${track.speed_mps >= 1 ? ` towards ${bearing(track.course_deg)}` : ""}`],
      ["climb", speed(track.up_mps)],
      ["place", `${place(track.latitude_deg, track.longitude_deg)}, within ${distance(track.ellipse_major_m)}`],
      ...(detail ? [["first seen", `${utc(seconds(detail.track.born))}, ${duration(seconds(detail.time) - seconds(detail.track.born))} ago`] as [string, string]] : []),
    ]));
    return parts;
  }

  private threats(track: Track, live: Live, falls: Alert | undefined): Node[] {
    const { site } = live;
    const down = falls && timeLeft(falls, live.table.time_s);
    if (falls && down) {
      const when = down[2] === 0 ? "now" : `in ${duration(down[1] ?? 0)}${spread(down[0], down[2])}`;
      return [make("p", "lead", make("strong", "", `falls, and may hit ${falls.place} ${when}`), make("span", "sub", where(falls)))];
    }
    const nearest = live.threats.filter((threat) => threat.uid === track.uid && threat.entry_probability >= 0.05).slice(0, 3);
    if (!nearest.length) return [make("p", "lead", "Not expected at any protected place.")];
    return nearest.map((threat) => {
      const inside = threat.inside_probability >= 0.5;
      const likely = inside ? "now in" : threat.entry_probability >= 0.7 ? "probable entry of" : threat.entry_probability >= 0.3 ? "possible entry of" : "unlikely to enter";
      const when = inside || threat.entry_s[1] === null ? "" : ` in ${timeWords(threat)}${spread(threat.entry_s[0], threat.entry_s[2])}`;
      return make("p", "lead", make("strong", "", `${likely} ${threat.place}${when}`), make("span", "sub", whereWords(track, threat.place, site)));
    });
  }

  private why(detail: TrackDetail): Node[] {
    const others = Object.entries(detail.track.class_probability)
      .filter(([, share]) => share >= 0.02)
      .sort((a, b) => b[1] - a[1]);
    const list = make("ul", "classes");
    for (const [name, share] of others.slice(0, 5)) {
      const meter = make("meter");
      meter.value = share;
      meter.setAttribute("aria-label", `${spoken(name)}: ${certaintyWord(share)}`);
      list.append(make("li", "", make("span", "", name === "unknown" ? "something else" : spoken(name)), meter, make("span", "sub", certaintyWord(share))));
    }
    return [make("h3", "", "Why we think so"), make("p", "why", detail.track.reason || "no evidence yet"), make("h3", "", "What it could be"), list];
  }

  private sources(detail: TrackDetail, live: Live): Node[] {
    const down = new Set(live.sensors.filter((sensor) => !working(sensor)).map((sensor) => sensor.name));
    const names = detail.track.sensors.map((name) => (down.has(name) ? `${name} (not working now)` : name)).join(", ") || "none";
    const sure = certaintyWord(detail.track.existence_probability);
    return [facts("Seen by", [["sensors", names], ["a real target", sure]])];
  }
}

/** What is said by radio of the track, each with the verdict on it and what that rests on. */
function claims(detail: TrackDetail): Node[] {
  if (!detail.claims.length) return [];
  const list = make("ul", "evidence");
  for (const claim of detail.claims) {
    const who = [claim.callsign, claim.operator && `operator ${claim.operator}`].filter(Boolean).join(", ");
    const head = `${claim.means} ${claim.identifier}${who ? ` (${who})` : ""}: ${claim.verdict}`;
    const item = make("li", "", make("strong", "", head), make("span", "sub", `heard by ${claim.sensor}; ${claim.verdict} since ${utc(seconds(claim.since))}`));
    item.append(...claim.reasons.map((reason) => make("span", "", reason)));
    if (claim.expected) item.append(make("span", "", `expected as ${claim.expected}${claim.conforms === false ? ", and does not keep to it" : ""}`));
    list.append(item);
  }
  return [make("h3", "", "What it says of itself"), list];
}

function status(track: Track): string {
  if (track.coasting) return `coasting: not seen for ${age(track.since_detection_s)}`;
  return track.confirmed ? "tracked" : "not confirmed yet";
}

function facts(title: string, rows: [string, string][]): HTMLElement {
  const list = make("dl");
  for (const [name, value] of rows) list.append(make("dt", "", name), make("dd", "", value));
  return make("section", "facts", make("h3", "", title), list);
}
