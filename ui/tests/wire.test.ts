// The wire and the tracks, on a batch that the line itself packed and that must stay readable (schema1.bin).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { History } from "../src/history.ts";
import { TrackTable } from "../src/tracks.ts";
import { FrameReader, KIND, newest, SCHEMA, type Frame } from "../src/wire.ts";

const kept = new Uint8Array(readFileSync("tests/schema1.bin"));

function frame(bytes: Uint8Array): Frame {
  const [found] = new FrameReader().push(bytes);
  assert.ok(found);
  return found;
}

/** The kept batch at another time; with `gone` rows from its start left out. */
function batch(time_s: number, gone = 0): Uint8Array<ArrayBuffer> {
  const payload = frame(kept).payload;
  const made = new Uint8Array(payload.length - 60 * gone);
  made.set(payload.subarray(0, 24));
  made.set(payload.subarray(24 + 60 * gone), 24);
  const view = new DataView(made.buffer);
  view.setFloat64(0, time_s, true);
  view.setUint32(16, 3 - gone, true);
  return made;
}

test("a kept batch of schema 1 reads as it was packed", () => {
  const found = frame(kept);
  assert.equal(found.kind, KIND.tracks);
  assert.equal(found.schema, 1);
  assert.ok(found.schema <= SCHEMA);
  const table = new TrackTable();
  table.apply(found.payload);
  assert.equal(table.time_s, 1_700_000_000.25);
  assert.equal(table.sequence, 7);
  assert.equal(table.exercise, false);
  const [first, second] = table.tracks;
  assert.ok(first && second);
  assert.equal(first.name, "T1");
  assert.equal(first.uid, "01HF7Y9WYAP3YQ9MJ3J7DRHH00");
  assert.ok(Math.abs(first.latitude_deg - 54.6) < 1e-4 && Math.abs(first.longitude_deg - 18.8155) < 1e-3);
  assert.ok(Math.abs(first.speed_mps - 5) < 0.1 && Math.abs(first.course_deg - 36.87) < 1);
  assert.equal(first.entry_s, 55);
  assert.equal(second.rank, 1);
  assert.equal(first.since_detection_s, 1.5);
  assert.equal(first.affiliation, 5);
  assert.equal(first.kind, 1);
  assert.equal(first.certainty, 2);
});

test("cutting the bytes at other places changes nothing", () => {
  const whole = new Uint8Array([...kept, 0, 0, 0, 0, 0, 1, 0, 0, ...kept]);
  const expected = new FrameReader().push(whole);
  assert.deepEqual(expected.map((one) => one.kind), [KIND.tracks, KIND.beat, KIND.tracks]);
  for (let cut = 0; cut <= whole.length; cut++) {
    const reader = new FrameReader();
    assert.deepEqual([...reader.push(whole.slice(0, cut)), ...reader.push(whole.slice(cut))], expected);
  }
});

test("of frames that came together the newest of each kind is taken", () => {
  const make = (kind: number, mark: number): Frame => ({ kind, schema: 1, payload: new Uint8Array([mark]) });
  const taken = newest([make(2, 1), make(4, 1), make(2, 2), make(5, 1), make(2, 3)]);
  assert.deepEqual(taken.map((one) => [one.kind, one.payload[0]]), [[4, 1], [5, 1], [2, 3]]);
});

test("a later schema may add to the end of each record", () => {
  const payload = frame(kept).payload;
  const longer = new Uint8Array(24 + 3 * 64);
  longer.set(payload.subarray(0, 24));
  for (let row = 0; row < 3; row++) longer.set(payload.subarray(24 + 60 * row, 84 + 60 * row), 24 + 64 * row);
  new DataView(longer.buffer).setUint16(20, 64, true);
  const [table, same] = [new TrackTable(), new TrackTable()];
  table.apply(longer);
  same.apply(payload);
  assert.deepEqual(table.tracks.map((track) => track.uid), same.tracks.map((track) => track.uid));
});

test("a track keeps its tail while others go, one point in two seconds and ninety seconds at most", () => {
  const table = new TrackTable();
  for (let second = 0; second < 300; second++) table.apply(batch(1000 + second, second < 100 ? 0 : 1));
  assert.equal(table.tracks.length, 2);
  assert.equal(table.tracks[0]?.name, "T2");
  assert.equal(table.tracks[0]?.tail.length, 90);
});

test("history keeps a moment a second, finds them by time, and closes the gap of a clock that was set", () => {
  const history = new History();
  for (let tenth = 0; tenth < 200; tenth++) history.add(batch(1000 + tenth / 10), [], [], [], []);
  history.add(batch(90_000), [], [], [], []);
  assert.equal(history.moments.length, 21);
  assert.equal(history.moments.at(-1)?.at_s, (history.moments.at(-2)?.at_s ?? 0) + 5);
  const at = history.find(1010);
  assert.ok(Math.abs((history.moments[at]?.time_s ?? 0) - 1010) <= 0.5);
  assert.equal(history.findAt(1e9), 20);
  assert.equal(history.findAt(-1), 0);
  assert.ok((history.table(at).tracks[0]?.tail.length ?? 0) >= 8);
});
