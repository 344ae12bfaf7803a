// The numbers at the top: cards, tasks by organisation, files that failed.
function showOverview() {
  const own = tasks.filter((task) => task.kind === "task");
  const mine = rows.filter((row) => row.task.kind === "task");
  const cards = [
    ["plans", plans.length],
    ["tasks", own.length],
    ["targets", mine.filter((row) => row.target).length, "", () => choose({ figure: true })],
    [
      "dated",
      new Set(mine.filter((row) => row.to || row.from || row.rule).map((row) => row.task)).size,
    ],
    [
      "reviews",
      new Set(mine.filter((row) => row.reasons.length).map((row) => row.task)).size,
      "warn",
      () => choose({ review: true }),
    ],
    ["failed", run.failed, "warn"],
    ["hidden", run.hidden, "", null, say("hiddenWhy")],
  ];
  find("cards").replaceChildren(
    ...cards
      .filter(([name, count]) => count || ["plans", "tasks", "targets", "reviews"].includes(name))
      .map(card),
  );
  showTimeline(mine);
  showBodies(mine);
  find("failures").hidden = !run.failures.length;
  find("failures")
    .querySelector("ul")
    .replaceChildren(
      ...run.failures.map((one) =>
        make(
          "li",
          {},
          make("b", {}, one.path),
          ` — ${inLanguage(one.reason)} → ${inLanguage(one.advice)}`,
        ),
      ),
    );
}

function card([name, count, style, action, why]) {
  const inside = [make("b", {}, count.toLocaleString()), make("span", {}, say(name))];
  const attributes = { class: `card ${style || ""}`, title: why };
  if (!action) return make("div", attributes, ...inside);
  return make("button", { ...attributes, type: "button", on: { click: action } }, ...inside);
}

function tally(mine, keysOf) {
  const seen = new Map();
  for (const row of mine)
    for (const key of keysOf(row)) seen.set(key, (seen.get(key) || new Set()).add(row.task));
  return [...seen].map(([key, set]) => [key, set.size]);
}

function showBodies(mine) {
  const bodies = tally(mine, (row) => row.bodies)
    .sort(([a, m], [b, n]) => n - m || byName(a, b))
    .slice(0, 12);
  const most = Math.max(1, ...bodies.map(([, count]) => count));
  find("bodies").replaceChildren(
    ...bodies.map(([body, count]) => {
      const bar = make("i");
      bar.style.width = `${(count / most) * 100}%`;
      return make(
        "button",
        { type: "button", class: "body", title: body, on: { click: () => choose({ body }) } },
        make("span", {}, body),
        bar,
        make("em", {}, String(count)),
      );
    }),
  );
  if (!bodies.length) find("bodies").textContent = "—";
}
