import assert from "node:assert/strict";
import { test } from "node:test";

import { bearingOf, sightingOf, type Filled } from "../src/sightingform.ts";

const NOW_MS = Date.UTC(2026, 2, 1, 10, 5);
const FORM: Filled = {
  id: "ph-1", author: " Guard ", latitude: "54.6", longitude: "18.8", accuracy_m: 12, azimuth: "40", sigma_deg: 15,
  elevation: "20", means: "seen", what: "drone", ago_s: 300, words: " low ", photo: "",
};

test("a sighting says when it was, not when it was told", () => {
  const [sighting, missing] = sightingOf(FORM, NOW_MS);
  assert.equal(missing, "");
  assert.equal(sighting?.["time"], "2026-03-01T10:00:00.000Z");
  assert.equal(sighting?.["author"], "Guard");
  assert.equal(sighting?.["azimuth_sigma_deg"], 15);
  assert.equal(sighting?.["elevation_deg"], 20);
});

test("what is not known is left out", () => {
  const [sighting] = sightingOf({ ...FORM, azimuth: "", sigma_deg: null }, NOW_MS);
  assert.deepEqual(Object.keys(sighting ?? {}).filter((key) => /azimuth|elevation/.test(key)), []);
});

test("what is missing or cannot be meant is asked for", () => {
  for (const wrong of [{ latitude: "" }, { longitude: "181" }, { author: " " }, { azimuth: "400" }] as Partial<Filled>[])
    assert.notEqual(sightingOf({ ...FORM, ...wrong }, NOW_MS)[1], "");
});

test("a phone that does not know north gives no direction", () => {
  assert.equal(bearingOf({ alpha: 30, absolute: false }), null);
  assert.equal(bearingOf({ alpha: 30, absolute: true }), 330);
  assert.equal(bearingOf({ alpha: null, absolute: true, webkitCompassHeading: 12 }), 12);
});
