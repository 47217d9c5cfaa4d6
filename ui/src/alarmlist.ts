// The list of alarms, worst first. Acknowledge, silence, shelve and clear are four things, each a button of its own.

import { advice, GLYPHS, isOver, waits, what } from "./alarms.ts";
import { button, make, Rows, setData, setText, type Row } from "./dom.ts";
import { duration, utc } from "./units.ts";
import { seconds, type Alert } from "./views.ts";

const OVERDUE_S = 30;
const SHELVE_MIN = [5, 15, 30];

const STATE_WORDS: Record<string, string> = {
  unacknowledged: "NOT ACKNOWLEDGED",
  returned: "OVER, NOT ACKNOWLEDGED",
  acknowledged: "acknowledged",
  shelved: "shelved",
};

export interface Verbs {
  acknowledge(alert: Alert): void;
  silence(alert: Alert): void;
  shelve(alert: Alert, reason: string, for_s: number): void;
  unshelve(alert: Alert): void;
  clear(alert: Alert, reason: string): void;
  select(alert: Alert): void;
  isSilenced(alert: Alert): boolean;
  may(kind: string): boolean;
}

/** One list of alarms: of tracks, or of the system. */
export class AlarmList {
  private readonly rows: Rows<Alert>;
  private time_s = 0;
  private left: (alert: Alert) => string = () => "";

  constructor(
    list: HTMLElement,
    private readonly verbs: Verbs,
    private readonly ofSystem: boolean,
  ) {
    this.rows = new Rows(list, (alert) => alert.id, (alert) => this.create(alert));
  }

  /** `left` says how long is left of the track an alert is about, "" where that makes no sense. */
  show(alerts: readonly Alert[], time_s: number, left: (alert: Alert) => string): void {
    this.time_s = time_s;
    this.left = left;
    this.rows.set(alerts);
  }

  private create(first: Alert): Row<Alert> {
    let alert = first;
    const { verbs } = this;
    const glyph = make("span", "glyph");
    const head = make("span", "head");
    const text = make("span", "text");
    const open = button("", "Show what it is about and why", () => verbs.select(alert), "open");
    open.append(glyph, head, text);
    const acknowledge = button("Acknowledge", "Acknowledge: seen, being dealt with (Space takes the top one)", () => verbs.acknowledge(alert));
    const silence = button("Silence", "Silence: stop its sound at this desk; it still waits", () => verbs.silence(alert));
    const minutes = make("select", "minutes");
    minutes.append(...SHELVE_MIN.map((value) => new Option(`${value} min`, String(value))));
    minutes.setAttribute("aria-label", "Shelve for");
    const shelving = ask("Reason for shelving", (reason) => verbs.shelve(alert, reason, 60 * Number(minutes.value)), minutes);
    const clearing = ask("Reason for clearing", (reason) => verbs.clear(alert, reason));
    const shelve = button("Shelve…", "", () => (alert.state === "shelved" ? verbs.unshelve(alert) : shelving.toggle()));
    const clear = button("Clear…", "Clear: close it though its cause holds; needs a reason", () => clearing.toggle());
    const buttons = make("span", "verbs", acknowledge, silence, ...(this.ofSystem ? [] : [shelve]), clear, shelving.element, clearing.element);
    const element = make("li", "alarm", open, buttons);
    const update = (item: Alert): void => {
      alert = item;
      setData(element, "priority", String(item.priority));
      setData(element, "state", item.state);
      setText(glyph, GLYPHS[item.priority] ?? "");
      const left = this.left(item);
      setText(head, this.head(item, left));
      setText(text, (left && advice(item)) || what(item));
      const shelved = item.state === "shelved";
      acknowledge.disabled = !waits(item) || !verbs.may("acknowledge");
      silence.disabled = !waits(item) || verbs.isSilenced(item);
      setText(silence, verbs.isSilenced(item) && waits(item) ? "Silenced" : "Silence");
      shelve.disabled = !verbs.may(shelved ? "unshelve" : "shelve");
      setText(shelve, shelved ? "Unshelve" : "Shelve…");
      shelve.title = shelved ? "Unshelve: let it wait for an answer again" : "Shelve: put it aside for a while; needs a reason";
      clear.disabled = item.state !== "acknowledged" || !verbs.may("clear");
    };
    return { element, update };
  }

  private head(item: Alert, left: string): string {
    const asked_s = seconds(item.asked);
    const worse = item.state === "unacknowledged" && asked_s > seconds(item.raised) ? "worse " : "";
    const open_s = this.time_s - asked_s;
    const overdue = item.state === "unacknowledged" && open_s > OVERDUE_S;
    const state = `${STATE_WORDS[item.state] ?? item.state}${overdue ? ` for ${duration(open_s)}` : ""}`;
    const by = item.acknowledged_by ? ` by ${item.acknowledged_by}` : "";
    const until = item.shelved_until ? ` until ${utc(seconds(item.shelved_until))}` : "";
    const since = overdue && !worse ? "" : isOver(item) ? utc(seconds(item.changed)) : `${worse}since ${utc(item.state === "unacknowledged" ? asked_s : seconds(item.raised))}`;
    const about = !item.track_label ? "" : isOver(item) ? item.track_label : `${item.track_label} → ${item.place}`;
    const first = isOver(item) ? [`${state}${by}`, `was ${item.priority_word}`] : [item.priority_word.toUpperCase()];
    const rest = isOver(item) ? [about] : [about, left, `${state}${by}${until}`];
    return [...first, ...rest, since].filter(Boolean).join(" · ");
  }
}

/** A field for a reason, with what else is asked, that opens and closes; Enter gives the reason, Escape gives up. */
function ask(label: string, give: (reason: string) => void, ...more: HTMLElement[]): { element: HTMLElement; toggle(): void } {
  const reason = make("input", "reason");
  reason.placeholder = "reason, then Enter";
  reason.setAttribute("aria-label", label);
  const element = make("span", "ask", ...more, reason);
  element.hidden = true;
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") element.hidden = true;
    if (event.key !== "Enter" || !reason.value.trim()) return;
    give(reason.value.trim());
    reason.value = "";
    element.hidden = true;
  });
  const toggle = (): void => {
    element.hidden = !element.hidden;
    if (!element.hidden) (more[0] ?? reason).focus();
  };
  return { element, toggle };
}
