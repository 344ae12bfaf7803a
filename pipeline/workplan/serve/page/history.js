// What was changed, by whom and when; each change can be undone and brought back.
function showHistory() {
  const counting = bench.history.filter((one) => one.counts).length;
  const idle = bench.history.filter((one) => one.idle && one.kind === "cells").length;
  find("changes").textContent = say("changes", counting) + (idle ? say("idleCount", idle) : "");
  find("changes").classList.toggle("warn", idle > 0);
  find("history").replaceChildren(
    make("h2", {}, say("historyTitle")),
    bench.history.length
      ? make("ol", {}, ...bench.history.map(historyLine))
      : make("p", {}, say("historyEmpty")),
  );
}

function historyLine(one) {
  const number = one.counts ? one.number : one.undo.number;
  const word = say(one.counts ? "undo" : "redo");
  return make(
    "li",
    { class: one.counts ? null : "undone" },
    make("span", { class: "did" }, say("did")[one.kind]),
    make("span", { class: "shown" }, one.body.words || ""),
    make("span", { class: "what" }, ...whatChanged(one)),
    make("span", { class: "soft" }, say("by", one.who, clock(one.at))),
    one.idle ? make("span", { class: "warn" }, say(one.kind === "cells" ? "idle" : "lapsed")) : null,
    one.counts ? null : make("span", { class: "soft" }, say("undone", one.undo.who, clock(one.undo.at))),
    make(
      "button",
      {
        type: "button",
        id: `undo-${one.number}`,
        "aria-label": `${word}：${say("did")[one.kind]} ${one.number}`,
        on: { click: () => unsaved() || change({ kind: "undo", number }, word) },
      },
      word,
    ),
  );
}

function whatChanged({ kind, body }) {
  if (kind === "review") return [say(body.reviewed ? "checked" : "unchecked")];
  if (kind === "plan") return cellChanges(body.before, body.facts);
  if (kind === "spans") return spanChanges(body);
  return [
    ...cellChanges(body.before, body.cells),
    ...(body.target ? cellChanges(body.target_before, body.target_cells) : []),
  ];
}

function cellChanges(before, after) {
  const changed = Object.keys(after).filter(
    (name) => cellText(name, before[name]) !== cellText(name, after[name]),
  );
  return changed.flatMap((name) => [
    make("b", {}, say("fields")[name === "value" ? "low" : name === "due" ? "to" : name]),
    " ",
    make("del", {}, cellText(name, before[name])),
    " → ",
    make("ins", {}, cellText(name, after[name])),
    "　",
  ]);
}

function cellText(name, value) {
  if (value === null || value === undefined || value === "") return "—";
  if (name === "due") return `${value.from || say("open")}—${value.to || say("open")}`;
  if (name === "comparator") return say("comparators")[value];
  if (name === "kind") return say("kinds")[value];
  if (name === "orgs")
    return value.map(bodyText).join("、") || "—";
  return [value].flat().join("—");
}

function bodyText(body) {
  const part = ["lead", "joint"].includes(body.role) ? `（${say(body.role)}）` : "";
  return (body.text || body) + part;
}

function spanChanges({ words, before, spans }) {
  const signs = [...words];
  const key = (span) => span.join(" ");
  const [old, now] = [new Set(before.map(key)), new Set(spans.map(key))];
  const shown = (tag) => ([start, end, label]) =>
    make(tag, {}, make("mark", { class: label }, signs.slice(start, end).join("")));
  const gone = before.filter((span) => !now.has(key(span))).map(shown("del"));
  const come = spans.filter((span) => !old.has(key(span))).map(shown("ins"));
  if (!gone.length && !come.length) return [say("checked")];
  return [...gone, gone.length && come.length ? " → " : "", ...come];
}

function toggleHistory(open) {
  find("history").hidden = !open;
  find("changes").setAttribute("aria-expanded", String(open));
}

function undoLast() {
  const last = bench.history.find((one) => one.counts);
  if (last && !unsaved()) change({ kind: "undo", number: last.number }, say("undo"));
}
