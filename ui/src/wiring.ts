// The wiring: which button, key and pointer of the page asks the screen for what.

import { byId } from "./dom.ts";
import { keyTable, showHelp } from "./keytable.ts";
import { listen } from "./keys.ts";
import type { Screen } from "./screen.ts";

export function wire(screen: Screen): void {
  const keys = keyTable(screen);
  listen(keys, (took_ms) => screen.timings.note("key", took_ms));
  const unlock = (): void => screen.sound.unlock();
  document.addEventListener("keydown", unlock, true);
  document.addEventListener("pointerdown", unlock, true);
  document.addEventListener("click", (event) => {
    if (event.detail > 0 && event.target instanceof HTMLElement) event.target.closest("button")?.blur(); // Space stays free
  });
  const overlay = byId<HTMLCanvasElement>("overlay");
  byId("chart").addEventListener("click", (event) => {
    const box = overlay.getBoundingClientRect();
    screen.selectAt(event.clientX - box.left, event.clientY - box.top);
  });
  const buttons: Record<string, () => void> = {
    theme: () => screen.cycleTheme(),
    figures: () => screen.figures.show(screen.live.report, true),
    "help-open": () => showHelp(keys),
    "acknowledge-over": () => screen.acknowledgeOver(),
    back: () => screen.past.step(-10),
    play: () => screen.togglePlay(),
    now: () => screen.past.leave(),
  };
  for (const [id, act] of Object.entries(buttons)) byId(id).addEventListener("click", act);
  byId("speed").addEventListener("change", () => screen.choice.speed && screen.change({ speed: screen.chosenSpeed }));
  byId("strip").addEventListener("keydown", (event) => slide(screen, event));
  window.addEventListener("hashchange", () => screen.fromAddress());
}

function slide(screen: Screen, event: KeyboardEvent): void {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -1e9 };
  const by_s = steps[event.key];
  if (event.key === "End") screen.past.leave();
  else if (by_s !== undefined) screen.past.step(by_s);
  else return;
  event.preventDefault();
}
