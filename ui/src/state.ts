// The state of the screen that a person chose; all of it stands in the address, so that a link shows the same.

import { THEMES, type Theme } from "./palette.ts";

export interface Choice {
  map: { lat: number; lon: number; zoom: number } | null; // null: the screen frames what presses
  track: string; // label or uid
  theme: Theme;
  labels: number; // 0 none, 1 short, 2 long
  tails: boolean;
  dim: boolean;
  marked: string[]; // labels or uids
  unresolved: boolean; // friends and neutrals are left out
  isolate: boolean;
  follow: boolean;
  bare: boolean; // panels hidden
  past: number | null; // UTC seconds of the moment looked at, null for now
  speed: number; // of the replay, 0 paused
}

export const FRESH: Choice = {
  map: null,
  track: "",
  theme: "dark",
  labels: 1,
  tails: true,
  dim: false,
  marked: [],
  unresolved: false,
  isolate: false,
  follow: false,
  bare: false,
  past: null,
  speed: 0,
};

export function toAddress(choice: Choice): string {
  const parts = new URLSearchParams();
  if (choice.map) parts.set("map", `${choice.map.lat.toFixed(5)},${choice.map.lon.toFixed(5)},${choice.map.zoom.toFixed(2)}`);
  if (choice.track) parts.set("track", choice.track);
  if (choice.theme !== FRESH.theme) parts.set("theme", choice.theme);
  if (choice.labels !== FRESH.labels) parts.set("labels", String(choice.labels));
  if (!choice.tails) parts.set("tails", "0");
  if (choice.marked.length) parts.set("marked", choice.marked.join(","));
  for (const flag of ["dim", "unresolved", "isolate", "follow", "bare"] as const) if (choice[flag]) parts.set(flag, "1");
  if (choice.past !== null) parts.set("past", choice.past.toFixed(0));
  if (choice.speed !== FRESH.speed) parts.set("speed", String(choice.speed));
  return `#${parts.toString().replaceAll("%2C", ",")}`;
}

/** What an address says; anything it says wrongly is as if it were not there. */
export function fromAddress(hash: string): Choice {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const number = (name: string, fallback: number): number => {
    const text = parts.get(name);
    return text !== null && text !== "" && Number.isFinite(Number(text)) ? Number(text) : fallback;
  };
  const [lat, lon, zoom] = (parts.get("map") ?? "").split(",").map(Number);
  const placed = [lat, lon, zoom].every((value) => value !== undefined && Number.isFinite(value)) && parts.has("map");
  return {
    map: placed ? { lat: lat ?? 0, lon: lon ?? 0, zoom: zoom ?? 0 } : null,
    track: parts.get("track") ?? "",
    theme: THEMES.find((theme) => theme === parts.get("theme")) ?? FRESH.theme,
    labels: Math.min(2, Math.max(0, Math.round(number("labels", FRESH.labels)))),
    tails: parts.get("tails") !== "0",
    dim: parts.get("dim") === "1",
    marked: (parts.get("marked") ?? "").split(",").filter(Boolean),
    unresolved: parts.get("unresolved") === "1",
    isolate: parts.get("isolate") === "1",
    follow: parts.get("follow") === "1",
    bare: parts.get("bare") === "1",
    past: parts.has("past") && Number.isFinite(Number(parts.get("past"))) ? Number(parts.get("past")) : null,
    speed: Math.min(16, Math.max(0, number("speed", FRESH.speed))),
  };
}
