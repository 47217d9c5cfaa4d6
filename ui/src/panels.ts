// The panels around the map: everything that is said in words, shown anew a few times a second.

import { AlarmList, type Verbs } from "./alarmlist.ts";
import { isOver, listed, ofSystem } from "./alarms.ts";
import { Banner } from "./banner.ts";
import { byId, setData, setText } from "./dom.ts";
import { PALETTES } from "./palette.ts";
import type { Screen } from "./screen.ts";
import { SelectedPanel } from "./selected.ts";
import { SensorStrip } from "./sensors.ts";
import { Statements } from "./statements.ts";
import { StatusLine } from "./status.ts";
import { Strip } from "./strip.ts";
import { leftOf, meant, ThreatList, timeWords } from "./threats.ts";
import { utc } from "./units.ts";
import { seconds, type Alert } from "./views.ts";

export class Panels {
  readonly threats: ThreatList;
  readonly selected: SelectedPanel;
  readonly banner = new Banner();
  private readonly status = new StatusLine();
  private readonly statements = new Statements(byId("report-list"));
  private readonly sensors = new SensorStrip(byId("sensor-list"));
  private readonly alarms: AlarmList;
  private readonly system: AlarmList;
  private readonly strip: Strip;

  constructor(private readonly screen: Screen, verbs: Verbs) {
    this.threats = new ThreatList(byId("threat-list"), byId("threat-none"), (name) => screen.select(name));
    this.selected = new SelectedPanel(
      (uid, value, reason) => void screen.command("declare-affiliation", uid, value, reason),
      () => screen.select(""),
      (time_s) => screen.past.seek(time_s),
    );
    this.alarms = new AlarmList(byId("alarm-list"), verbs, false);
    this.system = new AlarmList(byId("system-list"), verbs, true);
    this.strip = new Strip(byId("strip"), byId<HTMLCanvasElement>("strip-canvas"), byId("strip-label"), screen.history, (at_s) => screen.past.seekAt(at_s));
  }

  show(): void {
    const { screen } = this;
    const { live, choice, table } = screen;
    const palette = PALETTES[choice.theme];
    const past = screen.past.table !== null;
    const items = screen.pressing;
    const time_s = live.table.time_s;
    this.status.show(screen.link, live, past ? table.time_s : null, screen.sound.on, screen.waiting.length > 0);
    this.threats.show(items, live, screen.alerts, choice.track, palette.mono);
    this.selected.show({ track: table.find(choice.track), name: choice.track, detail: screen.detail, live, alerts: screen.alerts, mono: palette.mono, past, may: screen.person.may("declare-affiliation") });
    const now = past ? screen.pressingNow : items;
    const alarms = listed(live.alerts, leftOf(now, live.threats));
    const left = (alert: Alert): string => {
      const item = meant(alert, now, live.threats);
      return item ? timeWords(item.threat) : "";
    };
    this.alarms.show(alarms.filter((alert) => !ofSystem(alert)), time_s, left);
    this.system.show(alarms.filter(ofSystem), time_s, left);
    this.banner.show(alarms, live, now, past);
    this.showOver(alarms.filter(isOver).length);
    setData(byId("alarm-list"), "none", live.batch ? "No alarm." : "No picture yet.");
    setData(byId("system-list"), "none", live.batch ? "No system alarm." : "");
    setText(byId("alarms-title"), past ? `Alarms as they are now, ${utc(time_s)}` : "Alarms");
    setText(byId("threats-title"), past ? `Time to protected places at ${utc(table.time_s)}` : "Time to protected places");
    this.sensors.show(screen.shownSensors);
    this.statements.show(past ? live.statements.filter((one) => !one.said || seconds(one.said) <= table.time_s) : live.statements, table.time_s);
    this.strip.show(screen.past.at_s, table.time_s, live.alerts, palette);
    setData(document.body, "bare", choice.bare ? "1" : "");
    setData(document.body, "dim", choice.dim ? "1" : "");
    setText(byId("play"), past ? (choice.speed ? "Pause" : "Play") : "Replay 60 s");
  }

  private showOver(count: number): void {
    const button = byId<HTMLButtonElement>("acknowledge-over");
    button.hidden = count === 0 || !this.screen.person.may("acknowledge");
    setText(button, `Acknowledge ${count === 1 ? "the one that is over" : `the ${count} that are over`}`);
  }
}
