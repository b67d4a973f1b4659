// One scenario: figures, findings, curves, call sites, types.

soak.columnOf = (run, name, relative) => {
  const values = run.columns[name];
  if (!values) return [];
  const base = relative ? values.find((value) => value !== null) : 0;
  return run.columns.iteration.map((iteration, i) => [iteration, values[i] === null ? null : values[i] - base]).filter((point) => point[1] !== null);
};

const curveColors = ["--curve-1", "--curve-2", "--curve-3", "--curve-4", "--curve-5"];

// Call sites as they stand in the page are rows of numbers; see html_detail.cpp.
soak.unpackSites = (detail) => detail.sites.map(([kind, type, bytes, count, complete, frame, node]) => {
  const stack = [];
  for (let at = node; at >= 0; at = detail.stacks[2 * at]) stack.push(detail.stacks[2 * at + 1]);
  return {kind, type: detail.siteTypes[type], bytes, count, complete: complete === 1, function: detail.frames[frame][0], place: detail.frames[frame][1], stack};
});

// Growth above the baseline, so that runs can be laid over each other and limits be drawn in.
soak.growthPlot = (detail, title, column, limits, wide) => {
  // The run with call sites lies on the planned one; its heap is a little larger, but not the program's.
  const runs = detail.runs.filter((run) => run.columns[column] && run.kind !== "explained");
  const series = runs.map((run, i) => ({name: run.name, color: curveColors[i % curveColors.length], dashed: run.kind !== "planned", points: soak.columnOf(run, column, true)}));
  const base = runs[0]?.columns[column].find((value) => value !== null);
  const notes = limits.filter((limit) => limit.value !== null).map((limit) => `${limit.name} ${soak.bytes(limit.value)}`);
  return soak.plot({title, wide, unit: "bytes", series, warmUp: detail.warmUp, labels: runs[0]?.labels, link: "all",
    limits: limits.filter((limit) => limit.value !== null), note: [base === undefined ? "" : `above a baseline of ${soak.bytes(base)}`, ...notes].filter(Boolean).join("; ")});
};

soak.countPlot = (detail) => {
  const run = detail.runs[0];
  const series = !run ? [] : [["open files", "open_files"], ["threads", "threads"], ["child processes", "children"], ["zombies", "zombies"]].map(([name, column], i) =>
    ({name, color: curveColors[i], steps: true, points: soak.columnOf(run, column, false)})).filter((one, i) => i < 2 || one.points.some((point) => point[1] > 0));
  return soak.plot({title: "Descriptors and threads", unit: "count", series, warmUp: detail.warmUp, labels: run?.labels, link: "all"});
};

soak.figureGrid = (one) => soak.element("dl", {class: "figures"}, [
  ["heap per iteration", soak.heapText(one), one.heapLimit === null ? "" : `limit ${soak.bytes(one.heapLimit)}`],
  ["resident growth", soak.bytes(one.rss), one.rssLimit === null ? "" : `limit ${soak.bytes(one.rssLimit)}`],
  ["resident peak", soak.bytes(one.peak), one.peakLimit === null ? "" : `limit ${soak.bytes(one.peakLimit)}`],
  ["iterations", soak.count(one.iterations), ""], ["time per iteration", soak.time(one.timeNs), ""],
  one.smallestLeak === null ? null : ["would have shown", soak.bytes(one.smallestLeak), one.isOverTime ? "per second, or more" : "per iteration, or more"],
].filter(Boolean).map(([name, value, more]) => soak.element("div", {}, soak.element("dt", {}, name), soak.element("dd", {}, value, " ", more ? soak.element("small", {}, more) : null))));

soak.stack = (stack, frames, isComplete) => soak.element("ol", {class: "stack mono"}, stack.map((index) => {
  const [name, place, , isInlined] = frames[index];
  return soak.element("li", {}, name, " ", soak.element("span", {class: "quiet"}, place), isInlined ? soak.element("span", {class: "inlined"}, " inlined") : null);
}), isComplete ? null : soak.element("li", {class: "quiet"}, "the stack goes on, but is not known"));

// The same as the icicle, for reading.
soak.siteTable = (detail) => {
  const total = detail.sites.reduce((sum, site) => sum + (site.kind === "heap" ? Math.max(0, site.bytes) : 0), 0);
  const sorted = [...detail.sites].sort((a, b) => b.bytes - a.bytes || b.count - a.count).filter((site) => site.count !== 0 || site.bytes !== 0);
  const row = (site) => soak.element("tr", {},
    soak.element("td", {class: "name"}, soak.element("code", {}, site.function), " ", soak.element("span", {class: "quiet mono"}, site.place),
      site.stack.length ? soak.lazyDetails("stack", () => soak.stack(site.stack, detail.frames, site.complete)) : null),
    soak.element("td", {class: "mono", "data-head": "type"}, site.type || "–"), soak.element("td", {"data-head": "kind"}, site.kind),
    soak.element("td", {class: "figure", "data-head": "share"}, site.kind === "heap" && total > 0 && site.bytes > 0 ? [soak.element("span", {class: "bar", style: `width:${(60 * site.bytes / total).toFixed(1)}px`}), ` ${(100 * site.bytes / total).toFixed(1)} %`] : "–"),
    soak.element("td", {class: "figure", "data-head": "growth"}, site.bytes === 0 ? "–" : soak.signed(site.bytes, soak.bytes)), soak.element("td", {class: "figure", "data-head": "blocks"}, soak.signed(site.count, soak.count)));
  const most = 15, body = soak.element("tbody", {}, sorted.slice(0, most).map(row));
  const more = sorted.length > most ? soak.element("button", {type: "button", onclick: () => { body.append(...sorted.slice(most).map(row)); more.remove(); }}, `Show ${sorted.length - most} more`) : null;
  return soak.element("div", {class: "scroll"}, soak.element("table", {class: "sites cards"}, soak.element("thead", {}, soak.element("tr", {},
    ["call site", "type", "kind", "share", "growth", "blocks"].map((head, i) => soak.element("th", {scope: "col", class: i > 2 ? "figure" : ""}, head)))), body), more);
};

soak.lazyDetails = (title, make) => {
  const details = soak.element("details", {}, soak.element("summary", {}, title));
  details.addEventListener("toggle", () => { if (details.open && details.childElementCount === 1) details.append(make()); });
  return details;
};

soak.siteCard = (detail) => {
  const card = soak.element("section", {class: "card"}, soak.element("h2", {}, "Growth by call site"));
  if (detail.sites.length === 0) {
    card.append(soak.element("p", {class: "note"}, detail.attributionUnavailable || "It ran without call sites: nothing was accused, or nothing had to be explained."));
    return card;
  }
  card.append(soak.element("p", {class: "quiet small"}, "Width is growth from the baseline to the end, callers above what they called. Warm colours have source lines of your own; click to zoom."), soak.icicle(detail.sites, detail.frames), soak.siteTable(detail));
  if (detail.omitted) card.append(soak.element("p", {class: "quiet small"}, detail.omitted));
  return card;
};

soak.typeCard = (detail) => {
  const grown = detail.types.filter((type) => type.last[1] !== type.first[1] || type.last[0] !== type.first[0]).sort((a, b) => (b.last[0] - b.first[0]) - (a.last[0] - a.first[0]));
  if (detail.types.length === 0) return null;
  const rows = grown.slice(0, 100).map((type) => [soak.element("code", {}, type.name), {vtable: "vtable", frames: "stack", counted: "counter"}[type.source], soak.count(type.first[1]), soak.count(type.last[1]), soak.signed(type.last[1] - type.first[1], soak.count), soak.signed(type.last[0] - type.first[0], soak.bytes)]);
  return soak.element("section", {class: "card"}, soak.element("h2", {}, "Growth by type"),
    grown.length ? soak.element("div", {class: "scroll"}, soak.table(["type", "told by", "at the baseline", "at the end", "growth", "bytes"], rows, {class: "types"})) : soak.element("p", {class: "note"}, "No type has more objects at the end than at the baseline."),
    detail.typedPercent === null ? null : soak.element("p", {class: "quiet small"}, `${detail.typedPercent.toFixed(0)} % of the blocks alive at the end could be told a type.`));
};

soak.runTable = (detail) => soak.element("section", {class: "card"}, soak.element("h2", {}, "Processes"), soak.element("div", {class: "scroll"}, soak.element("table", {},
  soak.element("thead", {}, soak.element("tr", {}, ["run", "ended", "iterations", "took"].map((head, i) => soak.element("th", {scope: "col", class: i > 1 ? "figure" : ""}, head)))),
  soak.element("tbody", {}, detail.runs.map((run) => soak.element("tr", {}, soak.element("td", {}, run.name), soak.element("td", {}, soak.words(run.ending), run.message ? soak.element("span", {class: "quiet"}, `: ${run.message}`) : null),
    soak.element("td", {class: "figure"}, soak.count(run.iterations)), soak.element("td", {class: "figure"}, soak.time(run.wallSeconds * 1e9))))))),
  soak.pairs([["benchmark", detail.benchmarkName], ["binary", detail.binary], ["threads", String(detail.threads)]].filter((pair) => pair[1])),
  detail.output ? soak.element("details", {open: detail.runs.some((run) => run.ending !== "finished")}, soak.element("summary", {}, "The last it printed"), soak.element("pre", {class: "output"}, detail.output)) : null);

soak.detail = (run, index) => {
  const one = run.scenarios[index], detail = soak.data("scenario-" + index);
  detail.sites = soak.unpackSites(detail);
  const plots = soak.element("div", {class: "plots"},
    soak.growthPlot(detail, "Live heap", "heap_bytes", [], true),
    soak.growthPlot({...detail, runs: detail.runs.slice(0, 1)}, "Resident memory", "rss_bytes", [{name: "limit", value: one.rssLimit}, {name: "peak limit", value: one.peakLimit}], false), soak.countPlot(detail));
  return [soak.pager(run, index),
    soak.element("section", {class: "card hero tone-" + one.verdict}, soak.element("h1", {}, one.name), soak.storyHead(one)),
    one.findings.length === 0 ? null : soak.element("section", {class: "card story tone-" + one.verdict}, detail.findings.map((finding) => soak.finding(finding, 10)), soak.trouble(one)),
    soak.figureGrid(one), soak.notes(one), plots, soak.siteCard(detail), soak.typeCard(detail), soak.scenarioChanges(run, index), soak.runTable(detail),
    one.rerun ? soak.element("section", {class: "card"}, soak.element("h2", {}, "Run it again"), soak.command(one.rerun)) : null];
};

soak.pager = (run, index) => {
  const to = (target, text) => target < 0 || target >= run.scenarios.length ? soak.element("span", {}) : soak.element("a", {href: "#s" + target}, text);
  return soak.element("nav", {class: "pager", "aria-label": "Scenarios"}, to(index - 1, "← previous"), soak.element("a", {href: "#"}, "all scenarios"), to(index + 1, "next →"));
};
