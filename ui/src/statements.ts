// What people and agencies said: always as a statement of theirs, never as a fact.

import { make, Rows, setText, type Row } from "./dom.ts";
import { utcBy } from "./units.ts";
import { seconds, type Statement } from "./views.ts";

const MOST = 2;

export class Statements {
  private readonly rows: Rows<Statement>;
  private now_s = NaN;
  private readonly none = make("li", "sub", "No report.");

  constructor(private readonly list: HTMLElement) {
    this.rows = new Rows(list, (statement) => statement.id, () => create(() => this.now_s));
  }

  show(statements: readonly Statement[], now_s: number): void {
    this.now_s = now_s;
    const newest = statements.slice(-MOST).reverse();
    if (newest.length) this.none.remove();
    else if (!this.none.isConnected) this.list.append(this.none);
    this.rows.set(newest);
  }
}

function create(now: () => number): Row<Statement> {
  const speaker = make("strong");
  const content = make("span");
  const others = make("ul", "sub");
  const could = make("details", "alternatives", make("summary", "", "What else could it be?"), others);
  const element = make("li", "statement", speaker, content, could);
  const update = (statement: Statement): void => {
    const when = statement.said ? `${utcBy(seconds(statement.said), now())} ` : "";
    setText(speaker, `${when}${statement.speaker} ${statement.stance}${statement.place ? `, ${statement.place}` : ""}`);
    setText(content, `“${statement.content}”`);
    const told = statement.alternatives ?? [];
    could.hidden = !told.length;
    if (others.childElementCount !== told.length)
      others.replaceChildren(...told.map((one) => make("li", "", one.words)));
  };
  return { element, update };
}
