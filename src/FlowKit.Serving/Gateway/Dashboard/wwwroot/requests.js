import { ask } from "./key.js";
import { duration, element, failureOf, find } from "./dom.js";

const every = 5000;
const few = 12;
let timer = null;
const open = new Set();
const whole = new Set();

export function start() {
  find("#requests-refresh").addEventListener("click", load);
}

export function show() {
  load();
  timer = setInterval(load, every);
}

export function hide() {
  clearInterval(timer);
}

async function load() {
  const message = find("#requests-message");
  try {
    const response = await ask("status/requests");
    const found = await response.json();
    if (!response.ok) throw new Error(failureOf(response, found));
    message.textContent = "";
    message.classList.remove("error");
    render(find("#failed"), found.failed, "None failed.");
    render(find("#slowest"), found.slowest, "None came yet.");
  } catch (error) {
    message.textContent = `The requests cannot be read: ${error.message}`;
    message.classList.add("error");
  }
}

// What is open, and what has the focus, stays so while the list is made anew.
function render(list, requests, none) {
  const focused = list.contains(document.activeElement) ? document.activeElement.closest("details")?.dataset.id : null;
  const shown = whole.has(list.id) ? requests : requests.slice(0, few);
  list.replaceChildren(...(requests.length ? shown.map(toView) : [element("p", { class: "about" }, none)]));
  if (shown.length < requests.length) {
    const all = element("button", { type: "button" }, `Show all ${requests.length}`);
    all.addEventListener("click", () => {
      whole.add(list.id);
      render(list, requests, none);
    });
    list.append(all);
  }
  if (focused) find(`details[data-id="${focused}"] summary`, list)?.focus();
}

function toView(request) {
  const summary = element("summary", {},
    element("span", { class: "took" }, duration(request.ms)),
    element("code", {}, request.endpoint),
    element("span", {}, `${request.documents} document${request.documents === 1 ? "" : "s"}`),
    element("time", { dateTime: new Date(request.start).toISOString() }, new Date(request.start).toLocaleTimeString()),
    request.error ? element("span", { class: "error" }, `${request.error.code}${request.error.executor ? ` in ${request.error.executor}` : ""}`) : null);
  const view = element("details", { class: "request", open: open.has(request.id) }, summary);
  view.dataset.id = request.id;
  view.addEventListener("toggle", () => view.open ? open.add(request.id) : open.delete(request.id));
  if (request.error?.message) view.append(element("p", { class: "error" }, request.error.message));
  if (request.trace) view.append(element("p", { class: "id" }, `trace ${request.trace}`));
  view.append(waterfall(request));
  return view;
}

function waterfall(request) {
  const hops = request.hops.map(hop => hopView(hop, request.ms));
  const whole = hopView({ executor: "gateway", from_ms: 0, to_ms: request.ms }, request.ms);
  return element("ol", { class: "waterfall", "aria-label": "Hops" }, whole, ...hops);
}

function hopView(hop, whole) {
  const end = hop.to_ms ?? hop.from_ms;
  const bar = element("i", { class: hop.error ? "failed" : "" });
  bar.style.marginLeft = `${Math.min(99, hop.from_ms / (whole || 1) * 100)}%`;
  bar.style.width = `${Math.max(0.5, (end - hop.from_ms) / (whole || 1) * 100)}%`;
  const said = [hop.to_ms === null ? "passed by" : duration(end - hop.from_ms), hop.from_ms > 0 ? `after ${duration(hop.from_ms)}` : null, hop.batch ? `in a batch of ${hop.batch}` : null, hop.error ? hop.error.code : null];
  return element("li", {},
    element("span", { class: "hop" }, hop.executor),
    element("span", { class: "track" }, bar),
    element("span", { class: "said" }, said.filter(Boolean).join(", ")));
}
