import { ask } from "./key.js";
import { failureOf, find } from "./dom.js";
import * as flow from "./flow.js";
import * as requests from "./requests.js";
import * as search from "./search.js";
import * as trial from "./try.js";

const views = { flow, try: trial, search, requests };
const nav = find("#nav");
let shown = null;

nav.addEventListener("click", event => {
  const link = event.target.closest("[data-view]");
  if (!link) return;
  event.preventDefault();
  history.pushState(null, "", addressOf(link.dataset.view));
  show(link.dataset.view, true);
});
find("#skip").addEventListener("click", event => {
  event.preventDefault();
  find("#view").focus();
});
addEventListener("popstate", () => show(wanted()));

const known = await describe();
flow.start(known);
trial.start(known);
search.start(known);
requests.start(known);
show(wanted());

// A flow that shows nothing of itself (no_debug_endpoints) can still be searched.
async function describe() {
  const response = await ask("status/flow");
  if (response.status === 404) return { hidden: true, can_search: true, executors: [], endpoints: [] };
  const described = await response.json().catch(() => null);
  if (!response.ok) {
    const problem = find("#problem");
    problem.textContent = failureOf(response, described);
    problem.hidden = false;
    return { hidden: true, can_search: false, executors: [], endpoints: [] };
  }
  return described;
}

function canShow(view) {
  return view === "search" ? known.can_search : !known.hidden;
}

function addressOf(view) {
  const query = view === "search" ? location.search : "";
  return `${new URL(document.baseURI).pathname}${query}#/${view}`;
}

function wanted() {
  const named = location.hash.replace(/^#\//, "");
  if (views[named] && canShow(named)) return named;
  return known.can_search ? "search" : "flow";
}

function show(view, focuses = false) {
  const title = known.title ?? known.name;
  find("#title").textContent = title ?? "FlowKit";
  for (const link of nav.querySelectorAll("[data-view]")) {
    link.hidden = !canShow(link.dataset.view);
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (!canShow(view)) return;
  for (const panel of document.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== view;
  document.title = `${nav.querySelector(`[data-view=${view}]`).textContent} – ${title ?? "FlowKit"}`;
  if (shown && shown !== view) views[shown].hide?.();
  shown = view;
  views[view].show?.();
  if (focuses) find("#view").focus();
}
