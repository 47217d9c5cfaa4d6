// The banner: in one glance what happens, how long is left, and what to do; or that all is quiet.

import { advice, GLYPHS, isOver, ofSystem, topOf, waits, what, where } from "./alarms.ts";
import { byId, setData, setText } from "./dom.ts";
import type { Live } from "./live.ts";
import { working } from "./chart.ts";
import { isOpen, leftOf, meant, timeWords, whereWords, type Pressing } from "./threats.ts";
import { spread, utc } from "./units.ts";
import { seconds, type Alert } from "./views.ts";
import { kindWords } from "./words.ts";

export class Banner {
  bottom_px = 130; // how far down it reaches on the map

  private readonly element = byId("banner");
  private readonly what = byId("banner-what");
  private readonly time = byId("banner-time");
  private readonly where = byId("banner-where");
  private readonly act = byId("banner-do");
  private readonly also = byId("banner-also");

  /** `alarms` as listed, worst first. It tells of now, also while the past is looked at. */
  show(alarms: readonly Alert[], live: Live, items: readonly Pressing[], past: boolean): void {
    this.say(alarms, live, items, past);
    this.bottom_px = this.element.offsetTop + this.element.offsetHeight;
  }

  private say(alarms: readonly Alert[], live: Live, items: readonly Pressing[], past: boolean): void {
    const over = alarms.filter(isOver).length;
    const { top, answer } = topOf(alarms.filter((alert) => !isOver(alert)), leftOf(items, live.threats));
    setData(this.element, "now", past ? "1" : "");
    const other = alarms.find((alert) => waits(alert) && alert !== top && (alert === answer || ofSystem(alert)));
    const overWords = over ? `${over} alarm${over > 1 ? "s are" : " is"} over and not acknowledged — Shift+Space: acknowledge` : "";
    setText(this.also, other ? [title(other), ofSystem(other) ? advice(other) : "", other === answer ? "Space: acknowledge" : ""].filter(Boolean).join(" — ") : overWords);
    if (!top) return over ? this.showOver(alarms.filter(isOver), overWords) : this.showNone(live, items);
    setData(this.element, "priority", String(top.priority));
    setData(this.element, "waits", answer ? "1" : "");
    const item = meant(top, items, live.threats);
    const others = alarms.length - over - 1 - (other && !isOver(other) ? 1 : 0);
    const more = others > 0 ? ` · ${others} more alarm${others > 1 ? "s" : ""}` : "";
    if (item?.falls) {
      setText(this.what, `${GLYPHS[top.priority] ?? ""} Falling object ${item.track.label} may hit ${item.threat.place}`);
      const [soonest, , latest] = item.threat.entry_s;
      setText(this.time, latest === 0 ? "now" : `${timeWords(item.threat)}${spread(soonest, latest)}`);
      setText(this.where, `${where(top)}${more}`);
    } else if (item) {
      const { track, threat } = item;
      setText(this.what, `${GLYPHS[top.priority] ?? ""} ${kindWords(track.kind, track.certainty)} ${track.label} → ${threat.place}`);
      const interval = threat.inside_probability >= 0.5 ? "" : spread(threat.entry_s[0], threat.entry_s[2]);
      setText(this.time, `${timeWords(threat)}${interval}`);
      setText(this.where, `${whereWords(track, threat.place, live.site)}${more}`);
    } else {
      const gone = top.parents.length > 0 && !live.table.tracks.some((track) => top.parents.includes(track.uid));
      setText(this.what, title(top));
      setText(this.time, gone ? "no longer tracked" : "");
      setText(this.where, [gone ? `as of ${utc(seconds(top.changed))}` : "", more.replace(" · ", "")].filter(Boolean).join(" · "));
    }
    const done = waits(top) ? "Space: acknowledge" : "acknowledged";
    setText(this.act, [advice(top), done].filter(Boolean).join(" — "));
  }

  /** Nothing holds any more, but nobody has said that they know: the last of it stays in sight. */
  private showOver(over: readonly Alert[], words: string): void {
    const last = over.reduce((a, b) => (a.changed > b.changed ? a : b));
    setData(this.element, "priority", "0");
    setData(this.element, "waits", "1");
    setText(this.what, what(last));
    setText(this.time, "");
    setText(this.where, `As of ${utc(seconds(last.changed))}; nothing else is expected at a protected place.`);
    setText(this.act, words);
    setText(this.also, "");
  }

  private showNone(live: Live, items: readonly Pressing[]): void {
    setData(this.element, "priority", "0");
    setData(this.element, "waits", "");
    const down = live.sensors.filter((sensor) => !working(sensor)).length;
    const sensors = live.sensors.length ? `${live.sensors.length - down} of ${live.sensors.length} sensors working` : "no sensor";
    const count = live.table.tracks.filter((track) => track.confirmed).length;
    const first = items.find(isOpen);
    if (first) {
      const inside = first.threat.inside_probability >= 0.5;
      setText(this.what, `${kindWords(first.track.kind, first.track.certainty)} ${first.track.label} ${inside ? "is at" : "may come to"} ${first.threat.place}`);
      setText(this.time, timeWords(first.threat));
      setText(this.where, whereWords(first.track, first.threat.place, live.site));
      setText(this.act, "No rule raises an alarm for it yet. Watch it.");
      return;
    }
    const quiet = items.length ? "Quiet. What is near a protected place is likely no drone." : "Quiet. Nothing is expected at a protected place.";
    setText(this.what, live.batch ? quiet : "No picture yet.");
    setText(this.time, "");
    setText(this.where, live.batch ? `${count} track${count === 1 ? "" : "s"}, ${sensors}` : "");
    setText(this.act, live.batch ? "Nothing to do." : "");
  }
}

function title(alert: Alert): string {
  return `${GLYPHS[alert.priority] ?? ""} ${ofSystem(alert) ? "System: " : ""}${what(alert)}`;
}
