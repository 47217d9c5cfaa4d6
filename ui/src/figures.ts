// The figures at the end of a story: a page of its own above the screen, opened once by itself and then by its button.

import { byId, setText } from "./dom.ts";
import { reportParts, type Report } from "./report.ts";

export class Figures {
  private seen = "";

  /** Show what is new; `again` opens what was seen already. */
  show(report: Report | null, again = false): void {
    if (!report) return;
    byId("figures").hidden = false;
    const text = JSON.stringify(report);
    if (!again && this.seen === text) return;
    this.seen = text;
    setText(byId("report-title"), report.title ?? "How it went");
    byId("report-body").replaceChildren(...reportParts(report));
    const dialog = byId<HTMLDialogElement>("report");
    if (!dialog.open) dialog.showModal();
  }
}
