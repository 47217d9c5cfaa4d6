// The probe: what tests and the benchmark read of the page, as plain values; the page itself never does.

import type { Screen } from "./screen.ts";

export function probe(screen: Screen) {
  const { live, table } = screen;
  return {
    link: screen.link,
    choice: screen.choice,
    past: screen.past.table !== null,
    time_s: table.time_s,
    live_s: live.table.time_s,
    tracks: table.tracks.map(({ name, uid, tail, entry_s, rank }) => ({ name, uid, tail: tail.length / 2, entry_s, rank })),
    alerts: live.alerts.map(({ id, state, priority, track_label, subject }) => ({ id, state, priority, track_label, subject })),
    sensors: live.sensors.map(({ name, health }) => ({ name, health })),
    moments: screen.history.moments.length,
    timings: screen.timings.all,
    sounds: screen.sound.played,
  };
}
