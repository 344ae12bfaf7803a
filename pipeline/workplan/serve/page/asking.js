// What both pages share: asking the server, the user's name, messages, what is remembered.
class Refused extends Error {
  constructor({ code, what, remedy, where }) {
    super([inLanguage(what), inLanguage(remedy || "")].filter(Boolean).join(" → "));
    Object.assign(this, { code, where });
  }
}

async function ask(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refused({ what: say("unreachable"), remedy: say("unreachableWhy") });
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  throw await refusedBy(answer);
}

async function refusedBy(answer) {
  try {
    return new Refused((await answer.json()).error);
  } catch {
    return new Refused({ what: `${answer.status} ${answer.statusText}` });
  }
}

// The user's name for a change; without one the field is asked for and nothing is done.
function author() {
  const name = find("who").value.trim();
  if (!name) {
    note(say("whoMissing"), "warn");
    find("who").focus();
  }
  return name;
}

// A good message goes by itself; a warning stays until something else is done.
let fading = 0;
function note(text, style, ...more) {
  clearTimeout(fading);
  if (style === "good") fading = setTimeout(() => note(""), 5000);
  find("note").hidden = !text;
  find("note").className = style || "";
  find("note").replaceChildren(text || "", ...more);
}

// What stays from page to page: name, language, theme. A browser may forbid it; then nothing stays.
function remember(key, value) {
  try {
    localStorage.setItem(`workplan.${key}`, value);
  } catch {
    /* nothing stays */
  }
}

function remembered(key) {
  try {
    return localStorage.getItem(`workplan.${key}`);
  } catch {
    return null;
  }
}

function keepHabits() {
  const who = remembered("who");
  if (who) find("who").value = who;
  find("who").addEventListener("change", () => remember("who", find("who").value.trim()));
  const theme = remembered("theme");
  if (theme) document.documentElement.dataset.theme = theme;
  find("theme").addEventListener("click", () =>
    remember("theme", document.documentElement.dataset.theme || "light"),
  );
  find("language").addEventListener("click", () => remember("language", language));
}

// 2031-02-03T04:05:06+00:00 as the clock on the wall has it, to the minute.
function clock(at) {
  const time = new Date(at);
  const two = (number) => String(number).padStart(2, "0");
  return (
    `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ` +
    `${two(time.getHours())}:${two(time.getMinutes())}`
  );
}

const EXPORTS = ["xlsx", "csv", "ics", "jsonl", "html"];

// Links that download the plans with the given ids; all of them where none is given.
function exportLinks(lead, ids) {
  const query = ids.length ? `?${ids.map((id) => `plan=${id}`).join("&")}` : "";
  return [
    make("span", {}, lead),
    ...EXPORTS.map((kind) =>
      make("a", { href: `/api/export/${kind}${query}`, download: true }, say("formats")[kind]),
    ),
  ];
}
