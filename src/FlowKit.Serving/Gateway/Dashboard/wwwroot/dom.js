// Makes elements. Whatever a flow says becomes text and nothing else.
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") made.className = value;
    else if (key.includes("-")) made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

export function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Texts that the flow's file offers, each a button; nothing where there are none.
export function offer(place, texts, choose) {
  place.hidden = !texts?.length;
  place.replaceChildren(...(texts ?? []).map(text => {
    const button = element("button", { type: "button" }, text);
    button.addEventListener("click", () => choose(text));
    return button;
  }));
}

export const find = (selector, from = document) => from.querySelector(selector);

export function rows(pairs) {
  return element("dl", { class: "pairs" }, ...pairs.flatMap(([name, value]) =>
    [element("dt", {}, name), element("dd", {}, value instanceof Node ? value : String(value))]));
}

export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return "–";
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(milliseconds >= 10000 ? 0 : 1)} s`;
  if (milliseconds < 0.1) return `${(milliseconds * 1000).toFixed(0)} µs`;
  return milliseconds >= 10 ? `${milliseconds.toFixed(0)} ms` : `${milliseconds.toFixed(milliseconds >= 1 ? 1 : 2)} ms`;
}

export function rate(perSecond) {
  if (!perSecond) return "0/s";
  return `${perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toFixed(1)}/s`;
}

export function size(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${unit === 0 || bytes >= 100 ? bytes.toFixed(0) : bytes.toFixed(1)} ${units[unit]}`;
}

// What the gateway or an executor says when a call did not go well; null when it did.
export function failureOf(response, reply) {
  if (reply?.header?.status?.code) return reply.header.status.description;
  if (!response.ok) return typeof reply?.detail === "string" ? reply.detail : reply?.detail?.[0]?.msg ?? `HTTP ${response.status}`;
  return reply?.data?.find(document => document.error)?.error?.description ?? null;
}

// A file as a data URI.
export function dataOf(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
