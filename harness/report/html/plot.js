// Curves over iterations, drawn by Dygraphs: drag to zoom, double click for all; keys do the same.

// What one plot draws: {title, note, unit: "bytes" | "count", series: [{name, color, dashed, steps, points: [[iteration, value]]}],
// warmUp: iteration | null, limits: [{name, value}], labels: [[iteration, text]], link: group}.
soak.plot = (spec) => {
  const format = {bytes: soak.bytes, time: soak.time}[spec.unit] ?? soak.count;
  const series = spec.series.filter((one) => one.points.length > 0);
  const box = soak.element("div", {class: "card" + (spec.wide ? " wide" : "")});
  const head = soak.element("div", {class: "plot-head"}, soak.element("h3", {}, spec.title), soak.element("span", {class: "quiet small"}, spec.note ?? ""));
  box.append(head);
  if (series.length === 0) {
    box.append(soak.element("p", {class: "note"}, "Not measured."));
    return box;
  }
  const readout = soak.element("div", {class: "readout", "aria-live": "off"});
  const canvas = soak.element("div", {class: "plot", tabindex: "0", role: "img", "aria-label": soak.plotSummary(spec, series, format)});
  box.append(readout, canvas, soak.plotKeys(spec, series, canvas), soak.plotNumbers(spec, series, format));
  canvas.draw = () => soak.drawPlot(spec, series, canvas, readout, format);
  return box;
};

// For those who do not see the curve.
soak.plotSummary = (spec, series, format) => `${spec.title}, over ${spec.names ? "commits" : "iterations"}. ` + series.map((one) => {
  const first = one.points[0], last = one.points.at(-1);
  let highest = first;
  for (const point of one.points) if (point[1] > highest[1]) highest = point;
  return `${one.name}: ${format(first[1])} at ${soak.count(first[0])}, highest ${format(highest[1])} at ${soak.count(highest[0])}, ${format(last[1])} at ${soak.count(last[0])}.`;
}).join(" ") + " The numbers follow as a table.";

soak.plotKeys = (spec, series, canvas) => soak.element("ul", {class: "keys"}, series.map((one, i) => soak.element("li", {},
  series.length === 1 ? null : soak.element("label", {},
    soak.element("input", {type: "checkbox", checked: true, onchange: (event) => canvas.graph?.setVisibility(i, event.target.checked)}),
    soak.element("span", {class: "swatch", style: `background: var(${one.color})`}), one.name))));

soak.plotNumbers = (spec, series, format) => {
  const details = soak.element("details", {}, soak.element("summary", {}, "Numbers"));
  details.addEventListener("toggle", () => {
    if (!details.open || details.childElementCount > 1) return;
    for (const one of series)
      details.append(soak.element("div", {class: "numbers-box"}, soak.table([spec.names ? "commit" : "iteration", one.name],
        one.points.map(([x, value]) => [spec.names?.[x] ?? soak.count(x), format(value)]), {class: "numbers"})));
  });
  return details;
};

// Dygraphs wants one row an iteration, with a gap where a curve has no point.
soak.plotRows = (series) => {
  const rows = new Map();
  series.forEach((one, i) => one.points.forEach(([iteration, value]) => {
    if (!rows.has(iteration)) rows.set(iteration, [iteration, ...series.map(() => null)]);
    rows.get(iteration)[i + 1] = value;
  }));
  return [...rows.values()].sort((a, b) => a[0] - b[0]);
};

soak.drawPlot = (spec, series, canvas, readout, format) => {
  canvas.graph?.destroy();
  const rows = soak.plotRows(series);
  const values = rows.flatMap((row) => row.slice(1).filter((value) => value !== null));
  const range = soak.valueRange(values, spec.limits ?? []);
  const names = series.map((one, i) => one.name + (series.findIndex((other) => other.name === one.name) < i ? ` (${i + 1})` : ""));
  const graph = new Dygraph(canvas, rows, {
    labels: ["iteration", ...names], colors: series.map((one) => soak.color(one.color)), legend: "never",
    connectSeparatedPoints: true, drawPoints: rows.length <= 400, pointSize: 1.6, strokeWidth: 1.7, highlightCircleSize: 4,
    series: Object.fromEntries(series.map((one, i) => [names[i], {strokePattern: one.dashed ? [6, 4] : null, stepPlot: one.steps === true}])),
    xRangePad: 6, valueRange: range, axisLineColor: soak.color("--line"), gridLineColor: soak.color("--grid"), gridLineWidth: 1,
    axes: {x: {axisLabelFormatter: (value) => spec.names ? (Number.isInteger(value) && spec.names[value] ? spec.names[value].slice(0, 7) : "") : soak.shortCount(value), pixelsPerLabel: 70},
           y: {axisLabelFormatter: (value) => format(value), axisLabelWidth: 62, ticker: spec.unit === "bytes" ? soak.byteTicks : Dygraph.numericTicks, pixelsPerLabel: 34}},
    underlayCallback: (context, area, g) => soak.underlay(spec, context, area, g, format),
    highlightCallback: (event, x, points) => {
      readout.textContent = `${spec.names?.[x] ?? "iteration " + soak.count(x)}: ` + points.map((point) => `${point.name} ${format(point.yval)}`).join(", ");
    },
    unhighlightCallback: () => { readout.textContent = ""; },
    drawCallback: (g, isInitial) => { if (!isInitial) soak.followZoom(spec, canvas, g); },
  });
  canvas.graph = graph;
  canvas.spec = spec;
  canvas.onkeydown = (event) => soak.plotKey(event, graph);
};

soak.shortCount = (value) => {
  for (const [unit, size] of [["G", 1e9], ["M", 1e6], ["k", 1e3]])
    if (Math.abs(value) >= size) return Number((value / size).toPrecision(4)) + unit;
  return String(Number(value.toPrecision(4)));
};

// A limit far above the curve would press it flat; it is named in the note then.
soak.valueRange = (values, limits) => {
  let low = Math.min(...values), high = Math.max(...values);
  for (const limit of limits) if (limit.value > high && limit.value <= high + 2 * (high - low)) high = limit.value;
  const pad = (high - low) * 0.08 || Math.max(1, Math.abs(high) * 0.02);
  return [low - pad, high + pad];
};

// Ticks at powers of two times 1, 2 or 5: 2 MiB, not 2.1.
soak.byteTicks = (low, high, pixels, options, graph) => {
  const wanted = Math.max(2, Math.floor(pixels / 34));
  const unit = Math.pow(1024, Math.max(0, Math.floor(Math.log((high - low) / wanted || 1) / Math.log(1024))));
  let step = unit;
  for (const factor of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]) if ((high - low) / (step = unit * factor) <= wanted) break;
  const ticks = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) ticks.push({v: at, label: soak.bytes(at)});
  return ticks;
};

// Behind the curves: warm-up, limits, labelled checkpoints.
soak.underlay = (spec, context, area, graph, format) => {
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.w, area.h);
  context.clip();
  context.font = "11px system-ui, sans-serif";
  if (spec.warmUp > 0) {
    const left = graph.toDomXCoord(0), right = graph.toDomXCoord(spec.warmUp);
    context.fillStyle = soak.color("--warm-up");
    context.fillRect(left, area.y, right - left, area.h);
    context.fillStyle = soak.color("--quiet");
    context.fillText("warm-up", Math.max(left, area.x) + 6, area.y + 14);
  }
  for (const limit of spec.limits ?? []) {
    const y = graph.toDomYCoord(limit.value);
    context.strokeStyle = context.fillStyle = soak.color("--limit");
    context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(area.x, y);
    context.lineTo(area.x + area.w, y);
    context.stroke();
    const text = `${limit.name} ${format(limit.value)}`;
    context.fillText(text, area.x + area.w - context.measureText(text).width - 6, y - 5);
  }
  context.setLineDash([2, 3]);
  for (const [iteration, text] of spec.labels ?? []) {
    const x = graph.toDomXCoord(iteration);
    context.strokeStyle = context.fillStyle = soak.color("--quiet");
    context.beginPath();
    context.moveTo(x, area.y);
    context.lineTo(x, area.y + area.h);
    context.stroke();
    context.fillText(text.slice(0, 40), x + 4, area.y + area.h - 6);
  }
  context.restore();
};

// All plots of a scenario show the same iterations.
soak.followZoom = (spec, canvas, graph) => {
  if (soak.isFollowing) return;
  soak.isFollowing = true;
  for (const other of canvas.closest(".plots")?.querySelectorAll(".plot") ?? [])
    if (other !== canvas && other.graph && other.spec.link === spec.link)
      other.graph.updateOptions({dateWindow: graph.isZoomed("x") ? graph.xAxisRange() : null});
  soak.isFollowing = false;
};

soak.plotKey = (event, graph) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const [low, high] = graph.xAxisRange(), width = high - low, [first, last] = graph.xAxisExtremes();
  const moves = {ArrowLeft: [low - width / 5, high - width / 5], ArrowRight: [low + width / 5, high + width / 5],
                 "+": [low + width / 4, high - width / 4], "=": [low + width / 4, high - width / 4],
                 "-": [low - width / 2, high + width / 2]};
  if (event.key === "0") graph.resetZoom();
  else if (moves[event.key]) {
    const [from, to] = moves[event.key];
    graph.updateOptions({dateWindow: from <= first && to >= last ? null : [Math.max(from, first), Math.min(to, last)]});
  } else return;
  event.preventDefault();
  event.stopPropagation();
};

// The small curve of a row.
soak.spark = (points, tone, leastSpan) => {
  if (points.length < 2) return null;
  const width = 108, height = 26, values = points.map((point) => point[1]);
  const low = Math.min(...values), span = Math.max(Math.max(...values) - low, leastSpan, 1);
  const first = points[0][0], length = Math.max(1, points.at(-1)[0] - first);
  const path = points.map(([x, y], i) => `${i ? "L" : "M"}${((x - first) / length * width).toFixed(1)} ${(height - 2 - (y - low) / span * (height - 5)).toFixed(1)}`).join("");
  return soak.svg("svg", {class: "spark tone-" + tone, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": `live heap from ${soak.bytes(values[0])} to ${soak.bytes(values.at(-1))}`},
    soak.svg("path", {class: "area", d: `${path}L${width} ${height}L0 ${height}Z`}), soak.svg("path", {d: path}));
};
