// The source text with its coloured spans: paragraphs are coloured when they come into sight.
let current = null;
let clause = null;
const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) if (entry.isIntersecting) colour(entry.target);
  },
  { root: find("text"), rootMargin: "600px" },
);

// Offsets count code points, JavaScript counts UTF-16: `cut` is right for rare characters too.
function cutter(text) {
  if (!/[\ud800-\udfff]/.test(text)) return (start, end) => text.slice(start, end);
  const signs = [...text];
  return (start, end) => signs.slice(start, end).join("");
}

function prepare(plan) {
  if (plan.cut) return;
  plan.cut = cutter(plan.text);
  plan.marks = [];
  for (let i = 0; i < plan.spans.length; i += 3)
    plan.marks.push({
      start: plan.spans[i],
      end: plan.spans[i] + plan.spans[i + 1],
      label: LABELS[plan.spans[i + 2]],
    });
  plan.paragraphs = [];
  const headings = new Map(plan.headings);
  let start = 0;
  for (const text of plan.text.split("\n")) {
    const length = [...text].length;
    // Up to where the paragraph is a heading: all of it, or the words that it opens with.
    const heading = headings.get(start) || 0;
    plan.paragraphs.push({ start, end: start + length, text, heading });
    start += length + 1;
  }
}

function showPlan(plan) {
  if (current === plan) return;
  prepare(plan);
  [current, clause] = [plan, null];
  watcher.disconnect();
  const facts = [
    plan.issuer,
    plan.number,
    plan.year ? say("year", plan.year) : say("noYear"),
    plan.path.split(/[\\/]/).pop(),
  ];
  find("plan-title").textContent = plan.title;
  const reasons = plan.reasons.map(inLanguage);
  find("plan-facts").textContent = [...facts.filter(Boolean), ...reasons].join(" · ");
  find("plan-facts").title = plan.path;
  find("text").replaceChildren(
    ...plan.paragraphs.map((part, index) => {
      const node = make("p", { "data-part": index }, part.text);
      watcher.observe(node);
      return node;
    }),
  );
  find("text").scrollTop = 0;
}

function showLegend() {
  find("legend").replaceChildren(
    ...[...LABELS].reverse().map((label) => make("mark", { class: label }, say("labels")[label])),
  );
}

// First place in `list` (sorted by end) that ends after `offset`.
function firstAfter(list, offset) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

function colour(node) {
  watcher.unobserve(node);
  const part = current.paragraphs[+node.dataset.part];
  const pieces = [];
  let at = part.start;
  for (
    let i = firstAfter(current.marks, part.start);
    i < current.marks.length && current.marks[i].start < part.end;
    i += 1
  ) {
    const mark = current.marks[i];
    pieces.push(...plainPieces(at, mark.start, part), markPiece(mark, part));
    at = mark.end;
  }
  pieces.push(...plainPieces(at, part.end, part));
  node.replaceChildren(...pieces);
}

// Text between spans, split where the chosen clause begins and ends, and where a heading ends.
function plainPieces(start, end, part) {
  const inside = [part.heading, ...(clause ? [clause.start, clause.end] : [])];
  const cuts = unique([start, ...inside.filter((cut) => cut > start && cut < end), end]);
  cuts.sort((a, b) => a - b);
  return cuts.slice(1).map((to, i) => {
    const style = styleAt(cuts[i], part);
    const text = current.cut(cuts[i], to);
    return style ? make("span", { class: style }, text) : text;
  });
}

function styleAt(offset, part) {
  const chosen = clause && offset >= clause.start && offset < clause.end;
  return [chosen && "clause", offset < part.heading && "heading"].filter(Boolean).join(" ");
}

function markPiece(mark, part) {
  const here = clause && clause.points.some(([start, end]) => start < mark.end && mark.start < end);
  const head = mark.start < part.heading;
  return make(
    "mark",
    {
      class: [mark.label, here && "chosen", head && "heading"].filter(Boolean).join(" "),
      "data-short": say("labels")[mark.label],
      "data-at": mark.start,
    },
    current.cut(mark.start, mark.end),
  );
}

function showClause(row, reveal) {
  const { task, target } = row;
  const before = clause ? partsOf(clause) : [];
  const points = [task.action, ...(target ? Object.values(target.spans) : [])];
  clause = { start: task.start, end: task.end, points };
  const here = partsOf(clause);
  unique([...before, ...here]).forEach(colour);
  if (!reveal) return;
  const goal = find("text").querySelector(`mark[data-at="${task.action[0]}"]`) || here[0];
  if (goal) goal.scrollIntoView({ block: "center" });
}

// The paragraphs that a stretch of the text lies in.
function partsOf({ start, end }) {
  const nodes = find("text").children;
  const found = [];
  for (
    let i = firstAfter(current.paragraphs, start);
    i < current.paragraphs.length && current.paragraphs[i].start < end;
    i += 1
  ) {
    found.push(nodes[i]);
  }
  return found;
}

// A click on a span chooses its task: the one whose words it belongs to, else the clause around it.
function chooseAt(offset) {
  const here = rows.filter(
    (row) => row.task.plan === current && row.task.start <= offset && offset < row.task.end,
  );
  const touches = ([start, end]) => start <= offset && offset < end;
  const row =
    here.find((one) => touches(one.task.action)) ||
    here.find((one) => one.target && Object.values(one.target.spans).some(touches)) ||
    here[0];
  if (!row) {
    showNote(say("unlisted"));
    return;
  }
  if (!shown.includes(row)) clearFilters();
  select(row, false);
}
