// The archive: all runs, and one scenario over all of them.

soak.verdictDots = (verdicts) => soak.element("span", {class: "dots", role: "img", "aria-label": `newest last: ${verdicts.map((one) => soak.words(one || "not run")).reverse().join(", ")}`},
  verdicts.slice(0, 30).reverse().map((one) => soak.element("span", {class: one ? "dot tone-" + one : "dot", title: soak.words(one || "not run")})));

soak.runRow = (run) => soak.element("tr", {}, soak.element("td", {class: "name"}, run.report ? soak.element("a", {href: run.report}, run.id) : run.id),
  soak.element("td", {"data-head": "begun"}, run.startedAt.replace("T", " ").replace("Z", "")),
  soak.element("td", {class: "mono", "data-head": "commit"}, run.commit ? soak.shortCommit(run.commit) + (run.dirty ? ", changed" : "") : "–"),
  soak.element("td", {}, Object.entries(run.counts).map(([verdict, count]) => [soak.element("span", {class: "pill tone-" + verdict}, `${count} ${soak.words(verdict)}`), " "]), run.completed ? null : soak.element("span", {class: "quiet"}, "did not complete")));

soak.runsCard = (site) => soak.element("section", {class: "card"}, soak.element("h2", {}, `${site.runs.length} runs`), soak.element("table", {class: "cards"},
  soak.element("thead", {}, soak.element("tr", {}, ["run", "begun", "commit", "verdicts"].map((head) => soak.element("th", {scope: "col"}, head)))), soak.element("tbody", {}, site.runs.map(soak.runRow))));

soak.siteOverview = (site, trend) => [
  soak.element("section", {class: "card"}, soak.element("h2", {}, "Scenarios"), soak.element("table", {class: "scenarios cards"},
    soak.element("thead", {}, soak.element("tr", {}, ["scenario", "newest", "heap peak over commits", "nights, newest last", "levels"].map((head) => soak.element("th", {scope: "col"}, head)))),
    soak.element("tbody", {}, site.scenarios.map((one) => soak.element("tr", {onclick: (event) => { if (!event.target.closest("a")) location.href = one.page; }},
      soak.element("td", {class: "name"}, soak.element("a", {href: one.page}, one.name)), soak.element("td", {}, one.verdicts[0] ? soak.pill(one.verdicts[0]) : "–"),
      soak.element("td", {}, soak.spark(one.curve, one.verdicts[0] || "pass", 4096)), soak.element("td", {}, soak.verdictDots(one.verdicts)),
      soak.element("td", {"data-head": "levels"}, one.changes ? `${one.changes} metrics changed` : "steady")))))),
  soak.runsCard(site), trend.notes.map((note) => soak.element("p", {class: "quiet small"}, note))];

soak.siteScenario = (site, trend) => {
  const one = site.scenarios[0], drawn = trend.metrics.filter((metric) => metric.points.length > 1);
  return [soak.element("nav", {class: "pager"}, soak.element("a", {href: "index.html"}, "all scenarios")),
    soak.element("section", {class: "card hero tone-" + (one.verdicts[0] || "pass")}, soak.element("h1", {}, one.name), one.verdicts[0] ? soak.pill(one.verdicts[0]) : null, soak.verdictDots(one.verdicts)),
    drawn.length ? soak.element("div", {class: "plots"}, drawn.map(soak.trendPlot)) : soak.element("p", {class: "note"}, "Fewer than two commits were measured."),
    soak.runsCard(site), trend.notes.map((note) => soak.element("p", {class: "quiet small"}, note))];
};

soak.site = (site) => (site.scenario === null ? soak.siteOverview : soak.siteScenario)(site, soak.data("trend"));
