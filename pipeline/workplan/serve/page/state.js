// A change is kept by the server and the page is loaded anew: what was chosen, filtered and in
// sight is put back, so that it looks as if only the change had happened.
const bench = plans[0];
const KEPT = `workplan.view.${bench.id}`;

function leave(more) {
  const view = {
    filters: { ...state },
    row: chosen && { task: chosen.task.id, target: chosen.task.targets.indexOf(chosen.target) },
    sentence: sentenceNumber,
    table: find("scroll").scrollTop,
    text: find("text").scrollTop,
    overview: find("overview").open,
    history: !find("history").hidden,
    focus: document.activeElement && document.activeElement.id,
    ...more,
  };
  dirty = false;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(view));
  } catch {
    /* the page begins at its top */
  }
  location.assign(view.address || location.href);
}

function returnToView() {
  let view = null;
  try {
    view = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
  } catch {
    /* nothing was kept */
  }
  if (!view) {
    find("overview").open = false;
    return;
  }
  find("overview").open = view.overview;
  const { sort, down, ...filters } = view.filters;
  Object.assign(state, { sort, down });
  showHead();
  choose(filters);
  const row = rowAgain(view);
  if (row) select(row, false);
  else if (view.sentence !== null) chooseSentence(view.sentence, false);
  find("text").scrollTop = view.text;
  find("scroll").scrollTop = view.table;
  if (view.history) toggleHistory(true);
  if (view.said) note(view.said, "good");
  const goal = view.focus && find(view.focus);
  if (goal) goal.focus({ preventScroll: true });
}

// The row that was chosen: by task and target, else the first of its sentence.
function rowAgain({ row, sentence }) {
  const same = row && rows.filter((one) => one.task.id === row.task);
  if (same && same.length)
    return same.find((one) => one.task.targets.indexOf(one.target) === row.target) || same[0];
  return rows.find((one) => one.task.within === sentence && row) || null;
}

// Send a change, then show the plan as it is now.
async function change(body, said) {
  const who = author();
  if (!who) return;
  try {
    await ask("POST", `/api/plans/${bench.id}/changes`, { who, seen: bench.last, ...body });
    leave({ said });
  } catch (error) {
    if (error.code !== "conflict") {
      note(error.message, "warn");
      return;
    }
    const again = make(
      "button",
      { type: "button", on: { click: () => leave({}) } },
      say("conflictReload"),
    );
    note(`${error.message} `, "warn", again);
    again.focus();
  }
}
