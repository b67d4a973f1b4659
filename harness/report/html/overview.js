// All scenarios: the verdict, what failed and why, and the table.

soak.heapText = (one) => one.verdict === "pass" && one.heapIsNoise && one.heapPerIteration ? "~0 B" : soak.bytes(one.heapPerIteration);

soak.meta = (run) => [run.commit ? ["commit", run.commit.slice(0, 12) + (run.dirty ? " with uncommitted changes" : "")] : null,
  run.startedAt ? ["begun", run.startedAt.replace("T", " ").replace("Z", " UTC")] : null, run.id ? ["run", run.id] : null,
  run.fingerprint.soak_build_type ? ["build", run.fingerprint.soak_build_type] : null]
  .filter(Boolean).map(([name, value]) => soak.element("span", {}, `${name} `, soak.element("span", {class: "mono"}, value)));

soak.hero = (run) => soak.element("section", {class: "card hero tone-" + run.verdict, "aria-label": "Verdict"},
  soak.element("h1", {}, run.counts), soak.pill(run.verdict),
  run.smallestLeak === null ? null : soak.element("span", {class: "quiet"}, `where passed, a leak of ${soak.bytes(run.smallestLeak)} per iteration would have shown`),
  run.completed ? null : soak.element("strong", {}, "The run did not complete, so it does not pass."),
  soak.element("div", {class: "meta"}, soak.meta(run)));

soak.culprits = (sites, left) => sites.length === 0 ? null : soak.element("ul", {class: "culprits"},
  sites.map((site) => soak.element("li", {}, soak.element("span", {class: "share"}, site.share),
    soak.element("span", {}, soak.element("code", {class: "fn"}, site.function), " ", soak.element("span", {class: "at mono"}, site.place),
      site.type ? soak.element("span", {class: "quiet"}, ` ${site.type}`) : null, soak.element("span", {class: "quiet"}, `  ${site.rate}`)))),
  left > 0 ? soak.element("li", {}, soak.element("span"), soak.element("span", {class: "quiet"}, `and ${left} more call sites`)) : null);

soak.finding = (finding, most) => soak.element("div", {class: "finding"}, soak.element("p", {}, finding.message),
  soak.culprits(finding.sites.slice(0, most), finding.siteCount - Math.min(most, finding.sites.length)),
  finding.sitesNote ? soak.element("p", {class: "quiet small"}, finding.sitesNote) : null,
  finding.cause ? soak.element("span", {class: "cause"}, `likely cause: ${finding.cause}`) : null);

soak.notes = (one) => one.notes.map((note) => soak.element("p", {class: "quiet small"}, note));

soak.trouble = (one) => one.trouble ? soak.element("p", {class: "quiet small"}, `At this rate: ${one.trouble}.`) : null;

soak.storyHead = (one) => [soak.pill(one.verdict), one.severity === "none" ? null : soak.element("span", {class: "severity"}, one.severity)];

soak.stories = (run) => {
  const failed = run.urgent.map((index) => [index, run.scenarios[index]]).filter(([, one]) => one.verdict !== "pass" || one.findings.length > 0);
  const card = ([index, one]) => soak.element("article", {class: "card story tone-" + one.verdict},
    soak.element("h3", {}, soak.storyHead(one), soak.element("a", {href: "#s" + index}, one.name)),
    one.findings.map((finding) => soak.finding(finding, 3)), soak.trouble(one), soak.notes(one), soak.command(one.rerun));
  const most = 12, box = soak.element("section", {"aria-label": "What did not pass"}, failed.slice(0, most).map(card));
  if (failed.length > most) {
    const more = soak.element("button", {type: "button", onclick: () => more.replaceWith(...failed.slice(most).map(card))}, `Show ${failed.length - most} more that did not pass`);
    box.append(more);
  }
  return box;
};

soak.against = (value, limit) => [soak.bytes(value), limit === null ? "" : soak.element("span", {class: "of"}, ` / ${soak.bytes(limit)}`)];

soak.overviewRow = (one, index) => {
  const figure = (head, ...content) => soak.element("td", {class: "figure", "data-head": head}, content);
  const highest = Math.max(0, ...one.curve.map((point) => point[1]));
  return soak.element("tr", {onclick: (event) => { if (!event.target.closest("a, button")) location.hash = "s" + index; }},
    soak.element("td", {class: "name"}, soak.element("a", {href: "#s" + index}, one.name)),
    soak.element("td", {}, soak.pill(one.verdict)),
    soak.element("td", {}, soak.spark(one.curve, one.verdict, one.verdict === "pass" ? Math.max(4096, highest / 200) : 1)),
    figure("heap/iter", soak.heapText(one)), figure("RSS growth / limit", soak.against(one.rss, one.rssLimit)),
    figure("peak / limit", soak.against(one.peak, one.peakLimit)), figure("time/iter", soak.time(one.timeNs)));
};

soak.overviewTable = (run) => {
  const rows = run.scenarios.map(soak.overviewRow);
  const none = soak.element("p", {class: "note", hidden: true}, "No scenario matches.");
  const state = {search: "", verdict: null};
  const apply = () => {
    let shown = 0;
    rows.forEach((row, i) => {
      const one = run.scenarios[i];
      row.hidden = !(one.name.toLowerCase().includes(state.search) && (state.verdict === null || one.verdict === state.verdict));
      row.style.display = row.hidden ? "none" : "";
      shown += row.hidden ? 0 : 1;
    });
    none.hidden = shown > 0;
  };
  const verdicts = [...new Set(run.scenarios.map((one) => one.verdict))];
  const chips = verdicts.length < 2 ? null : soak.element("div", {class: "chips", role: "group", "aria-label": "Verdict"}, [null, ...verdicts].map((verdict) =>
    soak.element("button", {type: "button", "aria-pressed": String(verdict === null), onclick: (event) => {
      state.verdict = verdict;
      for (const button of event.target.parentElement.children) button.setAttribute("aria-pressed", String(button === event.target));
      apply();
    }}, verdict === null ? `all ${run.scenarios.length}` : `${soak.words(verdict)} ${run.scenarios.filter((one) => one.verdict === verdict).length}`)));
  const search = soak.element("input", {type: "search", id: "search", placeholder: "Search scenarios", "aria-label": "Search scenarios",
    oninput: (event) => { state.search = event.target.value.trim().toLowerCase(); apply(); }});
  return soak.element("section", {class: "card"}, soak.element("h2", {}, "Scenarios"), soak.element("div", {class: "toolbar"}, search, chips),
    soak.element("table", {class: "scenarios cards"}, soak.element("thead", {}, soak.element("tr", {},
      ["scenario", "verdict", "heap", "heap/iter", "RSS growth / limit", "peak / limit", "time/iter"].map((head, i) =>
        soak.element("th", {scope: "col", class: i > 2 ? "figure" : ""}, head)))), soak.element("tbody", {}, rows)), none);
};

soak.pairs = (entries) => soak.element("dl", {class: "pairs"}, entries.flatMap(([name, value]) => [soak.element("dt", {}, name), soak.element("dd", {class: "mono"}, value)]));

soak.fingerprint = (run) => Object.keys(run.fingerprint).length === 0 ? null :
  soak.element("section", {class: "card"}, soak.element("h2", {}, "Where and how it ran"),
    soak.pairs(Object.entries(run.fingerprint).map(([key, value]) => [key.replace(/^soak_/, "").replaceAll("_", " "), value])));

soak.overview = (run) => [soak.hero(run), soak.stories(run), soak.changes(run), run.scenarios.length ? soak.overviewTable(run) : null, soak.fingerprint(run)];
