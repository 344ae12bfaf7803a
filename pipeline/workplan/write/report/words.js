// The interface's words, Chinese first; `say` gives one in the language chosen.
const WORDS = {
  "zh-CN": {
    report: "任务报告",
    theme: "深色／浅色",
    print: "打印",
    keys: "快捷键",
    overview: "概览",
    byTime: "完成时限（任务数）",
    byBody: "责任单位（任务数）",
    failures: "未处理的文件",
    plan: "计划",
    text: "搜索",
    body: "责任单位",
    metric: "指标",
    dueFrom: "时限不早于",
    dueTo: "时限不晚于",
    kind: "类别",
    onlyReview: "只看待核",
    onlyFigure: "只看有目标值",
    reset: "清除筛选",
    none: "没有符合条件的任务。",
    unlisted: "此处未列为任务：属于成效、背景或标题类语句，或不属于任何任务。",
    filters: "筛选",
    source: "原文",
    table: "任务表",
    detail: "所选任务",
    pages: "分页",
    all: "全部",
    number: "序号",
    task: "任务",
    quantity: "目标值",
    deadline: "完成时限",
    confidence: "置信度",
    review: "待核",
    section: "章节",
    sentence: "原文",
    due: "起止日期",
    id: "编号",
    target: "目标",
    file: "文件",
    plans: "份计划",
    tasks: "项任务",
    targets: "个目标值",
    reviews: "项待核",
    dated: "项有时限",
    failed: "个文件未处理",
    hidden: "条未列出",
    hiddenWhy: "成效、背景和标题类语句；加 --all 可列出",
    shown: (n, all) => `显示 ${n} / ${all} 项任务`,
    page: (n) => `第 ${n} 页`,
    previous: "上一页",
    next: "下一页",
    year: (y) => `${y}年`,
    period: (y, month, length) =>
      ({ 1: `${y}年${month + 1}月`, 3: `${y}年第${month / 3 + 1}季度`, 12: `${y}年` })[length],
    colon: "：",
    noYear: "年度未知",
    open: "不限",
    rule: "规则",
    baseline: "基数",
    per: "口径",
    change: "变动",
    truncated: "行",
    lead: "牵头",
    joint: "配合",
    responsible: "负责",
    object: "对象",
    kinds: { task: "任务", result: "成效", background: "背景", heading: "标题" },
    labels: { ACTION: "行动", ORG: "单位", METRIC: "指标", QUANTITY: "数值", DEADLINE: "时限" },
    compare: { eq: "＝", ge: "≥", gt: "＞", le: "≤", lt: "＜", approx: "≈", range: "区间 " },
    help: [
      ["↑ ↓", "上一行、下一行"],
      ["PageUp PageDown Home End", "翻页、到首行、到末行"],
      ["Enter", "在原文中找到所选任务"],
      ["/", "搜索"],
      ["Esc", "清除筛选"],
    ],
  },
  en: {
    report: "Task report",
    theme: "Dark / light",
    print: "Print",
    keys: "Keys",
    overview: "Overview",
    byTime: "Deadlines (tasks)",
    byBody: "Organisations (tasks)",
    failures: "Files not processed",
    plan: "Plan",
    text: "Search",
    body: "Organisation",
    metric: "Metric",
    dueFrom: "Due from",
    dueTo: "Due until",
    kind: "Kind",
    onlyReview: "Needs review",
    onlyFigure: "With a figure",
    reset: "Clear filters",
    none: "No task matches.",
    unlisted: "No listed task here: a result, background or a heading, or in no task at all.",
    filters: "Filters",
    source: "Source text",
    table: "Tasks",
    detail: "Chosen task",
    pages: "Pages",
    all: "All",
    number: "No.",
    task: "Task",
    quantity: "Target",
    deadline: "Deadline",
    confidence: "Conf.",
    review: "To review",
    section: "Section",
    sentence: "Sentence",
    due: "Dates",
    id: "Id",
    target: "Target",
    file: "File",
    plans: "plans",
    tasks: "tasks",
    targets: "targets",
    reviews: "to review",
    dated: "with a deadline",
    failed: "files not processed",
    hidden: "not listed",
    hiddenWhy: "results, background and headings; --all lists them",
    shown: (n, all) => `${n} of ${all} tasks`,
    page: (n) => `Page ${n}`,
    previous: "Previous",
    next: "Next",
    year: (y) => `${y}`,
    period: (y, month, length) =>
      ({ 1: `${y}-${String(month + 1).padStart(2, "0")}`, 3: `${y} Q${month / 3 + 1}`, 12: `${y}` })[
        length
      ],
    colon: ": ",
    noYear: "year unknown",
    open: "open",
    rule: "rule",
    baseline: "baseline",
    per: "per",
    change: "change",
    truncated: "rows",
    lead: "lead",
    joint: "joint",
    responsible: "responsible",
    object: "object",
    kinds: { task: "task", result: "result", background: "background", heading: "heading" },
    labels: {
      ACTION: "ACTION",
      ORG: "ORG",
      METRIC: "METRIC",
      QUANTITY: "QUANTITY",
      DEADLINE: "DEADLINE",
    },
    compare: { eq: "=", ge: "≥", gt: ">", le: "≤", lt: "<", approx: "≈", range: "range " },
    help: [
      ["↑ ↓", "previous and next row"],
      ["PageUp PageDown Home End", "page, first row, last row"],
      ["Enter", "find the chosen task in the source"],
      ["/", "search"],
      ["Esc", "clear the filters"],
    ],
  },
};
const LABELS = ["DEADLINE", "QUANTITY", "ORG", "METRIC", "ACTION"];
let language = "zh-CN";

function say(key, ...given) {
  const word = WORDS[language][key];
  return typeof word === "function" ? word(...given) : word;
}

// A message of the program is English with Chinese in brackets at its end: the part to show.
function inLanguage(message) {
  const parts = /^(.+?) \(([^()]*\p{Script=Han}[^()]*)\)$/su.exec(message);
  return parts ? parts[language === "en" ? 1 : 2] : message;
}

// An element with its text and attributes; text is never read as HTML.
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on")
      for (const [event, action] of Object.entries(value)) node.addEventListener(event, action);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const find = (id) => document.getElementById(id);

function speak() {
  document.documentElement.lang = language;
  document.title = say("report");
  for (const node of document.querySelectorAll("[data-word]"))
    node.textContent = say(node.dataset.word);
  for (const node of document.querySelectorAll("[data-label]"))
    node.setAttribute("aria-label", say(node.dataset.label));
  const other = language === "en" ? "zh-CN" : "en";
  find("language").textContent = other === "en" ? "English" : "中文";
  find("language").lang = other;
  find("keys").replaceChildren(
    make(
      "dl",
      {},
      ...say("help").flatMap(([key, what]) => [make("dt", {}, key), make("dd", {}, what)]),
    ),
  );
}
