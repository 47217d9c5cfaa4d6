// The threat list: tracks that may come to a protected place, in an order that holds still: those with an alarm first,
// then drones and what nobody knows, then the rest, each soonest first. What has no alarm takes less room.

import { falling, isOver, listed, timeLeft, toPlace } from "./alarms.ts";
import { make, Rows, setData, setText, type Row } from "./dom.ts";
import { polar } from "./geometry.ts";
import type { Live } from "./live.ts";
import { sprite } from "./symbols.ts";
import type { Track, TrackTable } from "./tracks.ts";
import { bearing, distance, duration, height, spread, speed } from "./units.ts";
import type { Alert, Interval, Site, Threat } from "./views.ts";
import { AFFILIATIONS, KINDS, kindWords, RESOLVED, SOME_DRONE } from "./words.ts";

const LIKELY_ENOUGH = 0.3; // "possible", as the line's own words have it
export const MOST = 9; // one a key

export interface Pressing {
  track: Track;
  threat: Threat;
  falls?: Alert; // the alarm that says when and where it comes down
}

/**
 * Of each track its most pressing place, in the line's order; only what may possibly enter. What falls comes to where its
 * alarm says, and then.
 */
export function pressing(threats: readonly Threat[], table: TrackTable, alerts: readonly Alert[] = []): Pressing[] {
  const falls = falling(alerts);
  const byUid = new Map(table.tracks.map((track) => [track.uid, track]));
  const found = new Map<string, Pressing>();
  for (const threat of threats) {
    const track = byUid.get(threat.uid);
    if (!track?.confirmed || threat.entry_probability < LIKELY_ENOUGH) continue;
    const known = found.get(threat.uid);
    if (!known || sooner(threat.entry_s, known.threat.entry_s)) found.set(threat.uid, { track, threat });
  }
  return [...found.values()].map((item) => {
    const alert = falls.get(item.track.uid);
    const left = alert && timeLeft(alert, table.time_s);
    return alert && left ? { ...item, falls: alert, threat: { ...item.threat, place: alert.place, inside_probability: 0, entry_s: left } } : item;
  });
}

/** Whether somebody has to know what it is: a drone, or nobody knows. */
export function isOpen({ track }: Pressing): boolean {
  if (RESOLVED.has(track.affiliation)) return false;
  return track.kind <= 2 || track.kind === SOME_DRONE || track.certainty === 0;
}

/**
 * The seconds left until each track that presses is where it is going, 0 for one that is there; and, by `toPlace`, until
 * it is at each of the other places it may come to.
 */
export function leftOf(items: readonly Pressing[], threats: readonly Threat[] = []): Map<string, number> {
  const left = (threat: Threat): number => (threat.inside_probability >= 0.5 ? 0 : (threat.entry_s[1] ?? Infinity));
  const found = new Map(items.map(({ track, threat }) => [track.uid, left(threat)]));
  for (const { track, falls } of items) if (falls) found.set(toPlace(track.uid, falls.place), found.get(track.uid) ?? Infinity);
  for (const threat of threats) {
    const key = toPlace(threat.uid, threat.place);
    if (!found.has(key)) found.set(key, left(threat));
  }
  return found;
}

/** What an alarm speaks of: the soonest of its tracks, on its way to the alarm's own place and no other. */
export function meant(alert: Alert, items: readonly Pressing[], threats: readonly Threat[]): Pressing | undefined {
  let found: Pressing | undefined;
  for (const item of items.filter(({ track }) => alert.parents.includes(track.uid))) {
    const threat = item.falls ? item.threat : threats.find(({ uid, place }) => uid === item.track.uid && place === alert.place);
    if (threat && (!found || sooner(threat.entry_s, found.threat.entry_s))) found = { ...item, threat };
  }
  return found;
}

/** Its height above the site, with `datum` behind the figure; what falls is never said to be below it. */
export function heightWords(track: Pick<Track, "height_m" | "kind">, datum = ""): string {
  if (track.height_m === null) return "height not known";
  return KINDS[track.kind] === "falling object" && track.height_m < 0 ? "at the ground" : `${height(track.height_m)}${datum}`;
}

/** "from Mulga base 123°, 5.0 km, 200 m, inbound 52 m/s". */
export function whereWords(track: Track, place: string, site: Site | null, named = true): string {
  const asset = site?.assets.find((one) => one.name === place) ?? centre(site, place);
  const up = heightWords(track);
  if (!asset) return `${up}, ${speed(track.speed_mps)}`;
  const { range_m, bearing_deg } = polar(asset.latitude_deg, asset.longitude_deg, track.latitude_deg, track.longitude_deg);
  const away = (bearing_deg * Math.PI) / 180;
  const closing = -(track.east_mps * Math.sin(away) + track.north_mps * Math.cos(away));
  const way = track.speed_mps < 1 ? "hovering" : `${Math.abs(closing) < 0.5 * track.speed_mps ? "crossing" : closing > 0 ? "inbound" : "outbound"} ${speed(track.speed_mps)}`;
  return `${named ? `from ${place} ` : ""}${bearing(bearing_deg)}, ${distance(range_m)}, ${up}, ${way}`;
}

/** "55 s", "now inside" or, where it is not likely, what is. */
export function timeWords(threat: Threat): string {
  if (threat.inside_probability >= 0.5) return "inside";
  return threat.entry_s[1] === null ? "may enter" : duration(threat.entry_s[1]);
}

export class ThreatList {
  private readonly rows: Rows<Pressing>;
  private site: Site | null = null;
  private alarmed: ReadonlySet<string> = new Set();
  private selected = "";
  private mono = "";

  constructor(
    private readonly list: HTMLElement,
    private readonly none: HTMLElement,
    private readonly select: (name: string) => void,
  ) {
    this.rows = new Rows(list, (item) => item.track.uid, () => this.create());
  }

  show(items: readonly Pressing[], live: Live, alerts: readonly Alert[], selected: string, mono: string): void {
    this.site = live.site;
    this.selected = selected;
    this.mono = mono;
    this.alarmed = new Set(listed(alerts).filter((alert) => !isOver(alert)).flatMap((alert) => alert.parents));
    const isAlarmed = ({ track }: Pressing): boolean => this.alarmed.has(track.uid);
    const rank = (item: Pressing): number => (isAlarmed(item) ? 0 : isOpen(item) ? 1 : 2);
    this.rows.set([...items].sort((a, b) => rank(a) - rank(b)).slice(0, MOST));
    const below = this.below();
    const more = Math.max(0, items.length - MOST) + below;
    setData(this.list, "more", below ? "1" : "");
    this.none.hidden = items.length > 0 && more === 0;
    const nothing = live.batch ? "Nothing that is tracked is expected to come to a protected place." : "No picture yet.";
    setText(this.none, items.length ? `and ${more} more` : nothing);
    this.number();
  }

  /** How many lines the list has no room for; they are reached by scrolling, by Tab and by their number. */
  private below(): number {
    const end = this.list.getBoundingClientRect().bottom;
    return [...this.list.children].filter((line) => line.getBoundingClientRect().bottom > end + 2).length;
  }

  /** The uid on line `place`, from 1. */
  at(place: number): string | undefined {
    return this.rows.order()[place - 1];
  }

  private create(): Row<Pressing> {
    let name = "";
    const number = make("span", "number");
    const symbol = make("span", "symbol");
    const time = make("strong", "time");
    const whose = make("span", "whose");
    const called = make("b", "");
    const label = make("span", "label", whose, called);
    const toPlace = make("span", "place");
    const kind = make("span", "kind");
    const where = make("span", "where");
    const body = make("button", "threat", number, symbol, time, label, toPlace, kind, where);
    body.type = "button";
    body.addEventListener("click", () => this.select(name));
    const element = make("li", "", body);
    const update = ({ track, threat, falls }: Pressing): void => {
      name = track.name;
      const alarmed = this.alarmed.has(track.uid);
      setData(element, "alarmed", alarmed ? "1" : "");
      setData(element, "reaction", alarmed && this.short(threat) ? "short" : "");
      body.setAttribute("aria-pressed", String(track.name === this.selected));
      const key = `${track.affiliation}/${track.kind}/${track.coasting}/${this.mono}`;
      if (symbol.dataset["key"] !== key) {
        symbol.dataset["key"] = key;
        symbol.replaceChildren(copy(sprite(track.affiliation, track.kind, track.coasting, this.mono).image));
      }
      setText(time, timeWords(threat));
      setText(whose, alarmed || RESOLVED.has(track.affiliation) ? `${AFFILIATIONS[track.affiliation] ?? ""} ` : "");
      setText(called, track.label);
      const range = threat.inside_probability >= 0.5 ? "" : spread(threat.entry_s[0], threat.entry_s[2], false);
      setText(toPlace, `${falls ? "↓" : "→"} ${threat.place}${range}`);
      setText(kind, `${kindWords(track.kind, track.certainty)}${alarmed ? "" : ", no alarm"}`);
      setText(where, whereWords(track, threat.place, this.site, false));
    };
    return { element, update };
  }

  /** Whether the place has less time left than its people need. */
  private short(threat: Threat): boolean {
    const asset = this.site?.assets.find((one) => one.name === threat.place);
    const left = threat.entry_s[1];
    return threat.inside_probability >= 0.5 || (asset !== undefined && left !== null && left <= asset.reaction_s);
  }

  private number(): void {
    document.querySelectorAll("#threats .number").forEach((element, index) => setText(element, String(index + 1)));
  }
}

function sooner(a: Interval, b: Interval): boolean {
  return (a[1] ?? Infinity) < (b[1] ?? Infinity);
}

function centre(site: Site | null, place: string): { latitude_deg: number; longitude_deg: number } | undefined {
  const corners = site?.zones.find((zone) => zone.name === place)?.corners_deg;
  if (!corners?.length) return undefined;
  const mean = (axis: 0 | 1): number => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length;
  return { latitude_deg: mean(1), longitude_deg: mean(0) };
}

/** A canvas stands in one place only; panels get their own. */
export function copy(image: HTMLCanvasElement): HTMLCanvasElement {
  const made = make("canvas");
  made.width = image.width;
  made.height = image.height;
  made.getContext("2d")?.drawImage(image, 0, 0);
  made.setAttribute("aria-hidden", "true");
  return made;
}
