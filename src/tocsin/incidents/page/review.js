// The review page: story left with spans lit, proposals right, one key each to accept, edit and reject.
// Every text from the draft is set as text, never as HTML. Spans count characters (code points), not UTF-16 units.

const byId = (id) => document.getElementById(id);
let draft = { text: "", items: [], stances: [] };
let current = 0;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

async function load(request) {
  const response = await fetch(...request);
  const answer = await response.json();
  byId("error").textContent = response.ok ? "" : answer.error;
  if (!response.ok) return false;
  draft = answer;
  render();
  return true;
}

function decide(verdict, fields = {}) {
  const body = JSON.stringify({ id: draft.items[current].id, verdict, fields });
  return load(["/decide", { method: "POST", headers: { "content-type": "application/json" }, body }]);
}

function spansOf(item) {
  const { span, pieces } = item.fields;
  const whole = pieces && pieces.length ? pieces : span ? [span] : [];
  return { whole, fields: Object.values(item.fields.spans || {}) };
}

// Cut the story at every span's ends; each piece knows the proposals it belongs to.
function renderStory() {
  const letters = Array.from(draft.text);
  const ends = new Set([0, letters.length]);
  const covers = draft.items.map(spansOf);
  covers.forEach(({ whole, fields }) => [...whole, ...fields].flat().forEach((end) => ends.add(Math.min(end, letters.length))));
  const cuts = [...ends].sort((a, b) => a - b);
  const inside = (spans, at) => spans.some(([from, to]) => from <= at && at < to);
  const parts = [];
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [from, to] = [cuts[i], cuts[i + 1]];
    const owners = draft.items.map((_, k) => k).filter((k) => inside(covers[k].whole, from) || inside(covers[k].fields, from));
    const part = element(owners.length ? "mark" : "span", "", letters.slice(from, to).join(""));
    if (owners.includes(current)) {
      part.classList.add("lit");
      if (inside(covers[current].fields, from)) part.classList.add("field");
    }
    if (owners.length) part.addEventListener("click", () => go(owners[0]));
    parts.push(part);
  }
  byId("story").replaceChildren(...(draft.text ? parts : [element("p", "small", "This draft was not made from a text.")]));
  byId("story").querySelector(".lit")?.scrollIntoView({ block: "nearest" });
}

function describe(item) {
  const f = item.fields;
  if (item.table === "statement") return [f.speaker, f.content || Array.from(draft.text).slice(...(f.span || [0, 0])).join("")];
  if (item.table === "incident") return [f.title, [f.kind, f.place, f.begins].filter(Boolean).join(", ")];
  if (item.table === "amendment") return [`${f.kind} of ${f.target}`, `was ${f.old}, is ${f.new}`];
  return ["Two things cannot both be so", f.arithmetic];
}

function renderItem(item, index) {
  const made = element("article", `${item.verdict} ${index === current ? "current" : ""}`);
  const [head, content] = describe(item);
  const top = element("p", "top");
  top.append(element("b", "", head), element("span", "table", `${item.table} ${item.id}`));
  if (item.fields.stance) top.append(element("span", `stance ${item.fields.stance}`, item.fields.stance));
  const waiting = item.standing === "edited" ? "edited in the file" : "undecided";
  top.append(element("span", "verdict", item.verdict || waiting));
  const details = ["time", "place", "incident", "names_actor"].filter((name) => item.fields[name] && item.table === "statement");
  made.append(top, element("p", "content", content));
  if (details.length) made.append(element("p", "small", details.map((name) => `${name.replace("_", " ")}: ${item.fields[name]}`).join(" · ")));
  if (index === current) made.setAttribute("aria-current", "true");
  made.addEventListener("click", () => go(index));
  return made;
}

function render() {
  const decided = draft.items.filter((item) => item.verdict).length;
  byId("file").textContent = draft.file;
  byId("count").textContent = `${decided} of ${draft.items.length} decided`;
  byId("items").replaceChildren(...draft.items.map(renderItem));
  byId("items").querySelector(".current")?.scrollIntoView({ block: "nearest" });
  renderStory();
}

function go(index) {
  current = Math.max(0, Math.min(draft.items.length - 1, index));
  render();
}

async function settle(verdict, fields) {
  if (await decide(verdict, fields)) go(current + 1);
}

function openEditor() {
  const item = draft.items[current];
  byId("edit-title").textContent = `Edit ${item.table} ${item.id}`;
  byId("fields").replaceChildren(...item.editable.map((name) => {
    const label = element("label", "", name.replaceAll("_", " "));
    const long = name === "content" || name === "arithmetic";
    const field = element(name === "stance" ? "select" : long ? "textarea" : "input");
    if (name === "stance") draft.stances.forEach((stance) => field.append(new Option(stance, stance)));
    field.name = name;
    field.value = item.fields[name] ?? "";
    label.append(field);
    return label;
  }));
  byId("edit").showModal();
}

byId("edit").addEventListener("close", () => {
  if (byId("edit").returnValue !== "save") return;
  const item = draft.items[current];
  const fields = {};
  for (const field of byId("fields").querySelectorAll("[name]")) {
    if (field.value !== (item.fields[field.name] ?? "")) fields[field.name] = field.value;
  }
  settle("accepted", fields);
});

const KEYS = {
  a: () => settle("accepted"),
  e: openEditor,
  r: () => settle("rejected"),
  u: () => decide(""),
  j: () => go(current + 1),
  k: () => go(current - 1),
  ArrowDown: () => go(current + 1),
  ArrowUp: () => go(current - 1),
};

document.addEventListener("keydown", (event) => {
  if (byId("edit").open || event.ctrlKey || event.metaKey || event.altKey || !draft.items.length) return;
  const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action || event.repeat) return;
  event.preventDefault();
  action();
});

load(["/draft"]);
