import { drawn, element } from "./dom.js";

const width = 220;
const height = 46;

// A line over the last hour at most; what stands at its end is written beside it.
export function chart(title, samples, valueOf, format) {
  const values = samples.map(sample => valueOf(sample) ?? 0);
  const last = samples.length ? valueOf(samples.at(-1)) : null;
  const most = Math.max(...values, 0);
  const every = Math.max(1, Math.ceil(values.length / width));
  const shown = [];
  for (let at = 0; at < values.length; at += every) shown.push(Math.max(...values.slice(at, at + every)));
  const step = shown.length > 1 ? width / (shown.length - 1) : width;
  const points = shown.map((value, index) => `${(index * step).toFixed(1)},${(height - 2 - (most ? value / most : 0) * (height - 6)).toFixed(1)}`);
  const minutes = Math.max(1, Math.round(samples.length / 60));
  return element("figure", { class: "chart" },
    element("figcaption", {}, title, element("strong", {}, format(last))),
    drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", preserveAspectRatio: "none", "aria-label": `${title}: ${format(last)} now, at most ${format(most)} in ${minutes} min` },
      drawn("polyline", { points: points.join(" ") })));
}
