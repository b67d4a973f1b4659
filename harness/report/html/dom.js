// Elements and figures. Whatever comes from the record enters the page as text, never as markup.
const soak = {};

// element("a", {class: "x", href: "#"}, "text", otherElement, null)
soak.element = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  soak.fill(node, attributes, children);
  return node;
};
soak.svg = (tag, attributes = {}, ...children) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  soak.fill(node, attributes, children);
  return node;
};
soak.fill = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
};

// The JSON that the page carries; null where it carries none of that name. Parsed when asked for: a page may carry a
// hundred scenarios of which one is looked at.
soak.data = (id) => {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent) : null;
};

const powers = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
soak.bytes = (value) => {
  if (value === null || value === undefined) return "–";
  let size = Math.abs(value), power = 0;
  while (size >= 1024 && power + 1 < powers.length) { size /= 1024; ++power; }
  const digits = power === 0 ? (Number.isInteger(size) ? 0 : Math.max(0, 2 - Math.floor(Math.log10(size)))) : size < 100 ? 1 : 0;
  const text = power === 0 && !Number.isInteger(size) ? String(Number(size.toFixed(Math.min(digits, 12)))) : size.toFixed(digits);
  return (value < 0 ? "−" : "") + text + " " + powers[power];
};
soak.count = (value) => value === null || value === undefined ? "–" : Number(Number(value).toPrecision(12)).toLocaleString("en-US");
soak.signed = (value, format) => (value > 0 ? "+" : "") + format(value);
soak.time = (nanoseconds) => {
  if (nanoseconds === null || nanoseconds === undefined) return "–";
  for (const [unit, size] of [["h", 36e11], ["min", 6e10], ["s", 1e9], ["ms", 1e6], ["us", 1e3]])
    if (nanoseconds >= size) return Number((nanoseconds / size).toPrecision(2)) + " " + unit;
  return Number(nanoseconds.toPrecision(2)) + " ns";
};
soak.words = (verdict) => verdict.replaceAll("_", " ");
soak.color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const signs = {pass: "✓", leak: "✗", over_threshold: "✗", error: "!", growing: "?", inconclusive: "?"};
soak.pill = (verdict) => soak.element("span", {class: "pill tone-" + verdict},
  soak.element("span", {"aria-hidden": "true"}, signs[verdict] ?? ""), soak.words(verdict));

soak.command = (text) => {
  if (!text) return null;
  const button = soak.element("button", {type: "button", onclick: async (event) => {
    event.stopPropagation();
    try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; } catch { button.textContent = "Select it"; }
  }}, "Copy");
  return soak.element("div", {class: "command"}, soak.element("code", {}, text), button);
};

// Rows are arrays of strings or elements.
soak.table = (heads, rows, attributes = {}) => soak.element("table", attributes,
  soak.element("thead", {}, soak.element("tr", {}, heads.map((head, i) => soak.element("th", {scope: "col", class: i > 0 && heads.figures !== false ? "figure" : ""}, head)))),
  soak.element("tbody", {}, rows.map((row) => soak.element("tr", {}, row.map((cell, i) => soak.element("td", {class: i > 0 ? "figure" : ""}, cell))))));

soak.tip = {
  show(content, x, y) {
    const tip = document.getElementById("tip");
    tip.replaceChildren(...content);
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 8)) + "px";
    tip.style.top = Math.max(4, y + 18 + box.height > innerHeight ? y - box.height - 12 : y + 18) + "px";
  },
  hide() { document.getElementById("tip").hidden = true; },
};
