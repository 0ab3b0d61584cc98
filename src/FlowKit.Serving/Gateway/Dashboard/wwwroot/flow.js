import { ask, askAdmin } from "./key.js";
import { chart } from "./chart.js";
import { duration, element, failureOf, find, rate, rows, size } from "./dom.js";
import { follow } from "./events.js";
import { drawGraph } from "./graph.js";

const kept = 3600;
const narrow = matchMedia("(max-width: 700px)");
let flow = null;
let graph = null;
let chosen = null;
let latest = null;
let failed = [];
let stop = null;
const history = new Map();

export function start(known) {
  if (known.hidden) return;
  flow = known;
  describe();
  narrow.addEventListener("change", draw);
  addEventListener("resize", () => graph?.fit());
  find("#reload").addEventListener("click", () => change("reload", {}, "The files are applied."));
  // The charts go on while another view is shown.
  stop = follow("status/events", take, state => {
    find("#live").textContent = { live: "alive", lost: "not reached; trying again", closed: "needs a key; load the page again" }[state];
    find("#live").classList.toggle("error", state !== "live");
  });
  addEventListener("pagehide", () => stop());
}

export function show() {
  if (flow) draw();
}

function describe() {
  find("#flow-about").textContent = flow.description ?? "";
  find("#reload").hidden = !flow.can_reload;
  const head = element("tr", {}, ...["Endpoint", "Executors that work on it", "Kind"].map(name => element("th", { scope: "col" }, name)));
  const lines = flow.endpoints.map(endpoint => element("tr", {},
    element("td", {}, element("code", {}, endpoint.default ? "any other" : endpoint.endpoint)),
    element("td", {}, endpoint.road),
    element("td", {}, [endpoint.writes ? "writes" : "reads", endpoint.streams ? "streams" : null].filter(Boolean).join(", "))));
  find("#endpoints").replaceChildren(element("thead", {}, head), element("tbody", {}, ...lines));
}

function draw() {
  graph = drawGraph(find("#graph"), flow, narrow.matches, choose);
  graph.choose(chosen);
  if (latest) graph.update(latest);
}

async function take(event) {
  latest = JSON.parse(event.data);
  if (latest.version !== flow.version) {
    const response = await ask("status/flow");
    if (!response.ok) return;
    flow = await response.json();
    describe();
    draw();
  }
  remember();
  totals();
  graph?.update(latest);
  if (chosen) update();
}

function remember() {
  for (const name of new Set(latest.executors.map(pool => pool.executor))) {
    const samples = history.get(name) ?? [];
    const waiting = latest.executors.filter(pool => pool.executor === name).reduce((sum, pool) => sum + pool.queue.requests, 0);
    samples.push({ rate: 0, errors: 0, p99_ms: null, ...latest.calls[name], waiting });
    if (samples.length > kept) samples.shift();
    history.set(name, samples);
  }
}

function totals() {
  const { requests, memory } = latest;
  find("#totals").replaceChildren(...[
    ["Requests", rate(requests.rate)], ["Half within", duration(requests.p50_ms)], ["99 % within", duration(requests.p99_ms)],
    ["Failed", rate(requests.errors)], ["Under way", latest.in_flight], ["Memory", memory.limit ? `${size(memory.used)} of ${size(memory.limit)}` : size(memory.used)],
  ].map(([name, value]) => element("div", {}, element("span", {}, name), element("strong", {}, String(value)))));
}

async function choose(name) {
  chosen = chosen === name ? null : name;
  graph.choose(chosen);
  const details = find("#details");
  details.hidden = !chosen;
  if (!chosen) return;
  const executor = flow.executors.find(one => one.name === chosen);
  details.replaceChildren(
    element("div", { class: "bar" }, element("h3", {}, executor.name), element("span", {}, executor.description ?? ""), closeButton()),
    element("div", { class: "columns" },
      element("div", {}, actions(executor), element("p", { id: "action-message", role: "status" }), element("div", { id: "replicas" }),
        element("h4", {}, "Endpoints"), element("p", {}, executor.endpoints.map(endpoint => endpoint === "/default" ? "any other" : endpoint).join(", ") || "none")),
      element("div", { id: "charts", class: "charts" }),
      element("div", {}, element("h4", {}, "Last errors"), element("div", { id: "last-errors" }), facts(executor))));
  update();
  details.scrollIntoView({ block: "nearest" });
  await loadFailed();
  if (chosen === name) lastErrors();
}

function closeButton() {
  const button = element("button", { type: "button", "aria-label": "Close" }, "×");
  button.addEventListener("click", () => choose(chosen));
  return button;
}

function actions(executor) {
  const replicas = element("input", { type: "number", min: "1", max: "1024", "aria-label": "Replicas" });
  replicas.value = latest?.executors.find(pool => pool.executor === executor.name)?.replicas ?? 1;
  const scale = element("button", { type: "submit" }, "Scale");
  const pause = element("button", { type: "button", id: "pause" }, "Pause");
  const form = element("form", { class: "actions" }, replicas, scale, pause);
  form.addEventListener("submit", event => {
    event.preventDefault();
    change("scale", { executor: executor.name, replicas: Number(replicas.value) }, `${replicas.value} replicas serve.`);
  });
  pause.addEventListener("click", () => {
    const paused = !isPaused(executor.name);
    change("pause", { executor: executor.name, paused }, paused ? "Requests wait before it." : "Requests go on.");
  });
  return form;
}

const isPaused = name => latest?.executors.some(pool => pool.executor === name && pool.paused) ?? false;

function facts(executor) {
  const options = Object.entries(executor.options ?? {}).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  const batches = Object.entries(executor.batching).map(([name, value]) => [`batches of ${name}`, value]);
  return element("div", {}, element("h4", {}, "Options"), rows([
    ["uses", executor.uses], ["runs", executor.place], ["needs", executor.needs.join(", ")], ["device", executor.device], ["shards", executor.shards],
    ...(executor.floating ? [["reply", "does not wait for it"]] : []), ...batches, ...options]));
}

function update() {
  const pools = latest?.executors.filter(pool => pool.executor === chosen) ?? [];
  find("#replicas")?.replaceChildren(element("table", { class: "small" },
    element("thead", {}, element("tr", {}, ...["Shard", "Ready", "Busy", "Restarts", "Waiting"].map(name => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...pools.map(pool => element("tr", {},
      element("td", {}, String(pool.shard)),
      element("td", {}, `${pool.ready} of ${pool.replicas}${pool.circuit === "open" ? ", circuit open" : ""}${pool.paused ? ", paused" : ""}${pool.autoscale?.last_change ? `, scaled ${pool.autoscale.last_change}` : ""}`),
      element("td", {}, String(pool.busy)), element("td", {}, String(pool.restarts)),
      element("td", {}, pool.queue.bytes ? `${pool.queue.requests} (${size(pool.queue.bytes)})` : String(pool.queue.requests)))))));
  const pause = find("#pause");
  if (pause) pause.textContent = isPaused(chosen) ? "Resume" : "Pause";
  const samples = history.get(chosen) ?? [];
  find("#charts")?.replaceChildren(
    chart("Calls", samples, sample => sample.rate, rate), chart("99 % within", samples, sample => sample.p99_ms, duration),
    chart("Waiting", samples, sample => sample.waiting, value => String(value ?? 0)), chart("Failed", samples, sample => sample.errors, rate));
  lastErrors();
}

async function loadFailed() {
  const response = await ask("status/requests");
  if (response.ok) failed = (await response.json()).failed;
}

function lastErrors() {
  const list = find("#last-errors");
  if (!list) return;
  const own = failed.filter(request => request.error?.executor === chosen).slice(0, 5).map(request =>
    element("li", {}, `${new Date(request.start).toLocaleTimeString()} ${request.endpoint}: ${request.error.message ?? request.error.code}`));
  const restarts = latest?.executors.filter(pool => pool.executor === chosen && pool.last_error).map(pool => element("li", {}, pool.last_error)) ?? [];
  const faults = latest?.faults.filter(fault => fault.executor === chosen && fault.reason).map(fault => element("li", {}, fault.reason)) ?? [];
  const all = [...faults, ...restarts, ...own];
  list.replaceChildren(all.length ? element("ul", { class: "errors" }, ...all) : element("p", { class: "about" }, "none"));
}

async function change(action, body, done) {
  const message = find("#action-message") ?? find("#live");
  message.textContent = "…";
  message.classList.remove("error");
  try {
    const response = await askAdmin(`admin/${action}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const answer = await response.json().catch(() => null);
    const failure = failureOf(response, answer);
    message.textContent = failure ?? done;
    message.classList.toggle("error", Boolean(failure));
  } catch (error) {
    message.textContent = `The flow does not answer: ${error.message}`;
    message.classList.add("error");
  }
}
