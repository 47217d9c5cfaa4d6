// The person at this desk: who it is, what their role may ask for, and the way out.

import { operator, setOperator } from "./commands.ts";
import { byId, setText } from "./dom.ts";

interface Me {
  name: string;
  role: string;
  may: string[];
  logged_in: boolean;
}

export class Person {
  private me: Me | null = null;
  private readonly name = byId<HTMLInputElement>("operator");

  constructor() {
    this.name.value = operator();
    this.name.addEventListener("change", () => setOperator(this.name.value));
    byId("log-out").addEventListener("click", () => void this.leave());
  }

  /** Whether the line takes this kind of command from here; before it has said so, it is asked. */
  may(kind: string): boolean {
    return this.me?.may.includes(kind) ?? true;
  }

  /** Ask who this is; where somebody has to log in, the name is that of the session. */
  async ask(): Promise<void> {
    const answer = await fetch("api/me", { cache: "no-store" });
    if (!answer.ok) return;
    this.me = (await answer.json()) as Me;
    byId("log-out").hidden = !this.me.logged_in;
    setText(byId("role"), this.me.logged_in ? this.me.role : "");
    if (!this.me.logged_in) return;
    this.name.value = this.me.name;
    this.name.readOnly = true;
  }

  private async leave(): Promise<void> {
    await fetch("logout", { method: "POST" });
    location.assign("login");
  }
}
