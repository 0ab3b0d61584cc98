import { drawn, duration, element, rate } from "./dom.js";

const box = { width: 164, height: 104 };
const gap = { along: 64, across: 24 };
const least = 0.6;
const end = { width: 92, height: 44 };

// The executors in layers, each behind all that it needs, from the gateway to the reply: from left to right, or down where it is narrow.
export function layout(flow, isNarrow) {
  const nodes = new Map([["gateway", { name: "gateway", layer: 0, end: true, label: "gateway" }]]);
  for (const executor of flow.executors) {
    const layer = 1 + Math.max(...executor.needs.map(need => nodes.get(need)?.layer ?? 0));
    nodes.set(executor.name, { name: executor.name, layer, executor });
  }
  const edges = flow.executors.flatMap(executor => executor.needs.map(need => ({ from: need, to: executor.name, floats: executor.floating })));
  const last = 1 + Math.max(0, ...[...nodes.values()].map(node => node.layer));
  nodes.set(" reply", { name: " reply", layer: last, end: true, label: "reply" });
  edges.push(...flow.reply.map(leaf => ({ from: leaf, to: " reply" })));
  place([...nodes.values()], last, isNarrow);
  const shown = [...nodes.values()];
  return {
    nodes,
    edges,
    width: Math.max(...shown.map(node => node.x + node.width)),
    height: Math.max(...shown.map(node => node.y + node.height)),
  };
}

function place(nodes, last, isNarrow) {
  const along = isNarrow ? "height" : "width";
  const across = isNarrow ? "width" : "height";
  const layers = Array.from({ length: last + 1 }, (_, layer) => nodes.filter(node => node.layer === layer));
  for (const node of nodes) Object.assign(node, node.end ? end : box);
  const breadth = Math.max(...layers.map(layer => layer.reduce((sum, node) => sum + node[across] + gap.across, -gap.across)));
  let position = 0;
  for (const layer of layers) {
    const own = layer.reduce((sum, node) => sum + node[across] + gap.across, -gap.across);
    let at = (breadth - own) / 2;
    for (const node of layer) {
      node[isNarrow ? "y" : "x"] = position;
      node[isNarrow ? "x" : "y"] = at;
      at += node[across] + gap.across;
    }
    position += Math.max(...layer.map(node => node[along])) + (isNarrow ? gap.along * 0.6 : gap.along);
  }
}

export function drawGraph(container, flow, isNarrow, onChoose) {
  const plan = layout(flow, isNarrow);
  const labels = new Map();
  const lines = new Map();
  const svg = drawn("svg", { width: plan.width, height: plan.height, "aria-hidden": "true" });
  for (const edge of plan.edges) {
    const [from, to] = [plan.nodes.get(edge.from), plan.nodes.get(edge.to)];
    const line = drawn("path", { d: pathOf(from, to, isNarrow), class: edge.floats ? "edge floats" : "edge" });
    svg.append(line);
    if (!to.end) {
      const at = labelPlace(from, to, isNarrow);
      const label = drawn("text", { x: at.x, y: at.y, class: "rate" });
      svg.append(label);
      labels.set(edge, label);
      lines.set(edge, line);
    }
  }
  const canvas = element("div", { class: "canvas" }, svg);
  canvas.style.width = `${plan.width}px`;
  canvas.style.height = `${plan.height}px`;
  const fit = () => fitInto(container, canvas, plan);
  const nodes = new Map();
  for (const node of plan.nodes.values()) {
    const view = node.end ? element("div", { class: "node end" }, node.label) : nodeView(node.executor, onChoose);
    for (const [side, value] of [["left", node.x], ["top", node.y], ["width", node.width], ["height", node.height]]) view.style[side] = `${value}px`;
    canvas.append(view);
    if (!node.end) nodes.set(node.name, view);
  }
  container.replaceChildren(canvas);
  fit();
  return {
    fit,
    update: status => {
      for (const [name, view] of nodes) updateNode(view, name, status);
      for (const [edge, label] of labels) {
        const calls = status.calls[edge.to];
        label.textContent = calls ? rate(calls.rate) : "";
        lines.get(edge).classList.toggle("busy", Boolean(calls?.rate));
      }
    },
    choose: name => {
      for (const [own, view] of nodes) view.setAttribute("aria-pressed", String(own === name));
    },
  };
}

function fitInto(container, canvas, plan) {
  const style = getComputedStyle(container);
  const room = container.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const scale = Math.max(least, Math.min(1, room / plan.width));
  canvas.style.transform = `scale(${scale})`;
  canvas.style.marginBottom = `${plan.height * (scale - 1)}px`;
  canvas.style.marginRight = `${plan.width * (scale - 1)}px`;
  canvas.style.marginLeft = `${Math.max(0, (room - plan.width * scale) / 2)}px`;
}

function pathOf(from, to, isNarrow) {
  if (isNarrow) {
    const [x1, y1, x2, y2] = [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2, to.y];
    const middle = y1 + Math.max(18, (y2 - y1) / 2);
    return `M${x1},${y1} C${x1},${middle} ${x2},${y2 - Math.max(18, (y2 - y1) / 2)} ${x2},${y2}`;
  }
  const [x1, y1, x2, y2] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2];
  const bend = Math.max(30, (x2 - x1) / 2);
  return `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
}

function labelPlace(from, to, isNarrow) {
  return isNarrow ? { x: to.x + to.width / 2 + 6, y: to.y - 8 } : { x: to.x - 46, y: to.y + to.height / 2 - 8 };
}

function nodeView(executor, onChoose) {
  const view = element("button", { type: "button", class: "node", "aria-pressed": "false" },
    element("strong", { class: "title" }, executor.name),
    element("span", { class: "uses" }, executor.uses),
    element("span", { class: "state" }),
    element("span", { class: "flowing" }),
    element("span", { class: "queue" }, element("i")));
  view.dataset.place = executor.place;
  if (executor.floating) view.classList.add("floating");
  view.addEventListener("click", () => onChoose(executor.name));
  return view;
}

function updateNode(view, name, status) {
  const pools = status.executors.filter(pool => pool.executor === name);
  const sum = key => pools.reduce((total, pool) => total + pool[key], 0);
  const waiting = pools.reduce((total, pool) => total + pool.queue.requests, 0);
  const isOpen = pools.some(pool => pool.circuit === "open") || status.faults.some(fault => fault.executor === name);
  const isPaused = pools.some(pool => pool.paused);
  const calls = status.calls[name];
  const missing = sum("ready") < sum("replicas");
  view.classList.toggle("open", isOpen);
  view.classList.toggle("paused", isPaused);
  view.classList.toggle("missing", missing && !isOpen);
  const fails = calls?.errors ? element("b", {}, `${rate(calls.errors)} fail`) : null;
  const state = stateOf(isOpen, isPaused, view.dataset.place === "remote", sum("ready"), sum("replicas"), sum("busy"));
  // There is room for one of them: that nobody serves says more than how often.
  const said = isOpen ? [state, fails] : [fails, state];
  view.querySelector(".state").replaceChildren(...said.filter(Boolean).flatMap((part, at) => at ? [" · ", part] : [part]));
  view.querySelector(".flowing").textContent = calls?.rate ? `${duration(calls.p50_ms)} · p99 ${duration(calls.p99_ms)}` : waiting ? `${waiting} wait` : "";
  view.querySelector(".queue i").style.width = `${Math.min(100, waiting ? 8 + Math.log2(waiting) * 10 : 0)}%`;
  view.title = waiting ? `${waiting} requests wait before ${name}` : "";
}

function stateOf(isOpen, isPaused, isRemote, ready, replicas, busy) {
  if (isOpen) return isRemote ? "does not serve" : "circuit open";
  if (isPaused) return "paused";
  if (isRemote) return `serves elsewhere${busy ? `, ${busy} calls` : ""}`;
  return `${ready} of ${replicas} ready${busy ? `, ${busy} busy` : ""}`;
}
