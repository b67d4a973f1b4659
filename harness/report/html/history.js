// What changed against a base, and how a metric went over commits.

soak.metricFormat = (name) => /_ns$/.test(name) ? soak.time : /bytes/.test(name) ? soak.bytes : soak.count;
soak.metricWords = (name) => name.replace(/_per_iteration$/, " per iteration").replace(/_(bytes|ns)\b/, "").replaceAll("_", " ");
soak.shortCommit = (commit) => commit.slice(0, 12);

soak.sideText = (side) => `${side.asked || side.run}${side.commit ? ` (${soak.shortCommit(side.commit)}${side.dirty ? ", changed" : ""})` : ""}`;

// Rows of the metrics that changed; all of them where nothing did.
soak.changedMetrics = (scenario) => scenario.metrics.filter((metric) => metric.outcome === "better" || metric.outcome === "worse");

// Only where it means something: what noise does is no change.
soak.changeText = (metric) => !metric.ratio || (metric.outcome !== "better" && metric.outcome !== "worse") ? "" :
  ` ${metric.ratio > 1 ? "+" : "−"}${Number(Math.abs(100 * (metric.ratio - 1)).toPrecision(2)).toLocaleString("en-US")} %`;

soak.metricRow = (metric) => {
  const format = soak.metricFormat(metric.metric);
  return soak.element("tr", {}, soak.element("td", {}, soak.metricWords(metric.metric)), soak.element("td", {class: "figure"}, format(metric.base)),
    soak.element("td", {class: "figure"}, format(metric.head)),
    soak.element("td", {class: "figure " + metric.outcome}, soak.words(metric.outcome) + soak.changeText(metric)),
    soak.element("td", {class: "quiet"}, [metric.note, metric.gate ? `gate ${metric.gate.limit}: ${metric.gate.outcome}` : ""].filter(Boolean).join("; ")));
};

soak.metricTable = (metrics) => soak.element("div", {class: "scroll"}, soak.element("table", {}, soak.element("thead", {}, soak.element("tr", {},
  ["metric", "base", "now", "outcome", ""].map((head, i) => soak.element("th", {scope: "col", class: i > 0 && i < 4 ? "figure" : ""}, head)))), soak.element("tbody", {}, metrics.map(soak.metricRow))));

soak.changes = (run) => {
  const comparison = soak.data("comparison");
  if (!comparison) return null;
  const changed = comparison.scenarios.filter((scenario) => scenario.changed);
  const index = (name) => run.scenarios.findIndex((one) => one.name === name);
  return soak.element("section", {class: "card", id: "changes"}, soak.element("h2", {}, `Against ${soak.sideText(comparison.base)}`),
    changed.length === 0 ? soak.element("p", {}, "Nothing changed beyond noise.") : null,
    changed.map((scenario) => soak.element("div", {class: "finding"}, soak.element("p", {}, soak.element("a", {href: "#s" + index(scenario.name)}, scenario.name),
      scenario.base_verdict !== scenario.head_verdict ? [" ", scenario.base_verdict ? soak.pill(scenario.base_verdict) : "not judged", " → ", scenario.head_verdict ? soak.pill(scenario.head_verdict) : "not judged"] : null),
      soak.changedMetrics(scenario).length ? soak.metricTable(soak.changedMetrics(scenario)) : null)),
    [["only in the base", comparison.only_in_base], ["new", comparison.only_in_head]].map(([words, names]) => names.length ? soak.element("p", {class: "quiet"}, `${words}: ${names.join(", ")}`) : null),
    comparison.fingerprint_differences.length ? soak.lazyDetails("The machines or builds differ", () => soak.pairs(comparison.fingerprint_differences.map((one) => [one.key, `${one.base} → ${one.head}`]))) : null,
    comparison.notes.map((note) => soak.element("p", {class: "quiet small"}, note)));
};

// Curves laid over each other, every metric, and the call sites that only one side has.
soak.scenarioChanges = (run, index) => {
  const one = run.scenarios[index];
  const comparison = soak.data("comparison"), scenario = comparison?.scenarios.find((other) => other.name === one.name);
  const parts = [];
  if (scenario) {
    const points = (side) => side.iterations.map((iteration, i) => [iteration, side.values[i] - side.values[0]]);
    const heap = scenario.curves.find((curve) => curve.reading === "heap_bytes") ?? scenario.curves[0];
    parts.push(soak.element("section", {class: "card"}, soak.element("h2", {}, `Against ${soak.sideText(comparison.base)}`), soak.metricTable(scenario.metrics),
      scenario.sites.length ? soak.element("div", {class: "scroll"}, soak.element("table", {class: "sites cards"}, soak.element("thead", {}, soak.element("tr", {},
        ["call site", "difference", "base", "now"].map((head, i) => soak.element("th", {scope: "col", class: i > 1 ? "figure" : ""}, head)))),
        soak.element("tbody", {}, scenario.sites.slice(0, 50).map((site) => soak.element("tr", {}, soak.element("td", {class: "name"}, soak.element("code", {}, site.function), " ", soak.element("span", {class: "quiet mono"}, site.file ? `${site.file}:${site.line}` : "")),
          soak.element("td", {"data-head": "difference"}, site.difference), soak.element("td", {class: "figure", "data-head": "base"}, soak.bytes(site.base_bytes_per_iteration) + "/iter"), soak.element("td", {class: "figure", "data-head": "now"}, soak.bytes(site.head_bytes_per_iteration) + "/iter")))))) : null,
      scenario.sites_note ? soak.element("p", {class: "quiet small"}, scenario.sites_note) : null));
    if (heap) parts.push(soak.element("div", {class: "plots"}, soak.plot({title: `${soak.metricWords(heap.reading)} of both`, wide: true, unit: /bytes/.test(heap.reading) ? "bytes" : "count", warmUp: null, link: "comparison",
      note: heap.first_difference === null ? "" : `apart from iteration ${soak.count(heap.first_difference)} on`,
      series: [{name: "base", color: "--curve-3", dashed: true, points: points(heap.base)}, {name: "now", color: "--curve-1", points: points(heap.head)}]})));
  }
  const trends = soak.data("trend")?.metrics.filter((trend) => trend.scenario === one.name && trend.points.length > 1) ?? [];
  if (trends.length) parts.push(soak.element("h2", {class: "section"}, "Over commits"), soak.element("div", {class: "plots"}, trends.map(soak.trendPlot)));
  return parts;
};

// Commits stand one beside the other, oldest first; where a level changed, a line says which commit.
soak.trendPlot = (trend) => soak.plot({title: soak.metricWords(trend.metric), unit: /bytes/.test(trend.metric) ? "bytes" : /_ns$/.test(trend.metric) ? "time" : "count", warmUp: null, link: trend.metric, isTrend: true,
  note: trend.changes.map((change) => `${change.worse ? "worse" : "better"} since ${soak.shortCommit(change.first_new)}${change.machine_change ? ` (${change.machine_change})` : ""}`).join("; "),
  names: trend.points.map((point) => `${soak.shortCommit(point.commit)} ${point.subject}`),
  labels: trend.changes.map((change) => [trend.points.findIndex((point) => point.commit === change.first_new), soak.shortCommit(change.first_new)]),
  series: [{name: soak.metricWords(trend.metric), color: "--curve-1", points: trend.points.map((point, i) => [i, point.value])}]});
