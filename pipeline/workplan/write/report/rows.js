// The plans as embedded, the table's rows, and which of them the filters let through.
const run = JSON.parse(find("run").textContent);
const plans = [...document.querySelectorAll("script.plan")].map((node, index) => {
  const plan = JSON.parse(node.textContent);
  node.remove();
  return Object.assign(plan, { index });
});
const tasks = plans.flatMap((plan) => plan.tasks.map((task) => Object.assign(task, { plan })));

// One row a target, one for a task without: as in the spreadsheet.
const rows = tasks.flatMap((task, index) => {
  task.number = run.first + index;
  const targets = task.targets.length ? task.targets : [null];
  return targets.map((target, place) => ({ task, target, again: place > 0, order: 0 }));
});
rows.forEach((row, order) => {
  row.order = order;
  const own = row.target && row.target.orgs.length ? row.target.orgs : null;
  row.bodies =
    own ||
    unique(row.task.bodies.filter((body) => body.role !== "object").map((body) => body.text));
  const dated = row.target && row.target.deadline ? row.target : row.task;
  row.deadline = dated.deadline || "";
  row.from = dated.from;
  row.to = dated.to;
  row.rule = dated.rule;
  row.reasons = (row.target || row.task).reasons;
  row.words = [
    row.task.phrase,
    row.task.sentence,
    row.task.section.join(" "),
    row.bodies.join(" "),
    row.deadline,
    row.target ? `${row.target.metric || ""} ${row.target.quantity}` : "",
    row.task.plan.title,
    row.reasons.join(" "),
  ]
    .join("\n")
    .toLowerCase();
});

const state = {
  plan: -1,
  text: "",
  body: "",
  metric: "",
  from: "",
  to: "",
  kind: "",
  review: false,
  figure: false,
  sort: null,
  down: false,
};
let shown = rows;

// Chinese names in the order of their sounds; made once, since localeCompare makes one a call.
const byName = new Intl.Collator("zh-CN").compare;

function unique(list) {
  return [...new Set(list)];
}

function matches(row) {
  const { task, target } = row;
  if (state.plan >= 0 && task.plan.index !== state.plan) return false;
  if (state.kind && task.kind !== state.kind) return false;
  if (state.review && !row.reasons.length) return false;
  if (state.figure && !target) return false;
  if (state.body && !row.bodies.some((body) => body.includes(state.body))) return false;
  if (state.metric && !(target && (target.metric || "").includes(state.metric))) return false;
  // A deadline that is open at one end is due at the other.
  const due = row.to || row.from;
  if ((state.from || state.to) && !due) return false;
  if (state.from && due < state.from) return false;
  if (state.to && due > state.to) return false;
  return state.text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => row.words.includes(word));
}

const KEYS = {
  number: (row) => row.order,
  task: (row) => row.task.phrase,
  body: (row) => row.bodies.join("、"),
  metric: (row) => (row.target && row.target.metric) || "",
  quantity: (row) => (row.target ? [row.target.value].flat()[0] : null),
  deadline: (row) => row.to || row.from || "",
  confidence: (row) => row.task.confidence,
  review: (row) => row.reasons.join("；"),
};

// Empty cells stand last in either direction; equal ones keep the plan's order.
function compare(a, b) {
  const [x, y] = [KEYS[state.sort](a), KEYS[state.sort](b)];
  const [noX, noY] = [x === "" || x === null, y === "" || y === null];
  if (noX || noY) return noX - noY || a.order - b.order;
  const order = typeof x === "number" ? x - y : byName(x, y);
  return (state.down ? -order : order) || a.order - b.order;
}

function filter() {
  shown = rows.filter(matches);
  if (state.sort) shown.sort(compare);
}

// 2130000000 is read more safely as 2,130,000,000.
function grouped(number) {
  return number.toLocaleString("en", { maximumFractionDigits: 20 });
}

function valueText(target) {
  if (target.value === null) return "";
  const mark = target.kind === "change" ? say("change") + " " : "";
  const figure = [target.value].flat().map(grouped).join("—");
  return `${mark}${say("compare")[target.comparator]}${figure}${target.unit}`;
}

function bodiesText(row) {
  const roles = Object.fromEntries(row.task.bodies.map((body) => [body.text, body.role]));
  return row.bodies
    .map((body) =>
      ["lead", "joint"].includes(roles[body]) ? `${body}（${say(roles[body])}）` : body,
    )
    .join("、");
}
