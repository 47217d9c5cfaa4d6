// The status line: whether what is shown holds now, what feeds it, and for which moment it stands.

import { byId, setData, setText } from "./dom.ts";
import { working } from "./chart.ts";
import type { LinkState } from "./link.ts";
import type { Live } from "./live.ts";
import { day, duration, local, utc } from "./units.ts";

const OLD_MS = 3000;
const JUMP_S = 600; // a clock that goes on so much later is told of
const TOLD_MS = 10_000;

const MODES: Record<string, { word: string; means: string }> = {
  simulation: { word: "SIMULATION", means: "nothing here is real" },
  replay: { word: "REPLAY", means: "this has been recorded" },
  exercise: { word: "EXERCISE", means: "nothing here is real" },
};

export class StatusLine {
  private before_s = NaN;
  private jump = "";
  private told_ms = 0;

  show(link: LinkState, live: Live, past_s: number | null, soundOn: boolean, waiting: boolean): void {
    const [state, why] = stateWords(link, live);
    const back = past_s !== null && state === "LIVE";
    const key = live.site && live.site.mode !== "live" ? live.site.mode : live.table.exercise ? "exercise" : "";
    const mode = MODES[key];
    setData(document.body, "state", state);
    setData(document.body, "mode", key || "live");
    setData(document.body, "past", past_s === null ? "" : "1");
    setText(byId("state-word"), back ? "PAST" : state);
    setText(byId("state-why"), back ? "what is live goes on" : why);
    setText(byId("site-name"), live.site?.name ?? "");
    const badge = byId("mode");
    badge.hidden = !mode;
    setText(byId("mode-word"), mode?.word ?? "");
    setText(byId("mode-means"), mode ? `: ${mode.means}` : "");
    const time_s = past_s ?? live.table.time_s;
    setText(byId("as-of"), Number.isFinite(time_s) ? `as of ${day(time_s)} ${utc(time_s)}` : "no picture yet");
    setText(byId("local"), Number.isFinite(time_s) ? `${local(time_s)} local` : "");
    setText(byId("watermark"), watermark(state, past_s, live, mode?.word ?? ""));
    this.notice(live);
    const sound = byId("sound");
    setText(sound, soundOn ? "Sound on" : "Sound off: press any key");
    setData(sound, "on", soundOn ? "1" : "");
    setData(sound, "needed", waiting && !soundOn ? "1" : "");
  }

  /** What is being prepared, that a story has ended, or that the line's clock has gone on. */
  private notice(live: Live): void {
    const now_s = live.table.time_s;
    const passed_s = now_s - this.before_s;
    if (Math.abs(passed_s) > JUMP_S) {
      this.jump = `The clock goes on at ${day(now_s)} ${utc(now_s)}, ${duration(Math.abs(passed_s))} ${passed_s > 0 ? "later" : "earlier"}.`;
      this.told_ms = performance.now();
    }
    if (Number.isFinite(now_s)) this.before_s = now_s;
    const prepares = live.site?.notice && (!live.batch || live.site.ended) ? live.site.notice : "";
    const text = prepares || (performance.now() - this.told_ms < TOLD_MS ? this.jump : "");
    const notice = byId("notice");
    notice.hidden = !text;
    setData(notice, "jump", text && text === this.jump ? "1" : "");
    setText(notice, text);
  }
}

/** The word for the data's state, and why. */
export function stateWords(link: LinkState, live: Live): [string, string] {
  if (link === "OUTDATED") return ["OFFLINE", "this page is older than the line: reload it"];
  if (link === "OFFLINE") return ["OFFLINE", live.batch ? `last picture ${duration((performance.now() - live.batch_ms) / 1000)} ago` : "no line answers"];
  if (link === "CONNECTING" || !live.batch) return ["CONNECTING", ""];
  if (live.site?.ended) return ["ENDED", "this is how it stood at the end"];
  const old_ms = performance.now() - live.batch_ms;
  if (old_ms > OLD_MS) return ["DEGRADED", `no new picture for ${duration(old_ms / 1000)}`];
  const down = live.sensors.filter((sensor) => !working(sensor)).map((sensor) => sensor.name);
  if (down.length) return ["DEGRADED", `${down.join(", ")} not working`];
  return ["LIVE", ""];
}

function watermark(state: string, past_s: number | null, live: Live, mode: string): string {
  if (past_s !== null) return `PAST ${utc(past_s)}`;
  if (state === "OFFLINE") return Number.isFinite(live.table.time_s) ? `OFFLINE since ${utc(live.table.time_s)}` : "OFFLINE";
  return mode;
}
