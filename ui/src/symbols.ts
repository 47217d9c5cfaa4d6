// APP-6 symbols by shape and colour, drawn once by milsymbol and kept.

import ms from "milsymbol";
import { SOME_DRONE } from "./words.ts";

const AFFILIATION_LETTERS = ["P", "U", "A", "F", "N", "S", "H"];

// Battle dimension and function of each class of the line; birds have none in APP-6 and get a letter of ours.
const FUNCTIONS = ["A------", "AMHQ---", "AMFQ---", "AMH----", "ACF----", "A------", "AML----", "AWM----", "GEV----", "S------"];
const SYMBOL_PX = 20;
const BIRD = 5;

export interface Sprite {
  image: HTMLCanvasElement;
  x: number; // anchor, CSS pixels
  y: number;
  width: number;
  height: number;
}

const sprites = new Map<string, Sprite>();

/** The letter code of a track's symbol; a coasting track's frame is dashed. */
export function sidc(affiliation: number, kind: number, coasting: boolean): string {
  const letters = kind === SOME_DRONE ? "AMFQ---" : (FUNCTIONS[kind] ?? "A------");
  return `S${AFFILIATION_LETTERS[affiliation] ?? "U"}${letters[0]}${coasting ? "A" : "P"}${letters.slice(1)}`;
}

/** The symbol's picture; `mono` is one colour for all, as at night, else "". */
export function sprite(affiliation: number, kind: number, coasting: boolean, mono: string): Sprite {
  const key = `${affiliation}/${kind}/${coasting ? 1 : 0}/${mono}`;
  const known = sprites.get(key);
  if (known) return known;
  const factor = Math.ceil(window.devicePixelRatio || 1);
  const symbol = new ms.Symbol(sidc(affiliation, kind, coasting), {
    size: SYMBOL_PX,
    colorMode: "Light",
    civilianColor: false,
    infoFields: false,
    outlineWidth: mono ? 0 : 3,
    outlineColor: "#0b0e11",
    ...(mono ? { monoColor: mono, fill: false, strokeWidth: 6 } : {}),
  });
  const image = symbol.asCanvas(factor);
  const size = symbol.getSize();
  const anchor = symbol.getAnchor();
  if (kind === BIRD) letter(image, "b", mono || "#111", anchor.x * factor, anchor.y * factor, factor);
  const made = { image, x: anchor.x, y: anchor.y, width: size.width, height: size.height };
  sprites.set(key, made);
  return made;
}

function letter(image: HTMLCanvasElement, text: string, colour: string, x: number, y: number, factor: number): void {
  const context = image.getContext("2d");
  if (!context) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.font = `bold ${11 * factor}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = colour;
  context.fillText(text, x, y);
}
