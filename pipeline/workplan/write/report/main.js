// Ties the parts together: filters, keys, languages, theme, print.
const FIELDS = {
  text: "f-text",
  body: "f-body",
  metric: "f-metric",
  from: "f-from",
  to: "f-to",
  kind: "f-kind",
};

function update() {
  filter();
  find("count").textContent = say(
    "shown",
    new Set(shown.map((row) => row.task)).size.toLocaleString(),
    tasks.length.toLocaleString(),
  );
  if (!printing) find("scroll").scrollTop = 0;
  showRows();
  showDetail(shown.includes(chosen) ? chosen : null);
}

// Set filters from a chart or a card; the form shows what is set.
function choose(wish) {
  Object.assign(state, wish);
  for (const [name, id] of Object.entries(FIELDS)) find(id).value = state[name];
  find("f-plan").value = state.plan;
  find("f-review").checked = state.review;
  find("f-figure").checked = state.figure;
  update();
}

function clearFilters() {
  choose({
    plan: -1,
    text: "",
    body: "",
    metric: "",
    from: "",
    to: "",
    kind: "",
    review: false,
    figure: false,
  });
}

function readForm() {
  for (const [name, id] of Object.entries(FIELDS)) state[name] = find(id).value.trim();
  state.plan = +find("f-plan").value;
  state.review = find("f-review").checked;
  state.figure = find("f-figure").checked;
  update();
  if (state.plan >= 0) showPlan(plans[state.plan]);
}

function fillChoices() {
  const option = (value, text) => make("option", { value }, text);
  find("f-plan").replaceChildren(
    option(-1, say("all")),
    ...plans.map((plan) => option(plan.index, plan.title)),
  );
  find("f-plan").value = state.plan;
  const kinds = unique(tasks.map((task) => task.kind));
  find("kinds").hidden = kinds.length < 2;
  find("f-kind").replaceChildren(
    option("", say("all")),
    ...kinds.map((kind) => option(kind, say("kinds")[kind])),
  );
  find("f-kind").value = state.kind;
  const names = (list) =>
    unique(list.filter(Boolean))
      .sort(byName)
      .map((name) => make("option", { value: name }));
  find("body-names").replaceChildren(...names(rows.flatMap((row) => row.bodies)));
  find("metric-names").replaceChildren(
    ...names(rows.map((row) => row.target && row.target.metric)),
  );
}

function showPages() {
  const link = (href, word) => make("a", { href }, say(word));
  find("pages").hidden = !run.previous && !run.next;
  find("pages").replaceChildren(
    ...[
      run.previous && link(run.previous, "previous"),
      make("span", {}, say("page", run.page)),
      run.next && link(run.next, "next"),
    ].filter(Boolean),
  );
}

function showAll() {
  speak();
  showPages();
  showOverview();
  fillChoices();
  showLegend();
  showHead();
  update();
}

// The filters in words, for paper.
function conditions() {
  const said = [...find("filters").elements]
    .filter((field) => (field.type === "checkbox" ? field.checked : field.value && field.name))
    .map((field) => {
      const word = field.closest("label").querySelector("[data-word]").textContent;
      if (field.type === "checkbox") return word;
      const text = field.options ? field.options[field.selectedIndex].text : field.value;
      return field.value === "-1" ? "" : word + say("colon") + text;
    });
  return said.filter(Boolean).join(" · ");
}

function setPrinting(on) {
  printing = on;
  find("conditions").textContent = on ? conditions() : "";
  showHead();
  showRows();
}

function press(event) {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "Escape") return clearFilters();
  if (event.ctrlKey || event.metaKey || event.altKey || typing) return undefined;
  const page = Math.max(1, Math.floor(find("scroll").clientHeight / ROW) - 2);
  const steps = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -Infinity,
    End: Infinity,
  };
  if (event.key === "/") {
    event.preventDefault();
    find("f-text").focus();
  } else if (event.key in steps && !event.target.closest("#text, #detail")) {
    event.preventDefault();
    moveBy(steps[event.key]);
  } else if (
    event.key === "Enter" &&
    chosen &&
    !/^(BUTTON|A|SUMMARY)$/.test(event.target.tagName)
  ) {
    showPlan(chosen.task.plan);
    showClause(chosen, true);
    find("text").focus();
  }
  return undefined;
}

function start() {
  let timer = 0;
  find("filters").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(readForm, 120);
  });
  find("filters").addEventListener("submit", (event) => event.preventDefault());
  find("filters").addEventListener("reset", (event) => {
    event.preventDefault();
    clearFilters();
  });
  find("scroll").addEventListener("scroll", () => requestAnimationFrame(showRows));
  window.addEventListener("resize", () => requestAnimationFrame(showRows));
  find("text").addEventListener("click", (event) => {
    const mark = event.target.closest("mark");
    if (mark) chooseAt(+mark.dataset.at);
  });
  document.addEventListener("keydown", press);
  find("language").addEventListener("click", () => {
    language = language === "en" ? "zh-CN" : "en";
    const plan = current;
    current = null;
    showAll();
    if (plan) showPlan(plan);
    if (chosen) showClause(chosen, false);
  });
  find("theme").addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme === "dark";
    document.documentElement.dataset.theme = dark ? "light" : "dark";
  });
  find("help").addEventListener("click", () => {
    find("keys").hidden = !find("keys").hidden;
    find("help").setAttribute("aria-expanded", String(!find("keys").hidden));
  });
  find("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => setPrinting(true));
  window.addEventListener("afterprint", () => setPrinting(false));
  if (matchMedia("(prefers-color-scheme: dark)").matches)
    document.documentElement.dataset.theme = "dark";
  showAll();
  if (plans.length) showPlan(plans[0]);
}

start();
