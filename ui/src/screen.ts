// The screen: what the line tells and what the operator chose, brought together; the only module that knows all others.

import { isOver, listed, topOf, waits } from "./alarms.ts";
import { Announcer } from "./announcer.ts";
import { Chart } from "./chart.ts";
import { send, type Request } from "./commands.ts";
import { byId, setData, setText } from "./dom.ts";
import { Figures } from "./figures.ts";
import { Framing } from "./framing.ts";
import { View } from "./geometry.ts";
import { History } from "./history.ts";
import { Link, type LinkState } from "./link.ts";
import { Live } from "./live.ts";
import { Overlay, type Scene } from "./overlay.ts";
import { PALETTES, THEMES } from "./palette.ts";
import { Panels } from "./panels.ts";
import { Past } from "./past.ts";
import { Person } from "./person.ts";
import { probe } from "./probe.ts";
import { Sound } from "./sound.ts";
import { fromAddress, toAddress, type Choice } from "./state.ts";
import { leftOf, pressing, type Pressing } from "./threats.ts";
import { Timings } from "./timings.ts";
import type { TrackTable } from "./tracks.ts";
import { seconds, type Alert, type TrackDetail } from "./views.ts";
import { wire } from "./wiring.ts";
import { FrameReader, type Frame } from "./wire.ts";

const PANELS_MS = 250;
const DETAIL_MS = 1000;
const ADDRESS_MS = 400;
const TOAST_MS = 6000;

export class Screen {
  choice: Choice = fromAddress(location.hash);
  readonly live = new Live();
  readonly history = new History();
  readonly past = new Past(this.history, (time_s) => this.pastMoved(time_s));
  readonly timings = new Timings();
  readonly sound = new Sound();
  private readonly announcer = new Announcer(this.sound);
  readonly view = new View();
  readonly chart: Chart;
  readonly framing: Framing;
  readonly panels: Panels;
  readonly figures = new Figures();
  readonly person = new Person();
  private readonly overlay: Overlay;
  private linkState: LinkState = "CONNECTING";
  detail: TrackDetail | null = null;
  private drawing = 0;
  private refreshing = 0;
  private addressing = 0;
  private toasting = 0;
  private chosen = this.choice.track !== "";

  constructor() {
    if (this.choice.map) this.view.look(this.choice.map.lat, this.choice.map.lon, this.choice.map.zoom);
    this.chart = new Chart(byId("chart"), this.view, PALETTES[this.choice.theme], (byPerson) => this.moved(byPerson));
    this.overlay = new Overlay(byId<HTMLCanvasElement>("overlay"), this.view);
    this.framing = new Framing(this.chart, this.view);
    this.panels = new Panels(this, {
      acknowledge: (alert) => this.acknowledge(alert),
      silence: (alert) => this.silence(alert),
      shelve: (alert, reason, for_s) => void this.command("shelve", alert.id, "", reason, this.live.table.time_s + for_s),
      unshelve: (alert) => void this.command("unshelve", alert.id),
      clear: (alert, reason) => void this.command("clear", alert.id, "", reason),
      select: (alert) => this.selectAlert(alert),
      isSilenced: (alert) => this.announcer.isSilenced(alert),
      may: (kind) => this.person.may(kind),
    });
    wire(this);
    this.applyTheme();
    setInterval(() => this.tick(), PANELS_MS);
    setInterval(() => void this.fetchDetail(), DETAIL_MS);
    new Link((frames) => this.take(frames), (state) => this.linked(state), () => this.catchUp());
  }

  // ---- what the line tells ----

  private take(frames: Frame[]): void {
    const started = performance.now();
    for (const frame of frames) this.live.take(frame);
    this.timings.note("parse", performance.now() - started);
    if (this.live.news.tracks) {
      if (this.live.batch) this.history.add(this.live.batch, this.live.threats, this.live.sensors, this.live.cues, this.live.alerts);
      if (!this.past.table) this.frame();
    }
    if (this.live.news.site || this.live.news.sensors) this.drawChart();
    if (this.live.news.alerts) this.announcer.tell(this.live.alerts);
    if (this.live.news.alerts || this.live.news.threats) this.selectTop();
    if (this.live.news.report) this.figures.show(this.live.report);
    this.live.news = {};
    if (this.choice.past !== null && !this.past.table) this.past.seek(this.choice.past);
    this.refreshSoon();
    if (!this.past.table) this.drawSoon();
  }

  private async catchUp(): Promise<void> {
    await this.person.ask();
    const answer = await fetch("api/history", { cache: "no-store" });
    if (!answer.ok) return;
    const frames = new FrameReader().push(new Uint8Array(await answer.arrayBuffer()));
    this.history.fill(frames);
    for (const moment of this.history.moments.slice(-60)) this.live.table.apply(moment.batch);
  }

  private linked(state: LinkState): void {
    this.linkState = state;
    this.refresh();
    this.drawSoon();
  }

  private drawChart(): void {
    const { site } = this.live;
    if (site) this.chart.showSite(site);
    byId("report-one").hidden = !site?.sightings;
    this.chart.showSensors(this.shownSensors);
    if (site && !this.choice.map && !this.framing.framed) this.framing.home(site);
  }

  /** For as long as nobody chose a track, the one that the banner speaks of is selected. */
  private selectTop(): void {
    if (this.chosen || this.past.table) return;
    const { top } = topOf(listed(this.live.alerts).filter((alert) => !isOver(alert)), leftOf(this.pressing, this.live.threats));
    const wanted = (top && this.live.table.find(top.track_label) ? top.track_label : undefined) ?? this.pressing[0]?.track.name ?? "";
    if (wanted !== this.choice.track) this.select(wanted, false);
  }

  private async fetchDetail(): Promise<void> {
    const name = this.choice.track;
    if (!name || this.past.table || this.linkState !== "OPEN") return;
    if (!this.live.table.find(name)) return void (this.detail = null); // it has gone, and asking brings nothing
    const answer = await fetch(`api/tracks/${encodeURIComponent(name)}`, { cache: "no-store" }).catch(() => null);
    if (!answer || this.choice.track !== name) return;
    this.detail = answer.ok ? ((await answer.json()) as TrackDetail) : null;
    this.refreshSoon();
  }

  // ---- what the operator does ----

  change(change: Partial<Choice>): void {
    this.choice = { ...this.choice, ...change };
    this.address();
    this.refresh();
    this.drawSoon();
  }

  /** Select a track; the screen itself chooses that of the top alarm for as long as nobody chose another. */
  select(name: string, byPerson = true): void {
    this.chosen = byPerson && name !== "";
    this.detail = null;
    this.change({ track: name, follow: name ? this.choice.follow : false });
    void this.fetchDetail();
    if (name && byPerson) setText(byId("polite"), `Selected ${name}`);
  }

  selectAt(x: number, y: number): void {
    this.select(this.overlay.at(x, y, this.table.tracks)?.name ?? "");
  }

  selectAlert(alert: Alert): void {
    if (alert.track_label) this.select(alert.track_label);
    this.panels.selected.showAlarms();
    const sensor = this.live.sensors.find((one) => one.name === alert.subject);
    if (sensor) this.chart.look(sensor.latitude_deg, sensor.longitude_deg, this.view.zoom, true);
  }

  get waiting(): Alert[] {
    return listed(this.live.alerts).filter(waits);
  }

  /** The alarm that the key answers: the one the banner shows. */
  get toAnswer(): Alert | undefined {
    return topOf(listed(this.live.alerts), leftOf(this.pressingNow, this.live.threats)).answer;
  }

  acknowledge(alert: Alert | undefined): void {
    if (alert) void this.command("acknowledge", alert.id);
    else this.toast("No alarm waits for an answer.");
  }

  /** Acknowledge all whose cause is gone, as at the end of a shift. */
  acknowledgeOver(): void {
    const over = this.live.alerts.filter(isOver);
    if (!over.length) this.toast("No alarm is over and unacknowledged.");
    for (const alert of over) void this.command("acknowledge", alert.id);
  }

  silence(alert: Alert): void {
    this.announcer.silence(alert, this.live.alerts);
    void this.command("silence", alert.id);
    this.refresh();
  }

  async command(kind: string, target: string, value = "", reason = "", until_s?: number): Promise<void> {
    const request: Request = { kind, target, value, reason };
    if (until_s !== undefined) request.until_s = until_s;
    const problem = await send(request);
    this.toast(problem ? `${kind}: ${problem}` : "");
  }

  toast(text: string): void {
    setText(byId("toast"), text);
    clearTimeout(this.toasting);
    this.toasting = window.setTimeout(() => setText(byId("toast"), ""), TOAST_MS);
  }

  /** Mark the selected track, or take its mark away; marked tracks keep their labels and stay with `I`. */
  mark(): void {
    const { track, marked } = this.choice;
    if (!track) return this.toast("Select a track to mark it.");
    this.change({ marked: marked.includes(track) ? marked.filter((name) => name !== track) : [...marked, track] });
  }

  markAll(): void {
    this.change({ marked: this.choice.marked.length ? [] : this.table.tracks.filter((track) => track.confirmed).map((track) => track.name) });
  }

  cycleTheme(): void {
    const theme = THEMES[(THEMES.indexOf(this.choice.theme) + 1) % THEMES.length] ?? "dark";
    this.change({ theme });
    this.applyTheme();
  }

  home(): void {
    this.change({ map: null, follow: false });
    if (this.live.site) this.framing.home(this.live.site);
  }

  goToAsset(): void {
    const name = this.focus;
    const asset = this.live.site?.assets.find((one) => one.name === name) ?? this.live.site?.assets[0];
    if (asset) this.chart.look(asset.latitude_deg, asset.longitude_deg, 12, true);
    this.keepMap();
  }

  // ---- the past ----

  replay(back_s: number): void {
    this.past.back(back_s);
    if (this.past.table) this.change({ speed: this.chosenSpeed });
  }

  togglePlay(): void {
    if (!this.past.table) this.replay(60);
    else this.change({ speed: this.choice.speed ? 0 : this.chosenSpeed });
  }

  /** To the next alert of the strip (+1) or the one before (-1). */
  jump(direction: number): void {
    const now_s = this.table.time_s;
    const raised = this.live.alerts.map((alert) => seconds(alert.raised)).sort((a, b) => a - b);
    const next = direction > 0 ? raised.find((time_s) => time_s > now_s + 1.5) : raised.findLast((time_s) => time_s < now_s - 1.5);
    if (next === undefined) return;
    this.past.seek(next);
    const alert = this.live.alerts.find((one) => seconds(one.raised) === next);
    const track = this.table.tracks.find((one) => alert?.parents.includes(one.uid));
    if (!track) return;
    this.select(track.name);
    this.chart.look(track.latitude_deg, track.longitude_deg, this.view.zoom, true);
  }

  get chosenSpeed(): number {
    return Number(byId<HTMLSelectElement>("speed").value);
  }

  private pastMoved(time_s: number | null): void {
    this.change(time_s === null ? { past: null, speed: 0 } : { past: time_s });
    this.drawChart();
  }

  // ---- showing ----

  get table(): TrackTable {
    return this.past.table ?? this.live.table;
  }

  get pressingNow(): Pressing[] {
    return pressing(this.live.threats, this.live.table, this.live.alerts);
  }

  get pressing(): Pressing[] {
    const { moment } = this.past;
    return moment ? pressing(moment.threats, this.table, moment.alerts) : this.pressingNow;
  }

  /** The alerts as they stood at the moment shown. */
  get alerts(): readonly Alert[] {
    return this.past.moment?.alerts ?? this.live.alerts;
  }

  /** The place that rings are drawn around: that of the selected or most pressing track. */
  get focus(): string {
    const items = this.pressing;
    const chosen = items.find(({ track }) => track.name === this.choice.track) ?? items[0];
    return chosen?.threat.place ?? this.live.site?.assets[0]?.name ?? "";
  }

  get shownSensors() {
    return this.past.moment?.sensors ?? this.live.sensors;
  }

  private frame(): void {
    const track = this.table.find(this.choice.track);
    if (this.choice.follow && track) this.chart.look(track.latitude_deg, track.longitude_deg, this.view.zoom);
    else if (!this.choice.map && this.live.site) this.framing.step(this.pressing, this.live.site, this.panels.banner.bottom_px);
  }

  private tick(): void {
    this.sound.step();
    if (this.choice.speed) this.past.run((this.choice.speed * PANELS_MS) / 1000);
    this.refresh();
  }

  private refreshSoon(): void {
    this.refreshing ||= window.setTimeout(() => this.refresh(), PANELS_MS / 2);
  }

  private refresh(): void {
    clearTimeout(this.refreshing);
    this.refreshing = 0;
    const started = performance.now();
    this.panels.show();
    this.timings.note("panels", performance.now() - started);
  }

  private drawSoon(): void {
    this.drawing ||= requestAnimationFrame(() => {
      this.drawing = 0;
      const started = performance.now();
      this.overlay.draw(this.scene(), PALETTES[this.choice.theme]);
      this.timings.note("draw", performance.now() - started);
    });
  }

  private scene(): Scene {
    const alarmed = new Set(this.alerts.filter(waits).map((alert) => alert.track_label));
    const acknowledged = new Set(this.alerts.filter((alert) => alert.state === "acknowledged").map((alert) => alert.track_label));
    for (const labels of [alarmed, acknowledged]) labels.delete("");
    const { pressing } = this;
    return {
      tracks: this.table.tracks,
      ended: this.past.table ? [] : this.live.ended,
      cues: this.past.moment?.cues ?? this.live.cues,
      site: this.live.site,
      focus: this.focus,
      selected: this.choice.track,
      alarmed,
      acknowledged,
      told: new Set(this.live.alerts.map((alert) => alert.track_label)),
      marked: new Set(this.choice.marked),
      isolate: this.choice.isolate,
      others: !this.choice.unresolved,
      labels: this.choice.labels,
      tails: this.choice.tails,
      left: leftOf(pressing),
      falls: new Set(pressing.filter(({ falls }) => falls).map(({ track }) => track.uid)),
      banner_px: this.panels.banner.bottom_px,
      time_s: this.table.time_s,
      still: this.linkState !== "OPEN" && !this.past.table,
    };
  }

  private moved(byPerson: boolean): void {
    if (!this.overlay) return; // the chart tells its size while it is being made
    if (byPerson) this.keepMap();
    this.drawSoon();
  }

  keepMap(): void {
    this.choice.map = { lat: this.view.latitude_deg, lon: this.view.longitude_deg, zoom: this.view.zoom };
    this.choice.follow = false;
    this.address();
  }

  private address(): void {
    this.addressing ||= window.setTimeout(() => {
      this.addressing = 0;
      const address = toAddress(this.choice);
      if (address !== location.hash) history.replaceState(null, "", address);
    }, ADDRESS_MS);
  }

  private applyTheme(): void {
    setData(document.body, "theme", this.choice.theme);
    this.chart.paint(PALETTES[this.choice.theme]);
    this.refresh();
    this.drawSoon();
  }

  fromAddress(): void {
    const choice = fromAddress(location.hash);
    this.choice = choice;
    if (choice.map) this.chart.look(choice.map.lat, choice.map.lon, choice.map.zoom);
    this.applyTheme();
    if (choice.past === null) this.past.leave();
    else this.past.seek(choice.past);
  }

  get link(): LinkState {
    return this.linkState;
  }

  /** What tests and the benchmark read; the page itself does not. */
  readonly probe = () => probe(this);
}

declare global {
  interface Window {
    tocsin: Screen;
  }
}

window.tocsin = new Screen();
