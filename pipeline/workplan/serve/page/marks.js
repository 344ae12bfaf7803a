// The editor of a sentence's spans: words are chosen with the mouse or the keyboard, a label is put
// on them, edges move by a character. Offsets count code points, as everywhere.
let marking = null;

function openMarks(number, selection) {
  const [start, end] = bench.sentences[number];
  prepare(bench);
  const text = bench.cut(start, end);
  const spans = bench.marks
    .filter((mark) => start <= mark.start && mark.end <= end)
    .map((mark) => [mark.start - start, mark.end - start, mark.label]);
  marking = { number, signs: [...text], spans, chosen: -1 };
  const form = make(
    "form",
    { id: "marks" },
    make("p", { id: "preview", class: "shown" }),
    wordsField(text),
    make("div", { id: "labels", role: "group", "data-label": "addAs" }),
    make("h4", {}, say("spansOf")),
    make("ul", { id: "spans" }),
    make("p", { class: "soft" }, say("wholeSentence")),
  );
  openForm(form, say("mark"), "", saveMarks);
  form.addEventListener("keydown", pressLabel);
  find("preview").addEventListener("mouseup", takeSelection);
  showMarks();
  find("words").focus();
  if (selection) chooseWords(...selection);
}

function wordsField(text) {
  // A field that is read-only by its attribute has no caret to move by the keyboard.
  const words = make("textarea", { id: "words", "aria-readonly": "true", rows: 2 });
  words.value = text;
  words.addEventListener("beforeinput", (event) => event.preventDefault());
  words.addEventListener("input", () => (words.value = text));
  return make("label", { class: "wide" }, make("span", {}, say("words")), words);
}

function wordOf([start, end]) {
  return marking.signs.slice(start, end).join("");
}

function showMarks() {
  const { spans, signs } = marking;
  spans.sort((a, b) => a[0] - b[0]);
  const pieces = [];
  let at = 0;
  spans.forEach((span, index) => {
    const [start, end, label] = span;
    pieces.push(signs.slice(at, start).join(""));
    pieces.push(
      make(
        "mark",
        {
          class: index === marking.chosen ? `${label} chosen` : label,
          "data-short": say("labels")[label],
          on: { click: () => chooseSpan(index) },
        },
        wordOf(span),
      ),
    );
    at = end;
  });
  find("preview").replaceChildren(...pieces, signs.slice(at).join(""));
  find("labels").replaceChildren(
    make("span", {}, say("addAs")),
    ...LABELS.map((label, index) =>
      make(
        "button",
        { type: "button", class: `label ${label}`, on: { click: () => putLabel(label) } },
        say("labels")[label],
        make("kbd", { "aria-hidden": "true" }, String(index + 1)),
      ),
    ),
  );
  find("labels").setAttribute("aria-label", say("addAs"));
  find("spans").replaceChildren(
    ...(spans.length ? spans.map(spanLine) : [make("li", {}, say("noSpans"))]),
  );
}

function spanLine(span, index) {
  const word = wordOf(span);
  const label = make("select", {
    "aria-label": say("labelOf", word),
    "data-key": `label-${index}`,
    on: {
      change: (event) => {
        span[2] = event.target.value;
        redraw(event);
      },
    },
  });
  label.append(
    ...[...LABELS].reverse().map((name) => make("option", { value: name }, say("labels")[name])),
  );
  label.value = span[2];
  const edge = (sign, name, place, step) =>
    make(
      "button",
      {
        type: "button",
        class: "edge",
        "data-key": `${name}-${index}`,
        "aria-label": say("edges")[name](word),
        title: say("edges")[name](word),
        disabled: !canMove(index, place, step),
        on: { click: (event) => (moveEdge(index, place, step), redraw(event)) },
      },
      sign,
    );
  return make(
    "li",
    { class: index === marking.chosen ? "chosen" : null },
    label,
    edge("◂", "startBack", 0, -1),
    edge("▸", "startOn", 0, 1),
    make(
      "button",
      { type: "button", class: `word ${span[2]}`, "data-key": `word-${index}`,
        on: { click: () => chooseSpan(index) } },
      word,
    ),
    edge("◂", "endBack", 1, -1),
    edge("▸", "endOn", 1, 1),
    make(
      "button",
      {
        type: "button",
        "data-key": `drop-${index}`,
        "aria-label": say("drop1", word),
        on: {
          click: (event) => {
            marking.spans.splice(index, 1);
            dirty = true;
            marking.chosen = -1;
            redraw(event);
          },
        },
      },
      "✕",
    ),
  );
}

// The list is made anew: the button that was pressed keeps the focus, or its neighbour takes it.
function redraw(event) {
  const { key } = event.currentTarget.dataset;
  showMarks();
  const again = find("spans").querySelector(`[data-key="${key}"]:not(:disabled)`);
  (again || find("words")).focus();
}

function canMove(index, place, step) {
  const { spans, signs } = marking;
  const [start, end] = spans[index];
  const to = spans[index][place] + step;
  if (place === 0)
    return to < end && to >= (index ? spans[index - 1][1] : 0);
  return to > start && to <= (index + 1 < spans.length ? spans[index + 1][0] : signs.length);
}

function moveEdge(index, place, step) {
  if (!canMove(index, place, step)) return;
  marking.spans[index][place] += step;
  dirty = true;
  marking.chosen = index;
}

function chooseSpan(index) {
  marking.chosen = index;
  const [start, end] = marking.spans[index];
  chooseWords(start, end);
  showMarks();
}

// Select words in the field; it counts UTF-16 units.
function chooseWords(start, end) {
  const units = (count) => marking.signs.slice(0, count).join("").length;
  const field = find("words");
  field.focus();
  field.setSelectionRange(units(start), units(end));
}

function chosenWords() {
  const { value, selectionStart, selectionEnd } = find("words");
  const points = (unit) => [...value.slice(0, unit)].length;
  return [points(selectionStart), points(selectionEnd)];
}

function putLabel(label) {
  const [start, end] = chosenWords();
  const output = panel.querySelector("output");
  output.textContent = start === end ? say("nothingChosen") : "";
  if (start === end) return;
  const { spans } = marking;
  // A span on the same words changes its label; one that is overlapped gives way.
  marking.spans = spans.filter(([from, to]) => to <= start || end <= from);
  marking.spans.push([start, end, label]);
  dirty = true;
  marking.spans.sort((a, b) => a[0] - b[0]);
  marking.chosen = marking.spans.findIndex(([from]) => from === start);
  showMarks();
  chooseWords(start, end);
}

function pressLabel(event) {
  const label = LABELS[Number(event.key) - 1];
  if (!label || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.tagName === "SELECT") return;
  event.preventDefault();
  putLabel(label);
}

function takeSelection() {
  const range = rangeWithin(find("preview"));
  if (range) chooseWords(...range);
}

// What is selected with the mouse inside `box`, in code points; null where nothing is.
function rangeWithin(box) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!box.contains(range.startContainer) || !box.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(box);
  before.setEnd(range.startContainer, range.startOffset);
  const start = [...before.toString()].length;
  return [start, start + [...range.toString()].length];
}

// Words selected in the source open their sentence's editor; a click chooses the sentence.
function takeFromSource() {
  const selection = getSelection();
  if (!selection.rangeCount) return;
  const range = selection.getRangeAt(0);
  const part = range.startContainer.parentElement?.closest("#text p");
  if (!part) return;
  const before = document.createRange();
  before.selectNodeContents(part);
  before.setEnd(range.startContainer, range.startOffset);
  const paragraph = bench.paragraphs[+part.dataset.part];
  const offset = paragraph.start + [...before.toString()].length;
  const number = sentenceAt(offset);
  const [start, end] = bench.sentences[number];
  if (selection.isCollapsed) {
    if (sentenceNumber !== number) chooseSentence(number, false);
    return;
  }
  const length = [...range.toString()].length;
  if (unsaved()) return;
  chooseSentence(number, false);
  openMarks(number, [Math.max(0, offset - start), Math.min(end, offset + length) - start]);
}

function saveMarks() {
  const { number, spans } = marking;
  change({ kind: "spans", sentence: number, spans }, say("saved"));
}
