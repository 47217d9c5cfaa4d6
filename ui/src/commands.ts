// Commands: what the operator asks of the line; each is answered once it is on disk there.

const NAME_KEY = "tocsin.operator";

/** Who is at this desk; kept by the browser. */
export function operator(): string {
  return localStorage.getItem(NAME_KEY)?.trim() || "operator";
}

export function setOperator(name: string): void {
  localStorage.setItem(NAME_KEY, name.trim());
}

export interface Request {
  kind: string;
  target: string;
  value?: string;
  reason?: string;
  until_s?: number;
}

/** Sends a command; gives "" once the line has it on disk, else why not. A repeat with the same id does nothing twice. */
export async function send(request: Request): Promise<string> {
  const id = newId();
  const body = JSON.stringify({ id, author: operator(), ...request });
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const answer = await fetch("api/commands", { method: "POST", headers: { "content-type": "application/json" }, body });
      if (answer.ok) return "";
      if (answer.status === 401) location.assign("login");
      if (answer.status !== 504) return ((await answer.json()) as { error?: string }).error ?? `refused (${answer.status})`;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500)); // the link may be back; the id makes a repeat harmless
    }
  }
  return "the line did not answer; it is not known whether it took the command";
}

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `ui-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
