// The codes of the packed tracks as words; the order is that of the line's own tables (docs/reference/stream.md).

export const AFFILIATIONS = ["pending", "unknown", "assumed friend", "friend", "neutral", "suspect", "hostile"] as const;

/** The codes of those that nobody has to look after: friends, assumed ones too, and neutrals. */
export const RESOLVED: ReadonlySet<number> = new Set([2, 3, 4]);

export const STATUS = { tentative: 1, confirmed: 2, coasting: 3, deleted: 4 } as const;

export const KINDS = [
  "unidentified",
  "drone (multirotor)",
  "drone (fixed wing)",
  "helicopter",
  "aeroplane",
  "bird",
  "balloon",
  "falling object",
  "ground vehicle",
  "vessel",
] as const;

export const SOME_DRONE = 32;

const CERTAINTIES = ["", "possible", "probable", "confirmed"] as const;

/** What it is, with how sure that is: "probable drone (fixed wing)" or "unidentified". */
export function kindWords(kind: number, certainty: number): string {
  const name = kind === SOME_DRONE ? "drone" : KINDS[kind];
  const word = CERTAINTIES[certainty];
  return !name || !word || kind === 0 ? "unidentified" : `${word} ${name}`;
}

/** A probability as the trade's word; the bounds are those of the line (`model/wording.py`). */
export function certaintyWord(probability: number): string {
  if (probability >= 0.95) return "confirmed";
  if (probability >= 0.7) return "probable";
  return probability >= 0.3 ? "possible" : "unlikely";
}

/** "fixed-wing-drone" as people say it. */
export function spoken(word: string): string {
  return word.replaceAll("-", " ");
}
