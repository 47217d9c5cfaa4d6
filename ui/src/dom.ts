// Small helpers for the page's own elements: make one, set its text only when it changes, keep keyed rows in order.

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** A button that does one thing. */
export function button(text: string, title: string, act: () => void, className = ""): HTMLButtonElement {
  const element = make("button", className, text);
  element.type = "button";
  element.title = title;
  element.addEventListener("click", act);
  return element;
}

export function byId<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no element "${id}"`);
  return found as T;
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setData(element: HTMLElement, name: string, value: string): void {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}

export interface Row<T> {
  element: HTMLElement;
  update(item: T): void;
}

/** Rows of a list, one for each key: an item keeps its row, and the order holds still under pointer or focus. */
export class Rows<T> {
  private readonly rows = new Map<string, Row<T>>();

  constructor(
    private readonly list: HTMLElement,
    private readonly key: (item: T) => string,
    private readonly create: (item: T) => Row<T>,
  ) {}

  set(items: readonly T[]): void {
    const wanted = new Map(items.map((item) => [this.key(item), item]));
    for (const [key, row] of this.rows) {
      if (wanted.has(key)) continue;
      row.element.remove();
      this.rows.delete(key);
    }
    const held = this.held();
    let before: Element | null = this.list.firstElementChild;
    for (const [key, item] of wanted) {
      let row = this.rows.get(key);
      if (!row) {
        row = this.create(item);
        this.rows.set(key, row);
        if (held) this.list.append(row.element);
      }
      row.update(item);
      if (held) continue;
      if (row.element === before) before = before.nextElementSibling;
      else this.list.insertBefore(row.element, before);
    }
  }

  /** The keys as they stand on the screen, top first. */
  order(): string[] {
    const keyOf = new Map([...this.rows].map(([key, row]) => [row.element, key]));
    return [...this.list.children].flatMap((element) => keyOf.get(element as HTMLElement) ?? []);
  }

  private held(): boolean {
    return this.list.matches(":hover") || (this.list.contains(document.activeElement) && this.list !== document.activeElement);
  }
}
