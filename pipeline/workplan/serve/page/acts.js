// What can be done with what is chosen: a bar above the detail, and the keys for it.
let sentenceNumber = null;
// Whether the panel holds what is not saved: no slip of the mouse may lose it.
let dirty = false;

const acts = make("div", { id: "acts", role: "toolbar", "data-label": "acts" });
const panel = make("section", { id: "panel", hidden: true });
find("detail").before(acts);
find("tasks").append(panel);

function showActs() {
  const row = chosen;
  const button = (id, key, enabled, action) =>
    make(
      "button",
      { type: "button", id, disabled: !enabled, "aria-keyshortcuts": key, on: { click: action } },
      say(id === "act-check" && row && row.task.review.who ? "uncheckIt" : ACT_WORDS[id]),
      make("kbd", { "aria-hidden": "true" }, key),
    );
  acts.replaceChildren(
    button("act-edit", "E", row, () => unsaved() || openCells(row)),
    button("act-mark", "M", sentenceNumber !== null, () => unsaved() || openMarks(sentenceNumber)),
    button("act-check", "R", row, () => unsaved() || check(row)),
    make("span", { class: "soft" }, stateOfChoice(row)),
  );
}

const ACT_WORDS = { "act-edit": "edit", "act-mark": "mark", "act-check": "checkIt" };

function stateOfChoice(row) {
  if (sentenceNumber === null) return say("pickFirst");
  const { review } = row ? row.task : { review: {} };
  const mark = bench.marked[sentenceNumber];
  return [
    review.who && say("reviewedBy", review.who, clock(review.at)),
    mark && say("markedBy", mark.who, clock(mark.at)),
  ]
    .filter(Boolean)
    .join("；");
}

function check(row) {
  const reviewed = !row.task.review.who;
  change({ kind: "review", task: row.task.id, reviewed }, say(reviewed ? "checked" : "unchecked"));
}

// A sentence without a task is chosen too: spans may be missing from it.
function chooseSentence(number, reveal) {
  if (number < 0 || number >= bench.sentences.length) return;
  const [start, end] = bench.sentences[number];
  const row = rows.find((one) => one.task.within === number && shown.includes(one));
  if (row) {
    select(row, reveal);
  } else {
    chosen = null;
    showPlan(bench);
    showClause({ task: { start, end, action: [start, start] }, target: null }, reveal);
    showRows();
    find("detail").hidden = true;
  }
  sentenceNumber = number;
  showActs();
}

// The number of the last sentence that begins at or before an offset of the text.
function sentenceAt(offset) {
  let found = 0;
  bench.sentences.forEach(([start], number) => {
    if (start <= offset) found = number;
  });
  return found;
}

function stepSentence(step) {
  const at = sentenceNumber === null ? (step > 0 ? -1 : bench.sentences.length) : sentenceNumber;
  chooseSentence(at + step, true);
}

function openPanel(...content) {
  panel.replaceChildren(...content.filter(Boolean));
  panel.hidden = false;
  dirty = false;
  find("tasks").classList.add("editing");
  showRows();
}

function closePanel() {
  panel.hidden = true;
  dirty = false;
  panel.replaceChildren();
  find("tasks").classList.remove("editing");
}

function unsaved() {
  if (dirty) note(say("unsaved"), "warn");
  return dirty;
}

panel.addEventListener("input", () => (dirty = true));
window.addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

// Keys inside the panel are the panel's: the report must not move rows or clear filters by them.
panel.addEventListener("keydown", (event) => {
  event.stopPropagation();
  if (event.key === "Escape") {
    closePanel();
    find("act-edit").focus();
    if (find("act-edit").disabled) find("act-mark").focus();
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
    panel.querySelector("form").requestSubmit();
});

function pressAct(event) {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (typing || event.altKey) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "z") {
    event.preventDefault();
    undoLast();
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  const act = { e: "act-edit", m: "act-mark", r: "act-check" }[event.key.toLowerCase()];
  if (act && !find(act).disabled) {
    event.preventDefault();
    find(act).click();
  } else if (event.key === "[" || event.key === "]") {
    event.preventDefault();
    stepSentence(event.key === "]" ? 1 : -1);
  }
}
