// The first page: files come in, their progress shows, plans open, results go out.
const SLOW = 1000;
const DESK_COLUMNS = [
  "choose",
  "plan",
  "state",
  "tasks",
  "targets",
  "reviews",
  "reviewed",
  "edited",
  "added",
  "remove",
];
let listed = [];
let sending = [];
let polling = 0;
const picked = new Set();

function showDesk() {
  WORDS[language].help = say("deskHelp");
  speak();
  document.title = say("bench");
  find("list").tHead.rows[0].replaceChildren(
    ...DESK_COLUMNS.map((name) => make("th", { scope: "col", class: name }, headOf(name))),
  );
  showList();
}

function headOf(name) {
  if (name !== "choose") return say("columns")[name];
  const all = make("input", {
    type: "checkbox",
    id: "choose-all",
    "aria-label": say("chooseAll"),
    on: { change: (event) => chooseAll(event.target.checked) },
  });
  return all;
}

function showList() {
  const focused = document.activeElement && document.activeElement.dataset.key;
  const body = find("list").tBodies[0];
  body.replaceChildren(...sending.map(sendingLine), ...[...listed].reverse().map(listLine));
  find("empty").hidden = listed.length + sending.length > 0;
  find("list-box").hidden = !find("empty").hidden;
  const done = listed.filter((plan) => plan.state === "done");
  const sum = (key) => done.reduce((total, plan) => total + (plan.counts[key] || 0), 0);
  find("total").textContent = done.length
    ? say("total", done.length, sum("tasks").toLocaleString(), sum("reviews").toLocaleString())
    : "";
  const ids = done.map((plan) => plan.id).filter((id) => picked.has(id));
  const lead = ids.length ? say("exportChosen", ids.length) : say("exportAll");
  find("exports").replaceChildren(...(done.length ? exportLinks(lead, ids) : []));
  const box = find("choose-all");
  if (box) box.checked = done.length > 0 && ids.length === done.length;
  // The list is made anew at each look at the server: whoever was on a row stays there.
  if (focused) body.querySelector(`[data-key="${focused}"]`)?.focus();
}

function sendingLine(file) {
  const bar = make("progress", { max: 100, value: file.percent, "aria-label": file.name });
  const state = file.error
    ? make("span", { class: "failed" }, file.error)
    : make("span", {}, bar, ` ${say("sending", file.percent)}`);
  return make(
    "tr",
    {},
    make("td", { class: "choose" }),
    make("td", { class: "plan" }, make("b", {}, file.name)),
    make("td", { class: "state", colspan: DESK_COLUMNS.length - 2 }, state),
  );
}

function listLine(plan) {
  const done = plan.state === "done";
  const counts = ["tasks", "targets", "reviews", "reviewed", "edited"];
  const figures = counts.map((key) =>
    make(
      "td",
      { class: key === "reviews" && plan.counts[key] ? "count warn" : "count" },
      done ? String(plan.counts[key] || 0) : "",
    ),
  );
  return make(
    "tr",
    { "data-plan": plan.id },
    make("td", { class: "choose" }, done ? chooser(plan) : null),
    make("td", { class: "plan" }, ...titleOf(plan)),
    make("td", { class: "state" }, ...stateOf(plan)),
    ...(plan.failure ? [] : figures),
    make("td", { class: "added" }, clock(plan.at), make("small", {}, plan.who)),
    make(
      "td",
      { class: "remove" },
      make(
        "button",
        {
          type: "button",
          "data-key": `remove-${plan.id}`,
          "aria-label": say("removeOne", plan.name),
          on: { click: () => removePlan(plan) },
        },
        say("remove"),
      ),
    ),
  );
}

function chooser(plan) {
  return make("input", {
    type: "checkbox",
    checked: picked.has(plan.id),
    "data-key": `choose-${plan.id}`,
    "aria-label": say("chooseOne", plan.name),
    on: {
      change: (event) => {
        if (event.target.checked) picked.add(plan.id);
        else picked.delete(plan.id);
        showList();
      },
    },
  });
}

function titleOf(plan) {
  const name = make("small", {}, plan.name);
  if (plan.state !== "done") return [make("b", {}, plan.name)];
  const link = make(
    "a",
    { href: `/plans/${plan.id}`, "data-key": `open-${plan.id}` },
    plan.title || plan.name,
  );
  return [link, plan.title === plan.name ? "" : name];
}

function stateOf(plan) {
  const word = make("span", { class: plan.state }, say("states")[plan.state]);
  if (plan.state === "reading") {
    const since = Math.max(0, Math.round((Date.now() - Date.parse(plan.began)) / 1000));
    return [make("progress", { "aria-label": plan.name }), " ", word, ` ${say("seconds", since)}`];
  }
  if (!plan.failure) return [word];
  const why = `${inLanguage(plan.failure.reason)} → ${inLanguage(plan.failure.advice)}`;
  return [word, make("small", {}, why)];
}

function chooseAll(on) {
  picked.clear();
  if (on) for (const plan of listed) if (plan.state === "done") picked.add(plan.id);
  showList();
}

async function look() {
  clearTimeout(polling);
  try {
    listed = await ask("GET", "/api/plans");
    if (find("note").classList.contains("lost")) note("");
  } catch (error) {
    note(error.message, "warn lost");
  }
  showList();
  const busy = listed.some((plan) => ["waiting", "reading"].includes(plan.state));
  const lost = find("note").classList.contains("lost");
  if (busy || lost) polling = setTimeout(look, SLOW);
}

async function removePlan(plan) {
  const back = make(
    "button",
    { type: "button", on: { click: () => restorePlan(plan) } },
    say("restore"),
  );
  try {
    await ask("DELETE", `/api/plans/${plan.id}`);
    picked.delete(plan.id);
    note(say("removed", plan.name), "", " ", back);
    back.focus();
  } catch (error) {
    note(error.message, "warn");
  }
  await look();
}

async function restorePlan(plan) {
  try {
    await ask("POST", `/api/plans/${plan.id}/restore`);
    note("");
  } catch (error) {
    note(error.message, "warn");
  }
  await look();
}

// One request a file: each has its own progress, and one that is refused stops no other.
async function sendFiles(files) {
  const who = author();
  if (!who) return;
  note("");
  const queue = [...files].map((file) => ({ file, name: file.name, percent: 0, error: "" }));
  sending = [...sending.filter((one) => !one.error), ...queue];
  showList();
  for (const one of queue) {
    try {
      const [taken] = await send(one, who);
      if (taken.failure) one.error = `${inLanguage(taken.failure.reason)} → ${inLanguage(taken.failure.advice)}`;
      else if (taken.news !== "new") note(`${taken.name}：${say("news")[taken.news]}`);
    } catch (error) {
      one.error = error.message;
    }
    if (!one.error) sending = sending.filter((other) => other !== one);
    await look();
  }
}

function send(one, who) {
  const form = new FormData();
  form.append("who", who);
  form.append("files", one.file);
  // fetch tells no progress of what is sent; this does.
  const request = new XMLHttpRequest();
  request.open("POST", "/api/plans");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    one.percent = Math.round((event.loaded / event.total) * 100);
    showList();
  });
  return new Promise((resolve, reject) => {
    const lost = () =>
      reject(new Refused({ what: say("unreachable"), remedy: say("unreachableWhy") }));
    request.addEventListener("error", lost);
    request.addEventListener("load", () => {
      if (request.status === 201) resolve(request.response);
      else if (request.response) reject(new Refused(request.response.error));
      else lost();
    });
    request.send(form);
  });
}

function takeDrops() {
  const box = find("drop");
  const files = find("files");
  files.addEventListener("change", () => {
    sendFiles(files.files);
    files.value = "";
  });
  for (const name of ["dragover", "drop"])
    document.addEventListener(name, (event) => event.preventDefault());
  document.addEventListener("dragover", () => box.classList.add("over"));
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) box.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    box.classList.remove("over");
    if (event.dataTransfer.files.length) sendFiles(event.dataTransfer.files);
  });
}

function startDesk() {
  if (matchMedia("(prefers-color-scheme: dark)").matches)
    document.documentElement.dataset.theme = "dark";
  find("theme").addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme === "dark";
    document.documentElement.dataset.theme = dark ? "light" : "dark";
  });
  find("language").addEventListener("click", () => {
    language = language === "en" ? "zh-CN" : "en";
    showDesk();
  });
  find("help").addEventListener("click", () => {
    find("keys").hidden = !find("keys").hidden;
    find("help").setAttribute("aria-expanded", String(!find("keys").hidden));
  });
  language = remembered("language") || "zh-CN";
  keepHabits();
  takeDrops();
  showDesk();
  look();
}

startDesk();
