// Which view the address asks for, keys, theme, print.
(() => {
  const site = soak.data("site"), run = soak.data("run") ?? {scenarios: [], urgent: []}, content = document.getElementById("content");

  const drawIn = (root) => { for (const box of root.querySelectorAll(".plot, .icicle")) box.draw?.(); };

  const wanted = () => {
    const match = /^#s(\d+)$/.exec(location.hash);
    return match && Number(match[1]) < run.scenarios.length ? Number(match[1]) : null;
  };

  const show = () => {
    const index = wanted();
    soak.tip.hide();
    content.replaceChildren(...(site ? soak.site(site) : index === null ? soak.overview(run) : soak.detail(run, index)).flat(Infinity).filter(Boolean));
    document.getElementById("where").textContent = index === null ? site?.scenario ?? "" : run.scenarios[index].name;
    if (site) document.getElementById("home").href = "index.html";
    drawIn(content);
    scrollTo(0, 0);
  };

  const themes = ["auto", "light", "dark"], button = document.getElementById("theme");
  let theme = "auto";
  try { theme = themes.find((one) => one === localStorage.getItem("soak-theme")) ?? "auto"; } catch { /* from disk, some browsers keep nothing */ }
  const setTheme = (next) => {
    theme = next;
    if (theme === "auto") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = theme;
    button.textContent = "Theme: " + theme;
    try { localStorage.setItem("soak-theme", theme); } catch { /* as above */ }
  };
  button.addEventListener("click", () => { setTheme(themes[(themes.indexOf(theme) + 1) % themes.length]); drawIn(content); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawIn(content));
  setTheme(theme);

  document.getElementById("help-button").addEventListener("click", (event) => {
    const help = document.getElementById("help");
    help.hidden = !help.hidden;
    event.target.setAttribute("aria-expanded", String(!help.hidden));
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.matches("input, select, textarea");
    if (event.key === "Escape") { if (isTyping) event.target.blur(); else location.hash = ""; return; }
    if (isTyping) return;
    const step = {j: 1, k: -1}[event.key], index = wanted();
    if (event.key === "/") document.querySelector("#search, .icicle-search")?.focus();
    else if (step && run.scenarios.length) location.hash = "s" + (index === null ? 0 : Math.min(run.scenarios.length - 1, Math.max(0, index + step)));
    else return;
    event.preventDefault();
  });

  // On paper: all that did not pass, in full, behind whatever is shown.
  addEventListener("beforeprint", () => {
    const paper = document.getElementById("print");
    if (wanted() !== null) return;
    const failed = run.urgent.filter((index) => run.scenarios[index].verdict !== "pass").slice(0, 20);
    paper.style.display = "block";
    paper.replaceChildren(...failed.flatMap((index) => soak.detail(run, index)).filter(Boolean));
    drawIn(paper);
    paper.style.display = "";
  });
  addEventListener("afterprint", () => document.getElementById("print").replaceChildren());

  let resizing = 0;
  addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(() => { for (const box of content.querySelectorAll(".icicle")) box.draw?.(); }, 120); });
  addEventListener("hashchange", show);
  addEventListener("scroll", soak.tip.hide, {passive: true});
  show();
})();
