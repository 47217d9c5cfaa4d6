// The table of keys: what each does, in the words of the help.

import { listed } from "./alarms.ts";
import { byId, make } from "./dom.ts";
import type { Key } from "./keys.ts";
import type { Screen } from "./screen.ts";

const PAN_PX = 120;

export function keyTable(screen: Screen): Key[] {
  const pan = (x: number, y: number) => () => screen.chart.pan(x * PAN_PX, y * PAN_PX);
  const key = (keys: string[], shown: string, does: string, act: Key["act"]): Key => ({ keys, shown, does, act });
  const table: Key[] = [
    key([" "], "Space", "acknowledge the top alarm", () => screen.acknowledge(screen.toAnswer)),
    key(["Shift+ "], "Shift+Space", "acknowledge all whose cause is gone", () => screen.acknowledgeOver()),
    key(["x"], "X", "silence all alarms at this desk; they still wait", () => screen.waiting.forEach((alert) => screen.silence(alert))),
    key("123456789".split(""), "1–9", "select a threat by its line", (event) => selectThreat(screen, Number(event.key))),
    key(["n"], "N", "next alarm", () => walkAlarms(screen, 1)),
    key(["Shift+n"], "Shift+N", "previous alarm", () => walkAlarms(screen, -1)),
    key(["g"], "G", "go to the protected place", () => screen.goToAsset()),
    key(["j"], "J", "declare the selected track", () => screen.panels.selected.focusDeclaration()),
    key(["r"], "R", "replay the last 60 s", () => screen.replay(60)),
    key([","], ",", "ten seconds back", () => screen.past.step(-10)),
    key(["."], ".", "ten seconds on", () => screen.past.step(10)),
    key(["["], "[", "back to the alert before", () => screen.jump(-1)),
    key(["]"], "]", "on to the next alert", () => screen.jump(1)),
    key(["w", "ArrowUp"], "W ↑", "map north", pan(0, -1)),
    key(["s", "ArrowDown"], "S ↓", "map south", pan(0, 1)),
    key(["a", "ArrowLeft"], "A ←", "map west", pan(-1, 0)),
    key(["d", "ArrowRight"], "D →", "map east", pan(1, 0)),
    key(["e", "+", "="], "E +", "closer", () => screen.chart.zoomBy(0.5)),
    key(["q", "-"], "Q −", "further", () => screen.chart.zoomBy(-0.5)),
    key(["h"], "H", "home: the map frames what presses", () => screen.home()),
    key(["Shift+h"], "Shift+H", "hide or show the panels", () => screen.change({ bare: !screen.choice.bare })),
    key(["Escape"], "Esc", "leave a field; then back to live; then deselect", () => (screen.choice.past === null ? screen.select("") : screen.past.leave())),
    key(["c"], "C", "deselect", () => screen.select("")),
    key(["f"], "F", "follow the selected track", () => screen.change({ follow: !screen.choice.follow })),
    key(["m"], "M", "mark the selected track", () => screen.mark()),
    key(["t"], "T", "mark all tracks, or none", () => screen.markAll()),
    key(["u"], "U", "leave out friends and neutrals", () => screen.change({ unresolved: !screen.choice.unresolved })),
    key(["i"], "I", "show the selected and marked tracks alone", () => screen.change({ isolate: !screen.choice.isolate })),
    key(["l"], "L", "labels on or off", () => screen.change({ labels: screen.choice.labels ? 0 : 1 })),
    key(["o"], "O", "long labels", () => screen.change({ labels: screen.choice.labels === 2 ? 1 : 2 })),
    key(["p"], "P", "tails on or off", () => screen.change({ tails: !screen.choice.tails })),
    key(["b"], "B", "dim the map", () => screen.change({ dim: !screen.choice.dim })),
    key(["Shift+b"], "Shift+B", "dark, night red, high contrast", () => screen.cycleTheme()),
    key(["v"], "V", "to the list of threats", () => focusFirst("threat-list")),
    key(["k"], "K", "to the list of alarms", () => focusFirst("alarm-list")),
    key(["Shift+y"], "Shift+Y", "to the time strip", () => byId("strip").focus()),
    key(["?"], "?", "this help", () => showHelp(table)),
  ];
  return table;
}

export function showHelp(keys: readonly Key[]): void {
  const list = make("dl", "keys");
  for (const { shown, does } of keys) list.append(make("div", "", make("dt", "", make("kbd", "", shown)), make("dd", "", does)));
  byId("help-body").replaceChildren(list);
  byId<HTMLDialogElement>("help").showModal();
}

function selectThreat(screen: Screen, line: number): void {
  const uid = screen.panels.threats.at(line);
  const item = screen.pressing.find(({ track }) => track.uid === uid);
  if (item) screen.select(item.track.name);
}

function walkAlarms(screen: Screen, by: number): void {
  const alarms = listed(screen.live.alerts);
  if (!alarms.length) return screen.toast("There is no alarm.");
  const current = alarms.findIndex((alert) => alert.track_label === screen.choice.track && alert.track_label);
  const next = alarms[(current + by + alarms.length + (current < 0 && by < 0 ? 1 : 0)) % alarms.length];
  if (next) screen.selectAlert(next);
}

function focusFirst(id: string): void {
  (byId(id).querySelector<HTMLElement>("button:not(:disabled)") ?? byId(id)).focus();
}
