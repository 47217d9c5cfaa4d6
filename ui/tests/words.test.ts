// What a person reads, and what an address says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { advice, falling, listed, ofSystem, timeLeft, topOf, what } from "../src/alarms.ts";
import { destination, fit, polar, sector, View } from "../src/geometry.ts";
import { figure } from "../src/report.ts";
import { FRESH, fromAddress, toAddress } from "../src/state.ts";
import { bearing, distance, duration, span, utc } from "../src/units.ts";
import type { Alert } from "../src/views.ts";
import { heightWords, leftOf, meant } from "../src/threats.ts";
import { kindWords, KINDS } from "../src/words.ts";

test("units are said as the trade says them", () => {
  assert.equal(bearing(359.7), "000°");
  assert.equal(bearing(40), "040°");
  assert.equal(distance(996), "1 km");
  assert.equal(distance(994), "990 m");
  assert.equal(distance(1249), "1.2 km");
  assert.equal(distance(null), "–");
  assert.equal(duration(55.4), "55 s");
  assert.equal(duration(119.6), "2 min 00 s");
  assert.equal(duration(3720), "1 h 2 min");
  assert.equal(span(40, null), "40 s or later");
  assert.equal(span(40.2, 79.6), "40 to 80 s");
  assert.equal(utc(1_700_000_000.9), "22:13:20Z");
});

test("what falls is never said to be below the ground, what flies may be below the site", () => {
  const falling = KINDS.indexOf("falling object");
  assert.equal(heightWords({ height_m: -134, kind: falling }), "at the ground");
  assert.equal(heightWords({ height_m: 134.4, kind: falling }), "134 m");
  assert.equal(heightWords({ height_m: 134.4, kind: falling }, " above the site"), "134 m above the site");
  assert.equal(heightWords({ height_m: -134, kind: falling }, " above the site"), "at the ground");
  assert.equal(heightWords({ height_m: -12, kind: 2 }), "-12 m");
  assert.equal(heightWords({ height_m: null, kind: falling }), "height not known");
});

test("what it is comes with how sure that is, and never as a bare number", () => {
  assert.equal(kindWords(2, 2), "probable drone (fixed wing)");
  assert.equal(kindWords(32, 3), "confirmed drone");
  assert.equal(kindWords(5, 0), "unidentified");
  assert.equal(kindWords(99, 2), "unidentified");
});

test("every state survives its address, and a wrong address is a fresh screen", () => {
  const choice = { ...FRESH, map: { lat: -24.3, lon: 125.6, zoom: 11.5 }, track: "T12", theme: "night" as const, labels: 2, tails: false, isolate: true, marked: ["T12", "T13"], unresolved: true, past: 1_927_834_500, speed: 4 };
  assert.deepEqual(fromAddress(toAddress(choice)), choice);
  assert.deepEqual(fromAddress("#"), FRESH);
  assert.deepEqual(fromAddress("#map=x,1,2&theme=pink&labels=9e9&past=abc&speed=-3"), { ...FRESH, labels: 2 });
});

test("range and bearing lead to where they were taken from", () => {
  for (const [range_m, bearing_deg] of [[1200, 40], [30_000, 271], [80_000, 180]] as const) {
    const [lon, lat] = destination(-24.3, 125.6, range_m, bearing_deg);
    const found = polar(-24.3, 125.6, lat, lon);
    assert.ok(Math.abs(found.range_m - range_m) < range_m * 1e-3);
    assert.ok(Math.abs(found.bearing_deg - bearing_deg) < 0.3);
  }
});

test("a fitted view shows every point, and a sector is closed", () => {
  const points: [number, number][] = [[125.5, -24.3], [125.7, -24.4], [125.6, -24.1]];
  const found = fit(points, 700, 400, 15);
  const view = new View();
  [view.width, view.height] = [700, 400];
  view.look(found.lat, found.lon, found.zoom);
  for (const [lon, lat] of points) {
    const x = view.px((lon + 180) / 360);
    const y = view.py(0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI));
    assert.ok(x >= -1 && x <= 701 && y >= -1 && y <= 401);
  }
  const ring = sector(0, 0, 100, 500, 350, 10);
  assert.deepEqual(ring[0], ring.at(-1));
});

function alert(change: Partial<Alert>): Alert {
  const message = "Probable drone T5, probable entry of gate: 55 s. As of 12:00:05Z. Clear the place.";
  return { id: "A1", rule: "r", place: "gate", subject: "01X", state: "unacknowledged", priority: 2, priority_word: "medium", raised: "2031-02-03T20:33:00.000Z", asked: "2031-02-03T20:33:00.000Z", changed: "2031-02-03T20:33:00.000Z", message, reason: "", track_label: "T5", time_to_entry_s: null, acknowledged_by: "", acknowledged: null, shelved_until: null, parents: [], exercise: false, when: "enters", ...change };
}

test("alarms that wait stand first, the worst on top, the first come before the later", () => {
  const alerts = [
    alert({ id: "acknowledged", state: "acknowledged", priority: 4 }),
    alert({ id: "later", raised: "2031-02-03T20:34:00.000Z" }),
    alert({ id: "gone", state: "cleared" }),
    alert({ id: "first" }),
    alert({ id: "worst", priority: 4, raised: "2031-02-03T20:35:00.000Z" }),
  ];
  assert.deepEqual(listed(alerts).map(({ id }) => id), ["worst", "first", "later", "acknowledged"]);
});

test("an alert's text is told apart into what is and what to do", () => {
  assert.equal(advice(alert({})), "Clear the place.");
  assert.equal(what(alert({})), "Probable drone T5, probable entry of gate: 55 s.");
  assert.equal(ofSystem(alert({})), false);
  assert.equal(ofSystem(alert({ track_label: "", place: "radar", subject: "radar" })), true);
});

test("a figure that does not exist is a dash, never 0", () => {
  const show = (value: number): string => String(value);
  assert.equal(figure({ a: { b: 0 } }, "a.b", show), "0");
  assert.equal(figure({ a: null }, "a.b", show), "–");
  assert.equal(figure({ a: null }, "a", show), "–");
});

test("the key answers what is shown large, unless that needs no answer", () => {
  const track = alert({ id: "track", parents: ["01X"] });
  const system = alert({ id: "system", priority: 4, track_label: "", place: "radar", subject: "radar", parents: ["radar"] });
  const tracked = new Map([["01X", 40]]);
  const both = topOf(listed([track, system]), tracked);
  assert.deepEqual([both.top?.id, both.answer?.id], ["track", "track"]);
  const done = topOf(listed([{ ...track, state: "acknowledged" }, system]), tracked);
  assert.deepEqual([done.top?.id, done.answer?.id], ["track", "system"]);
  const gone = topOf(listed([{ ...track, state: "returned" }, system]), new Map());
  assert.deepEqual([gone.top?.id, gone.answer?.id], ["system", "system"]);
  assert.deepEqual(topOf([], tracked), { top: undefined, answer: undefined });
  const sooner = alert({ id: "sooner", parents: ["01Y"], raised: "2031-02-03T23:00:00Z" });
  const graver = alert({ id: "graver", parents: ["01Z"], priority: 4 });
  const left_s = new Map([["01X", 40], ["01Y", 20], ["01Z", 90]]);
  assert.equal(topOf(listed([track, sooner]), left_s).top?.id, "sooner");
  assert.equal(topOf(listed([track, sooner, graver]), left_s).top?.id, "graver");
});

test("of what falls the alarm says when it is down, and that time runs on", () => {
  const fall = alert({ id: "fall", when: "falls", parents: ["01X"], changed: "2031-02-03T20:33:00.000Z", time_to_entry_s: [30, 31, null] });
  const over = alert({ id: "over", when: "falls", parents: ["01Y"], state: "returned" });
  assert.deepEqual([...falling([fall, over, alert({ parents: ["01Z"] })]).keys()], ["01X"]);
  const now_s = Date.parse("2031-02-03T20:33:05.000Z") / 1000;
  assert.deepEqual(timeLeft(fall, now_s), [25, 26, null]);
  assert.deepEqual(timeLeft(fall, now_s + 100), [0, 0, null]);
  assert.equal(timeLeft(over, now_s), null);
});

test("an alarm speaks of its own place, also where its track is sooner at another", () => {
  const track = { uid: "a", name: "T11" } as never;
  const near = { uid: "a", place: "air base", inside_probability: 1, entry_probability: 1, entry_s: [0, 0, 0] } as never;
  const far = { uid: "a", place: "airport", inside_probability: 0, entry_probability: 0.8, entry_s: [72, 77, null] } as never;
  const alert = { parents: ["a"], place: "airport" } as unknown as Alert;
  const items = [{ track, threat: near }];
  assert.equal(meant(alert, items, [near, far])?.threat, far);
  assert.equal(meant({ ...alert, place: "air base" }, items, [near, far])?.threat, near);
  assert.equal(meant({ ...alert, place: "village" }, items, [near, far]), undefined);
  const left = leftOf(items, [near, far]);
  assert.equal(left.get("a"), 0);
  const base = { id: "1", state: "unacknowledged", priority: 3, raised: "2026-01-01T00:00:00Z" };
  const [first, second] = listed([{ ...base, ...alert }, { ...base, ...alert, id: "2", place: "air base", raised: "2026-01-01T00:00:01Z" }] as Alert[], left);
  assert.deepEqual([first?.place, second?.place], ["air base", "airport"]);
});
