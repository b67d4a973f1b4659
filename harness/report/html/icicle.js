// Growth by call site: every function as wide as what grew below it, callers above what they called. Layout by
// d3-hierarchy.

// `sites`: [{kind, type, bytes, count, stack: [frame...]}], innermost first; `frames`: [[function, place, isOwn, isInlined]].
soak.icicle = (sites, frames) => {
  const kinds = [...new Set(sites.map((site) => site.kind))];
  const state = {kind: kinds.includes("heap") ? "heap" : kinds[0], unit: "bytes", search: "", focus: null};
  const crumbs = soak.element("div", {class: "crumbs", role: "status"});
  const canvas = soak.element("div", {class: "icicle", role: "tree", "aria-label": "Growth by call site, callers above what they called"});
  const draw = () => {
    const unit = state.kind === "heap" || state.kind === "mapping" ? state.unit : "count";
    soak.drawIcicle(soak.siteTree(sites.filter((site) => site.kind === state.kind), frames, unit), state, unit, canvas, crumbs, draw);
  };
  const choice = (name, values, labels, key) => values.length < 2 ? null : soak.element("select", {"aria-label": name,
    onchange: (event) => { state[key] = event.target.value; state.focus = null; draw(); }},
    values.map((value, i) => soak.element("option", {value}, labels[i])));
  const search = soak.element("input", {type: "search", class: "icicle-search", placeholder: "Search functions and files", "aria-label": "Search functions and files",
    oninput: (event) => { state.search = event.target.value; draw(); }});
  const box = soak.element("div", {}, soak.element("div", {class: "toolbar"}, search,
    choice("Of", kinds, kinds, "kind"), choice("Measured in", ["bytes", "count"], ["bytes", "blocks"], "unit"),
    soak.element("button", {type: "button", onclick: () => { state.focus = null; draw(); }}, "Show all")), crumbs, canvas);
  canvas.draw = draw;
  return box;
};

// Stacks with a common beginning share it. What shrank has no width.
soak.siteTree = (sites, frames, unit) => {
  const root = {name: "all", place: "", isOwn: false, children: new Map(), own: 0, path: ""};
  for (const site of sites) {
    const grown = Math.max(0, site[unit]);
    if (grown === 0) continue;
    let node = root;
    for (let i = site.stack.length - 1; i >= 0; --i) {
      const index = site.stack[i];
      if (!node.children.has(index)) {
        const [name, place, isOwn] = frames[index];
        node.children.set(index, {name, place, isOwn, children: new Map(), own: 0, type: "", path: node.path + "/" + index});
      }
      node = node.children.get(index);
    }
    node.own += grown;
    if (site.type) node.type = site.type;
  }
  return root;
};

soak.drawIcicle = (tree, state, unit, canvas, crumbs, redraw) => {
  const rowHeight = 21, format = unit === "bytes" ? soak.bytes : soak.count;
  const root = d3.hierarchy(tree, (node) => [...node.children.values()]).sum((node) => node.own).sort((a, b) => b.value - a.value);
  if (root.value === 0) { canvas.replaceChildren(soak.element("p", {class: "note"}, " Nothing grew.")); crumbs.textContent = ""; return; }
  const focus = root.descendants().find((node) => node.data.path === state.focus) ?? root;
  const width = Math.max(260, canvas.clientWidth || 800), levels = root.height + 1;
  d3.partition().size([width, levels * rowHeight])(root);
  const scale = width / (focus.x1 - focus.x0 || 1);
  const wanted = state.search.trim().toLowerCase();
  const matches = (node) => (node.data.name + " " + node.data.place + " " + (node.data.type ?? "")).toLowerCase().includes(wanted);
  const shown = root.descendants().filter((node) => (node.x1 - node.x0) * scale >= 0.6 && node.x1 > focus.x0 + 1e-9 && node.x0 < focus.x1 - 1e-9);
  const svg = soak.svg("svg", {width, height: levels * rowHeight, role: "presentation"});
  let found = 0;
  const groups = new Map();
  for (const node of shown) {
    const x = Math.max(0, (node.x0 - focus.x0) * scale), right = Math.min(width, (node.x1 - focus.x0) * scale);
    const isFound = wanted !== "" && node.depth > 0 && matches(node);
    if (isFound && !node.ancestors().slice(1).some((other) => other.depth > 0 && matches(other))) found += node.value;
    const group = soak.svg("g", {role: "treeitem", tabindex: node === focus ? "0" : "-1", "aria-level": node.depth + 1,
      "aria-label": `${node.data.name} ${node.data.place}, ${format(node.value)}, ${(100 * node.value / root.value).toFixed(1)} %`,
      class: (wanted ? (isFound ? "found" : "faded") : "") + (node.depth < focus.depth ? " above" : "")},
      soak.svg("rect", {x, y: node.depth * rowHeight, width: Math.max(0.5, right - x), height: rowHeight - 1, rx: 2, fill: soak.frameColor(node)}));
    const room = Math.floor((right - x - 8) / 6.3);
    if (room >= 3) group.append(soak.svg("text", {x: x + 4, y: node.depth * rowHeight + 14}, node.data.name.length > room ? node.data.name.slice(0, room - 1) + "…" : node.data.name));
    group.addEventListener("mousemove", (event) => soak.tip.show(soak.frameTip(node, root, format), event.clientX, event.clientY));
    group.addEventListener("mouseleave", soak.tip.hide);
    group.addEventListener("focus", () => { const box = group.getBoundingClientRect(); if (group.matches(":focus-visible")) soak.tip.show(soak.frameTip(node, root, format), box.left, box.top); });
    group.addEventListener("blur", soak.tip.hide);
    group.addEventListener("click", () => { state.focus = node.data.path; soak.tip.hide(); redraw(); });
    group.addEventListener("keydown", (event) => soak.icicleKey(event, node, groups, () => { state.focus = node.data.path; redraw(); }));
    groups.set(node, group);
    svg.append(group);
  }
  canvas.replaceChildren(svg);
  crumbs.textContent = wanted ? `${(100 * found / root.value).toFixed(1)} % of the growth matches` : `${format(focus.value)}: ${focus.data.name === "all" ? "everything that grew" : focus.data.name}`;
};

soak.frameColor = (node) => {
  if (node.depth === 0) return "var(--line)";
  let hash = 0;
  for (const character of node.data.name) hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  return node.data.isOwn ? `var(--own-${hash % 3 + 1})` : `var(--library-${hash % 2 + 1})`;
};

// Innermost first, as debuggers have it.
soak.frameTip = (node, root, format) => [soak.element("strong", {}, node.data.name), node.data.place ? soak.element("div", {class: "quiet"}, node.data.place) : "",
  soak.element("div", {}, `${format(node.value)}, ${(100 * node.value / root.value).toFixed(1)} % of what grew` + (node.data.type ? `, ${node.data.type}` : "")),
  node.depth > 1 ? soak.element("ol", {}, node.ancestors().slice(1, -1).slice(0, 12).map((frame) => soak.element("li", {}, `${frame.data.name} `, soak.element("span", {class: "quiet"}, frame.data.place)))) : ""].filter((part) => part !== "");

soak.icicleKey = (event, node, groups, zoom) => {
  const siblings = node.parent?.children.filter((other) => groups.has(other)) ?? [];
  const next = {ArrowUp: node.parent, ArrowDown: node.children?.find((child) => groups.has(child)),
                ArrowRight: siblings[siblings.indexOf(node) + 1], ArrowLeft: siblings[siblings.indexOf(node) - 1]}[event.key];
  if (event.key === "Enter" || event.key === " ") zoom();
  else if (next && groups.has(next)) groups.get(next).focus();
  else if (!event.key.startsWith("Arrow")) return;
  event.preventDefault();
  event.stopPropagation();
};
