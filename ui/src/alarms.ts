// Alarms: which alerts wait for an operator, which of them comes first, and what their text says.

import { seconds, type Alert, type Interval } from "./views.ts";

export const GLYPHS: Record<number, string> = { 1: "○", 2: "◆", 3: "▲", 4: "■" };
const GONE = new Set(["cleared", "normal", "suppressed", "out-of-service"]);
const WAITING = new Set(["unacknowledged", "returned"]);

/** Whether somebody has to answer it. */
export function waits(alert: Alert): boolean {
  return WAITING.has(alert.state);
}

/** Whether its cause is gone and it waits only to be acknowledged. */
export function isOver(alert: Alert): boolean {
  return alert.state === "returned";
}

/** Whether it speaks of a part of the system rather than of a track. */
export function ofSystem(alert: Alert): boolean {
  return !alert.track_label && alert.place === alert.subject;
}

const RANKS: Record<string, number> = { unacknowledged: 0, returned: 1, acknowledged: 2 };
const LAST = 3;

/**
 * Those on the list: what holds and waits, what is over and waits, the rest; then by priority, then by the time left, then
 * first come first. `left_s` says of each track that presses how long is left, by `toPlace` for each place.
 */
export function listed(alerts: readonly Alert[], left_s: ReadonlyMap<string, number> = new Map()): Alert[] {
  const rank = (alert: Alert): number => RANKS[alert.state] ?? LAST;
  const soonest = (a: Alert, b: Alert): number => {
    const [first, second] = [leastLeft(a, left_s), leastLeft(b, left_s)];
    return first === second ? 0 : first - second;
  };
  return alerts.filter((alert) => !GONE.has(alert.state)).sort((a, b) => rank(a) - rank(b) || b.priority - a.priority || soonest(a, b) || (a.raised < b.raised ? -1 : 1));
}

/** The key of a track on its way to a place. */
export function toPlace(uid: string, place: string): string {
  return `${uid} ${place}`;
}

function leastLeft(alert: Alert, left_s: ReadonlyMap<string, number>): number {
  return Math.min(...alert.parents.map((uid) => left_s.get(toPlace(uid, alert.place)) ?? left_s.get(uid) ?? Infinity));
}

/**
 * Of the listed alarms the one to show large, and the one that the key answers: the same unless that needs no answer.
 * `left_s` says of each track that presses how long is left; of alarms of one priority the one with the least is first.
 */
export function topOf(alarms: readonly Alert[], left_s: ReadonlyMap<string, number>): { top: Alert | undefined; answer: Alert | undefined } {
  const first = alarms.find(waits);
  const left = (alert: Alert): number => leastLeft(alert, left_s);
  const tracked = alarms.filter((alert) => alert.parents.some((uid) => left_s.has(uid))).sort((a, b) => b.priority - a.priority || left(a) - left(b));
  const top = tracked.find(waits) ?? tracked[0] ?? first;
  return { top, answer: top && waits(top) ? top : first };
}

/** Of each track that falls, by its uid: the alarm that says so. */
export function falling(alerts: readonly Alert[]): Map<string, Alert> {
  const found = listed(alerts).filter((alert) => alert.when === "falls" && !isOver(alert));
  return new Map(found.flatMap((alert) => alert.parents.map((uid) => [uid, alert] as const)));
}

/** How long an alert gives from now on, likely and at its ends, in seconds; null where it gives none. */
export function timeLeft(alert: Alert, now_s: number): Interval | null {
  const passed_s = now_s - seconds(alert.changed);
  return alert.time_to_entry_s && (alert.time_to_entry_s.map((time_s) => (time_s === null ? null : Math.max(0, time_s - passed_s))) as Interval);
}

/** The part of an alert's text that says what to do. */
export function advice(alert: Alert): string {
  return /As of \d\d:\d\d:\d\dZ\. *(.*)$/s.exec(alert.message)?.[1] ?? "";
}

/** Of what falls: where it is expected to come down. */
export function where(alert: Alert): string {
  return /: (.*), in /.exec(what(alert))?.[1] ?? "";
}

/** The part that says what is, without the time it holds for. */
export function what(alert: Alert): string {
  return alert.message.replace(/ *As of \d\d:\d\d:\d\dZ\..*$/s, "");
}
