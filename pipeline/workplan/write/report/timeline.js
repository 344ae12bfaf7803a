// The time line: tasks by the last day of their deadline, over whole years without gaps.
const MOST_PERIODS = 40;

function showTimeline(mine) {
  const days = unique(mine.map((row) => row.to).filter(Boolean)).sort();
  if (!days.length) {
    find("timeline").textContent = "—";
    return;
  }
  const [first, last] = [yearOf(days[0]), yearOf(days[days.length - 1])];
  // Months, quarters or years, whichever still leaves room to click.
  const length = [1, 3].find((size) => ((last - first + 1) * 12) / size <= MOST_PERIODS) || 12;
  const counts = new Map(
    tally(mine, (row) => (row.to ? [yearOf(row.to) * 12 + placeIn(row.to, length)] : [])),
  );
  const most = Math.max(...counts.values());
  const every = Math.ceil((last - first + 1) / 14);
  const years = Array.from({ length: last - first + 1 }, (_, place) => first + place);
  find("timeline").replaceChildren(
    ...years.map((year, place) => {
      const starts = Array.from({ length: 12 / length }, (_, part) => part * length);
      const periods = starts.map((start) =>
        period({ year, start, length, count: counts.get(year * 12 + start) || 0, most }),
      );
      const label = make("span", { class: "label" }, place % every ? "" : say("year", year));
      return make("div", { class: "year" }, make("div", { class: "periods" }, ...periods), label);
    }),
  );
}

const yearOf = (day) => +day.slice(0, 4);

// The first month (0 is January) of the period of `length` months that holds `day`.
const placeIn = (day, length) => Math.floor((+day.slice(5, 7) - 1) / length) * length;

// A column: how many tasks, their bar, and the month where columns are months.
function period({ year, start, length, count, most }) {
  const name = say("period", year, start, length);
  const month = length === 1 ? make("small", {}, String(start + 1)) : null;
  const today = new Date();
  const here = today.getFullYear() === year && Math.floor(today.getMonth() / length) * length;
  const style = here === start ? "period now" : "period";
  if (!count) return make("span", { class: style, title: name }, month);
  const bar = make("i");
  bar.style.height = `${(count / most) * 60}px`;
  const words = `${name}${say("colon")}${count} ${say("tasks")}`;
  const from = dayText(year, start, 1);
  const to = dayText(year, start + length, 0);
  return make(
    "button",
    {
      type: "button",
      class: style,
      title: words,
      "aria-label": words,
      on: { click: () => choose({ from, to }) },
    },
    make("span", {}, String(count)),
    bar,
    month,
  );
}

const dayText = (year, month, day) =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
