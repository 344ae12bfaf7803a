// Ties the workbench's parts to the report's: what the report does on its own stays as it is.
const reportDetail = showDetail;
const reportSpeak = speak;
const reportLine = line;
const reportHelp = Object.fromEntries(
  Object.entries(WORDS).map(([code, words]) => [code, words.help]),
);

// eslint-disable-next-line no-func-assign -- the report calls these by name; both must happen.
showDetail = (row) => {
  reportDetail(row);
  if (row) sentenceNumber = row.task.within;
  if (!dirty) closePanel();
  showActs();
};

// eslint-disable-next-line no-func-assign
speak = () => {
  WORDS[language].help = [...say("benchHelp"), ...reportHelp[language]];
  reportSpeak();
  document.title = `${bench.title} · ${say("bench")}`;
  acts.setAttribute("aria-label", say("acts"));
  find("exports").replaceChildren(...exportLinks(say("exportPlan"), [bench.id]));
  find("kinds-all").textContent = say(bench.showAll ? "showTasks" : "showAll");
  showHistory();
  showActs();
};

// A row that was checked or filled in by hand says so in the column of reviews.
const reviewColumn = COLUMNS.find(([name]) => name === "review");
const reportReview = reviewColumn[2];
reviewColumn[2] = (row) =>
  [
    row.task.review.who && say("reviewedShort"),
    row.task.edits.length && say("editedShort"),
    reportReview(row),
  ]
    .filter(Boolean)
    .join("；");

// eslint-disable-next-line no-func-assign
line = (row, place) => {
  const node = reportLine(row, place);
  // What was checked or filled in is no warning, unless something is still open.
  node.querySelector("td.review").classList.toggle("fine", !row.reasons.length);
  return node;
};

function startPlan() {
  document.addEventListener("keydown", pressAct);
  find("text").addEventListener("mouseup", () => setTimeout(takeFromSource));
  find("language").addEventListener("click", () => note(""));
  find("facts").addEventListener("click", () => unsaved() || openFacts());
  find("changes").addEventListener("click", () => toggleHistory(find("history").hidden));
  find("history").addEventListener("keydown", (event) => event.stopPropagation());
  find("kinds-all").addEventListener("click", () => {
    if (unsaved()) return;
    const address = new URL(location.href);
    if (bench.showAll) address.searchParams.delete("show");
    else address.searchParams.set("show", "all");
    leave({ address: address.href });
  });
  keepHabits();
  if (remembered("language") === "en") find("language").click();
  else showAll();
  returnToView();
}

startPlan();
