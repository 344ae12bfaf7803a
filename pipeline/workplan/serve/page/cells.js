// The form for a row's cells, and the one for what the plan says of itself.
const COMPARATORS = ["eq", "ge", "gt", "le", "lt", "approx", "range"];
const ROLE_NAMES = { 牵头: "lead", 配合: "joint", 负责: "responsible" };

function openCells(row) {
  const { task, target } = row;
  const dated = target && target.deadline ? target : task;
  const [low, high] = target ? [target.value].flat() : [];
  const before = {
    phrase: task.phrase,
    orgs: bodiesTyped(row),
    kind: task.kind,
    deadline: dated.deadline || "",
    from: dated.from || "",
    to: dated.to || "",
    ...(target && {
      metric: target.metric || "",
      quantity: target.quantity,
      comparator: target.comparator,
      low: numberText(low),
      high: numberText(high),
      unit: target.unit,
    }),
  };
  const form = make("form", { id: "cells", autocomplete: "off" }, ...cellFields(before));
  const place = task.targets.indexOf(target);
  openForm(form, say("edit"), task.sentence, () => saveCells(row, place, before, form));
  watchWords(form);
  form.querySelector("textarea, input").focus();
}

function cellFields(before) {
  const option = (words) => (key) => [key, say(words)[key]];
  const fields = [
    field("phrase", before.phrase, { wide: true, tag: "textarea" }),
    field("orgs", before.orgs, { wide: true, hint: say("orgsHint") }),
  ];
  if ("quantity" in before)
    fields.push(
      field("metric", before.metric, { wide: true }),
      field("quantity", before.quantity, { wide: true }),
      choice("comparator", before.comparator, COMPARATORS.map(option("comparators"))),
      field("low", before.low, { inputmode: "decimal" }),
      field("high", before.high, { inputmode: "decimal" }),
      field("unit", before.unit, {}),
    );
  fields.push(
    field("deadline", before.deadline, { wide: true }),
    field("from", before.from, { type: "date", min: "1900-01-01" }),
    field("to", before.to, { type: "date", min: "1900-01-01" }),
    choice("kind", before.kind, ["task", "result", "background", "heading"].map(option("kinds"))),
  );
  return fields;
}

function field(name, value, { wide, tag, hint, ...attributes }) {
  const input = make(tag || "input", { name, id: `cell-${name}`, title: hint, ...attributes });
  input.value = value;
  if (hint) input.placeholder = hint;
  const label = make("label", { class: `${wide ? "wide" : ""} f-${name}` });
  label.append(make("span", {}, say("fields")[name]), input);
  return label;
}

function choice(name, value, options) {
  const select = make("select", { name, id: `cell-${name}` });
  select.append(...options.map(([key, word]) => make("option", { value: key }, word)));
  select.value = value;
  return make("label", { class: `f-${name}` }, make("span", {}, say("fields")[name]), select);
}

function openForm(form, title, sentence, save) {
  form.append(
    make(
      "div",
      { class: "buttons" },
      make("button", { type: "submit", class: "main" }, say("save")),
      make("button", { type: "button", on: { click: closePanel } }, say("cancel")),
      make("output", { class: "warn", role: "alert" }),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  const words = sentence ? make("p", { class: "shown" }, sentence) : null;
  openPanel(make("h3", {}, title), words, form);
}

// Words typed anew are read by the server as the program reads a plan's; the clerk sees what came
// of them and may set it right. A figure typed anew puts itself into words.
// The task's words name the figure too: they follow it, for the clerk to see.
function watchWords(form) {
  const cells = form.elements;
  let figure = cells.quantity && cells.quantity.value;
  const range = () => {
    if (cells.high) cells.high.closest("label").hidden = cells.comparator.value !== "range";
  };
  range();
  form.addEventListener("change", async ({ target: { name } }) => {
    if (name === "quantity" && cells.quantity.value.trim())
      await fillFigure(cells, await readWords({ quantity: cells.quantity.value }));
    if (name === "deadline") {
      const days = cells.deadline.value.trim()
        ? (await readWords({ deadline: cells.deadline.value })).deadline
        : { from: null, to: null };
      if (days) [cells.from.value, cells.to.value] = [days.from || "", days.to || ""];
    }
    if (["comparator", "low", "high", "unit"].includes(name))
      cells.quantity.value = figureWords(cells);
    if (figure && cells.quantity.value)
      cells.phrase.value = cells.phrase.value.replace(figure, () => cells.quantity.value);
    figure = cells.quantity && cells.quantity.value;
    range();
  });
}

async function readWords(words) {
  const query = new URLSearchParams({ ...words, ...(bench.year && { year: bench.year }) });
  try {
    return await ask("GET", `/api/read?${query}`);
  } catch {
    return {};
  }
}

function fillFigure(cells, { quantity }) {
  if (!quantity) return;
  const [low, high] = [quantity.value].flat();
  cells.comparator.value = quantity.comparator;
  [cells.low.value, cells.high.value] = [numberText(low), numberText(high)];
  cells.unit.value = quantity.unit;
}

function figureWords({ comparator, low, high, unit }) {
  const [first, last] = [low.value.trim(), high.value.trim()];
  if (!first) return "";
  const figure = first + unit.value.trim();
  const forms = {
    eq: figure,
    ge: `${figure}以上`,
    gt: `超过${figure}`,
    le: `${figure}以内`,
    lt: `低于${figure}`,
    approx: `${figure}左右`,
    range: `${first}—${last}${unit.value.trim()}`,
  };
  return forms[comparator.value];
}

function numberText(number) {
  return number === null || number === undefined ? "" : String(number);
}

function bodiesTyped(row) {
  const roles = Object.fromEntries(row.task.bodies.map((body) => [body.text, body.role]));
  const names = { lead: "（牵头）", joint: "（配合）" };
  return row.bodies.map((body) => body + (names[roles[body]] || "")).join("、");
}

// 县教育局（牵头）、县财政局（配合） → names with their parts.
function readBodies(text) {
  return text
    .split(/[、，,；;\n]+/)
    .map((part) => /^(.*?)(?:[（(](牵头|配合|负责)[）)])?$/su.exec(part.trim()))
    .filter((match) => match && match[1])
    .map((match) => ({ text: match[1].trim(), role: ROLE_NAMES[match[2]] || "responsible" }));
}

function readNumber(text) {
  const plain = text.replace(/[,，\s]/g, "");
  if (plain === "") return null;
  const number = Number(plain);
  if (Number.isNaN(number)) throw new Error(say("notNumber", text));
  return number;
}

function saveCells(row, place, before, form) {
  const after = Object.fromEntries(new FormData(form).entries());
  const changed = (...names) => names.some((name) => after[name].trim() !== before[name]);
  const [cells, targetCells] = [{}, {}];
  // A row with a figure has its own bodies and deadline; the task's follow where no other row has
  // them (the server sees to that).
  const shared = row.target ? targetCells : cells;
  try {
    for (const name of ["phrase", "kind"]) if (changed(name)) cells[name] = after[name].trim();
    if (changed("orgs")) shared.orgs = readBodies(after.orgs);
    if (changed("deadline")) shared.deadline = after.deadline.trim() || null;
    if (changed("from", "to")) shared.due = { from: after.from || null, to: after.to || null };
    if (row.target) {
      for (const name of ["metric", "quantity", "unit"])
        if (changed(name)) targetCells[name] = after[name].trim();
      if (changed("comparator", "low", "high")) Object.assign(targetCells, figureOf(after));
    }
  } catch (error) {
    form.querySelector("output").textContent = error.message;
    return;
  }
  if (!Object.keys(cells).length && !Object.keys(targetCells).length) {
    closePanel();
    find("act-edit").focus();
    return;
  }
  const target = row.target ? { target: place, target_cells: targetCells } : {};
  change({ kind: "cells", task: row.task.id, cells, ...target }, say("saved"));
}

function figureOf({ comparator, low, high }) {
  const first = readNumber(low);
  if (comparator !== "range" || first === null) return { comparator, value: first };
  return { comparator, value: [first, readNumber(high) ?? first] };
}

function openFacts() {
  const before = {
    year: bench.year ? String(bench.year) : "",
    title: bench.title,
    issuer: bench.issuer || "",
  };
  const form = make("form", { id: "cells", autocomplete: "off" });
  form.append(
    field("year", before.year, { type: "number", min: 1949, max: 2199 }),
    field("title", before.title, { wide: true }),
    field("issuer", before.issuer, { wide: true }),
  );
  openForm(form, say("facts"), "", () => {
    const after = Object.fromEntries(new FormData(form).entries());
    const told = Object.entries(after).filter(([name, text]) => text.trim() !== before[name]);
    const facts = told.map(([name, text]) => [
      name,
      name === "year" ? (text ? Number(text) : null) : text.trim() || null,
    ]);
    if (facts.length) change({ kind: "plan", ...Object.fromEntries(facts) }, say("saved"));
    else closePanel();
  });
  form.querySelector("input").focus();
}
