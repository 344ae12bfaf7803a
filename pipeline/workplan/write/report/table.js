// The table: only the rows in sight are in the page, so that ten thousand scroll like ten.
const COLUMNS = [
  ["number", "6%", (row) => String(row.task.number)],
  ["task", "26%", (row) => row.task.phrase],
  ["body", "16%", bodiesText],
  ["metric", "13%", (row) => (row.target && row.target.metric) || ""],
  ["quantity", "10%", (row) => (row.target ? row.target.quantity : "")],
  ["deadline", "10%", (row) => row.deadline],
  ["confidence", "7%", (row) => row.task.confidence.toFixed(2)],
  ["review", "12%", (row) => row.reasons.join("；")],
];
const SHARED = new Set(["number", "task", "confidence"]);
const ROW = 49;
let chosen = null;
let printing = false;

function showHead() {
  find("table")
    .querySelector("thead tr")
    .replaceChildren(
      ...COLUMNS.map(([name, width]) => {
        const sorted = state.sort === name ? (state.down ? "descending" : "ascending") : "none";
        // A head that is repeated on every printed page shows its text, but no button.
        const inside = printing
          ? say(name)
          : make("button", { type: "button", on: { click: () => sortBy(name) } }, say(name));
        const head = make("th", { scope: "col", "aria-sort": sorted }, inside);
        head.style.width = width;
        return head;
      }),
    );
}

function sortBy(name) {
  if (state.sort !== name) Object.assign(state, { sort: name, down: false });
  else if (!state.down) state.down = true;
  else Object.assign(state, { sort: null, down: false });
  showHead();
  update();
  // The head is made anew: whoever sorts by keys goes on from the same column.
  find("table")
    .querySelectorAll("th button")
    [COLUMNS.findIndex(([column]) => column === name)].focus();
}

function showRows() {
  const box = find("scroll");
  const [top, height] = [box.scrollTop, box.clientHeight];
  const first = printing ? 0 : Math.max(0, Math.floor(top / ROW) - 10);
  const last = printing
    ? shown.length
    : Math.min(shown.length, first + Math.ceil(height / ROW) + 20);
  find("table").setAttribute("aria-rowcount", shown.length + 1);
  find("table")
    .querySelector("tbody")
    .replaceChildren(
      gap(first),
      ...shown
        .slice(first, last)
        .flatMap((row, place) => [planLine(row, first + place), line(row, first + place)])
        .filter(Boolean),
      gap(shown.length - last),
    );
  find("none").hidden = shown.length > 0;
}

function gap(count) {
  const cell = make("td", { colspan: COLUMNS.length });
  cell.style.height = `${count * ROW}px`;
  return make("tr", { class: "gap", "aria-hidden": "true", hidden: count === 0 }, cell);
}

// On paper no source stands beside the table: each plan's rows are headed by its title.
function planLine(row, place) {
  const before = shown[place - 1];
  if (!printing || state.sort || plans.length < 2) return null;
  if (before && before.task.plan === row.task.plan) return null;
  const head = make("th", { colspan: COLUMNS.length, scope: "rowgroup" }, row.task.plan.title);
  return make("tr", { class: "plan" }, head);
}

function line(row, place) {
  const marks = [row === chosen && "chosen", row.again && !state.sort && "again"]
    .filter(Boolean)
    .join(" ");
  const cells = COLUMNS.map(([name, , read]) => {
    const text = read(row);
    const style = [
      SHARED.has(name) && "shared",
      name === "review" && "review",
      ["number", "confidence"].includes(name) && "number",
    ]
      .filter(Boolean)
      .join(" ");
    return make(
      "td",
      { class: style || null },
      make("div", { title: text.length > 12 ? text : null }, text),
    );
  });
  return make(
    "tr",
    {
      class: marks || null,
      "aria-rowindex": place + 2,
      "aria-selected": row === chosen ? "true" : "false",
      on: { click: () => select(row, true) },
    },
    ...cells,
  );
}

// Choose a row; `reveal` moves the source to it, and the table is moved where it is out of sight.
function select(row, reveal) {
  chosen = row;
  // First the detail: it takes its room from the table.
  showDetail(row);
  if (row) {
    bringIntoSight(shown.indexOf(row));
    showPlan(row.task.plan);
    showClause(row, reveal);
  }
  showRows();
}

function bringIntoSight(place) {
  const box = find("scroll");
  if (place < 0) return;
  const head = find("table").tHead.offsetHeight;
  const top = place * ROW;
  if (top < box.scrollTop) box.scrollTop = top;
  if (top + ROW + head > box.scrollTop + box.clientHeight)
    box.scrollTop = top + ROW + head - box.clientHeight;
}

function showNote(text) {
  find("detail").hidden = false;
  find("detail").replaceChildren(make("p", {}, text));
}

function showDetail(row) {
  const box = find("detail");
  box.hidden = !row;
  if (!row) return;
  const { task, target } = row;
  const dates = row.rule
    ? `${say("rule")}：${row.rule}`
    : row.from || row.to
      ? `${row.from || say("open")} — ${row.to || say("open")}`
      : "";
  const figure =
    target &&
    [
      target.metric,
      target.quantity,
      valueText(target) && `（${valueText(target)}）`,
      target.per && `${say("per")}：${target.per}`,
      target.baseline !== null &&
        `${say("baseline")}：${[target.baseline].flat().map(grouped).join("—")}`,
    ]
      .filter(Boolean)
      .join(" ");
  const facts = [
    ["plan", plans.length > 1 ? task.plan.title : ""],
    ["section", task.section.join(" / ")],
    ["task", task.phrase],
    ["kind", task.kind === "task" ? "" : say("kinds")[task.kind]],
    [
      "body",
      task.bodies
        .map(
          (body) =>
            `${body.canonical && body.canonical !== body.text ? `${body.text}＝${body.canonical}` : body.text}（${say(body.role)}）`,
        )
        .join("、"),
    ],
    ["target", figure],
    ["deadline", row.deadline],
    ["due", dates],
    ["sentence", task.sentence],
    ["id", task.id],
  ];
  const list = make(
    "dl",
    {},
    ...facts
      .filter(([, text]) => text)
      .flatMap(([name, text]) => [make("dt", {}, say(name)), make("dd", {}, text)]),
  );
  if (row.reasons.length)
    list.append(
      make("dt", {}, say("review")),
      make("dd", {}, ...row.reasons.map((reason) => make("span", { class: "reason" }, reason))),
    );
  box.replaceChildren(list);
}

function moveBy(step) {
  if (!shown.length) return;
  const at = shown.indexOf(chosen);
  const to = at < 0 ? 0 : Math.max(0, Math.min(shown.length - 1, at + step));
  select(shown[to], true);
}
