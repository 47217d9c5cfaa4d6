// The announcer: tells each alarm once, aloud and to screen readers, and keeps its sound up until somebody answers.

import { ofSystem, waits } from "./alarms.ts";
import { byId, setText } from "./dom.ts";
import type { Sound } from "./sound.ts";
import type { Alert } from "./views.ts";

export class Announcer {
  private readonly silenced = new Set<string>();
  private readonly told = new Map<string, string>(); // of each alert what was told last

  constructor(private readonly sound: Sound) {}

  /** Tell what is new among the alerts; an alarm that is raised again, or gets worse, sounds again. */
  tell(alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      const news = alert.state === "unacknowledged" ? alert.priority_word : alert.state;
      if (this.told.get(alert.id) === news) continue;
      this.told.set(alert.id, news);
      if (alert.state === "unacknowledged") {
        this.silenced.delete(alert.id);
        setText(byId("assertive"), `${ofSystem(alert) ? "system, " : ""}${alert.priority_word} alarm: ${alert.message}`);
      } else setText(byId("polite"), `Alarm ${alert.track_label || alert.subject} ${alert.state}`);
    }
    this.play(alerts);
  }

  /** Stop an alarm's sound at this desk; it still waits for its answer. */
  silence(alert: Alert, alerts: readonly Alert[]): void {
    this.silenced.add(alert.id);
    this.play(alerts);
  }

  isSilenced(alert: Alert): boolean {
    return this.silenced.has(alert.id);
  }

  private play(alerts: readonly Alert[]): void {
    const sounding = alerts.filter((alert) => waits(alert) && !this.silenced.has(alert.id));
    this.sound.sound(Math.max(0, ...sounding.map((alert) => alert.priority)));
  }
}
