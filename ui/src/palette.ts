// Palettes of the drawing surface; the panels take theirs from page.css. Colour is kept for affiliation and alarms.

export type Theme = "dark" | "night" | "contrast";

export const THEMES: readonly Theme[] = ["dark", "night", "contrast"];

export interface Palette {
  ground: string;
  land: string;
  coast: string;
  grid: string;
  ring: string;
  text: string;
  halo: string;
  quiet: string;
  asset: string;
  coverage: string;
  blind: string;
  cue: string;
  alarm: string;
  critical: string;
  mono: string; // one colour for the symbols, or "" for APP-6 colours
  affiliation: readonly string[]; // by code, for tails and leaders
}

const RED = "#ff5a44";

export const PALETTES: Record<Theme, Palette> = {
  dark: {
    ground: "#12161a",
    land: "#171c21",
    coast: "#39424b",
    grid: "#1f262c",
    ring: "#4a5560",
    text: "#dbe1e6",
    halo: "#0b0e11",
    quiet: "#97a3ae",
    asset: "#e8edf1",
    coverage: "#5d7f92",
    blind: "#c98a3a",
    cue: "#b9c4cd",
    alarm: "#ffb02e",
    critical: "#ff5c5c",
    mono: "",
    affiliation: ["#e6dc8c", "#e8df7a", "#7fc4e8", "#6bb8e6", "#7ed391", "#ff9d6b", "#ff6b6b"],
  },
  night: {
    ground: "#0a0202",
    land: "#0e0303",
    coast: "#3a100b",
    grid: "#1c0705",
    ring: "#55190f",
    text: "#e0513d",
    halo: "#0a0202",
    quiet: "#ac3a2b",
    asset: "#ee5a45",
    coverage: "#55190f",
    blind: "#8a2d1e",
    cue: "#a53a2a",
    alarm: "#ff6a55",
    critical: "#ff7a66",
    mono: RED,
    affiliation: [RED, RED, RED, RED, RED, RED, RED],
  },
  contrast: {
    ground: "#000000",
    land: "#050505",
    coast: "#7d7d7d",
    grid: "#262626",
    ring: "#8c8c8c",
    text: "#ffffff",
    halo: "#000000",
    quiet: "#d0d0d0",
    asset: "#ffffff",
    coverage: "#8fb4c6",
    blind: "#ffb000",
    cue: "#ffffff",
    alarm: "#ffd000",
    critical: "#ff8080",
    mono: "",
    affiliation: ["#ffff80", "#ffff80", "#80e0ff", "#80e0ff", "#80ff9a", "#ffb080", "#ff8080"],
  },
};
