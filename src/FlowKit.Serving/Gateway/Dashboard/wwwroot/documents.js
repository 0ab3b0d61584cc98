import { element, rows } from "./dom.js";

const shownNumbers = 96;
const magic = [["/9j/", "image/jpeg"], ["iVBORw0KGgo", "image/png"], ["R0lGOD", "image/gif"], ["UklGR", "image/webp"]];

// A picture that a document brings along; null where it has none that a page may show.
export function pictureOf(document_) {
  const thumbnail = document_.tags?.thumbnail;
  if (isPicture(thumbnail)) return thumbnail;
  if (isPicture(document_.uri)) return document_.uri;
  const blob = document_.blob;
  if (typeof blob !== "string" || !blob) return null;
  const plain = blob.replaceAll("-", "+").replaceAll("_", "/");
  const type = magic.find(([start]) => plain.startsWith(start))?.[1] ?? (document_.mime_type?.startsWith("image/") && document_.mime_type !== "image/svg+xml" ? document_.mime_type : null);
  return type ? `data:${type};base64,${plain}` : null;
}

const isPicture = text => typeof text === "string" && /^data:image\/(jpeg|png|gif|webp|bmp|avif)[;,]/i.test(text);

export function scoreOf(document_) {
  const scores = Object.entries(document_.scores ?? {});
  const [, score] = scores.find(([name]) => name === "clip_score_cosine") ?? scores.find(([name]) => name === "cosine") ?? scores[0] ?? [];
  return typeof score === "number" ? score : score?.value;
}

// A document as people look at it.
export function documentView(document_, level = 0) {
  const view = element("article", { class: "document" });
  const picture = pictureOf(document_);
  if (picture) view.append(element("img", { src: picture, alt: document_.text || "The document's picture", loading: "lazy" }));
  if (document_.text) view.append(element("p", { class: "text" }, document_.text));
  if (document_.error) view.append(element("p", { class: "error" }, document_.error.description ?? String(document_.error)));
  const facts = [];
  if (document_.uri && !document_.uri.startsWith("data:")) facts.push(["uri", document_.uri]);
  if (document_.mime_type) facts.push(["type", document_.mime_type]);
  const tags = Object.entries(document_.tags ?? {}).filter(([name]) => name !== "thumbnail");
  for (const [name, value] of tags) facts.push([name, typeof value === "string" ? value : JSON.stringify(value)]);
  for (const [name, score] of Object.entries(document_.scores ?? {})) facts.push([name, (score?.value ?? score)?.toFixed?.(4) ?? "–"]);
  if (facts.length) view.append(rows(facts));
  for (const field of ["embedding", "tensor"]) {
    const numbers = numbersOf(document_[field]);
    if (numbers) view.append(vectorView(field, numbers, shapeOf(document_[field])));
  }
  for (const field of ["matches", "chunks"]) {
    const inner = document_[field];
    if (inner?.length && level < 3) {
      view.append(element("p", { class: "inner" }, `${inner.length} ${field}`), element("div", { class: "documents" }, ...inner.map(one => documentView(one, level + 1))));
    }
  }
  view.append(element("p", { class: "id" }, document_.id ?? ""));
  return view;
}

function numbersOf(array) {
  if (!Array.isArray(array)) return null;
  const flat = [];
  const add = part => {
    for (const item of part) {
      if (flat.length >= shownNumbers) return;
      if (Array.isArray(item)) add(item);
      else flat.push(Number(item) || 0);
    }
  };
  add(array);
  return flat.length ? flat : null;
}

function shapeOf(array) {
  const shape = [];
  for (let part = array; Array.isArray(part); part = part[0]) shape.push(part.length);
  return shape;
}

function vectorView(name, numbers, shape) {
  const most = Math.max(...numbers.map(Math.abs)) || 1;
  const bars = numbers.map(number => {
    const bar = element("i", { class: number < 0 ? "below" : "above" });
    bar.style.height = `${Math.max(2, Math.abs(number) / most * 50)}%`;
    return bar;
  });
  const said = `${name}, ${shape.join(" × ")} numbers, the largest of the first ${numbers.length} is ${most.toPrecision(3)}`;
  return element("figure", { class: "vector" }, element("figcaption", {}, `${name} ${shape.join(" × ")}`), element("div", { class: "bars", role: "img", "aria-label": said }, ...bars));
}
