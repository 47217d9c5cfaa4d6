// Keys: one table, which the help shows and the page obeys. The first part is that of tar1090, the second is ours.

export interface Key {
  keys: string[]; // as KeyboardEvent.key says, with "Shift+" where that matters
  shown: string;
  does: string;
  act: (event: KeyboardEvent) => void;
}

/** Obey the table wherever nothing is being typed. `after` learns how long it took from the key to the new state. */
export function listen(keys: readonly Key[], after: (took_ms: number) => void): void {
  const table = new Map(keys.flatMap((key) => key.keys.map((name) => [name, key] as const)));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && leave()) return;
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const found = (event.shiftKey ? table.get(`Shift+${name}`) : undefined) ?? table.get(name);
    if (!found || (event.shiftKey && table.get(name) === found && /^[a-z]$/.test(name))) return;
    event.preventDefault();
    found.act(event);
    after(performance.now() - event.timeStamp);
  });
}

/** Escape first leaves the field or line that has the focus. */
function leave(): boolean {
  const held = document.activeElement;
  if (!(held instanceof HTMLElement) || held === document.body || held.closest("dialog")) return false;
  held.blur();
  return true;
}

function typing(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (document.querySelector("dialog[open]")) return true;
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return true;
  if (target.getAttribute("role") === "slider" && (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End")) return true;
  const isLine = target.matches(".open, .threat"); // Enter opens it, Space is what the banner says it is
  return target instanceof HTMLButtonElement && (event.key === "Enter" || (event.key === " " && !isLine));
}
