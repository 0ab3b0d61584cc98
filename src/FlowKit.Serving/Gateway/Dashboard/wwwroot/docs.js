import { ask } from "./key.js";

const template = document.querySelector("#operation");
const example = { data: [{ text: "red apple" }], parameters: { limit: 3 } };
const shownNumbers = 8;
const shownLetters = 200;

try {
  const api = await description();
  document.querySelector("#title").textContent = api.info.title;
  document.querySelector("#message").textContent = api.info.description ?? "";
  const operations = Object.entries(api.paths).flatMap(([path, methods]) => Object.entries(methods).flatMap(([method, operation]) => toViews(api, path, method, operation)));
  const groups = (api.tags ?? []).map((tag) => toGroup(tag, operations.filter((operation) => operation.tag === tag.name)));
  document.querySelector("#operations").replaceChildren(...groups);
} catch (error) {
  document.querySelector("#message").textContent = `The description cannot be read: ${error.message}`;
}

async function description() {
  const response = await ask("openapi.json");
  const api = await response.json();
  return response.ok ? api : Promise.reject(new Error(api.detail ?? `HTTP ${response.status}`));
}

function toGroup(tag, operations) {
  const group = document.createElement("section");
  const title = document.createElement("h2");
  title.textContent = tag.name;
  const about = document.createElement("p");
  write(about, tag.description ?? "");
  group.append(title, about, ...operations.map((operation) => operation.view));
  return group;
}

// An endpoint without a path of its own is posted by its name in the body: each is an entry by itself.
function toViews(api, path, method, operation) {
  const tag = operation.tags?.[0];
  const content = operation.requestBody?.content?.["application/json"];
  const own = Object.entries(content?.examples ?? {}).filter(([endpoint]) => !api.paths[path.replace(/\/post$/, endpoint)]);
  return [
    ...own.map(([endpoint, { summary, value }]) => ({ tag, view: toView(path, method, operation, { name: endpoint, summary: "", description: summary, body: value }) })),
    { tag, view: toView(path, method, operation, { name: path, summary: operation.summary, description: operation.description, body: content?.example ?? bodyOf(content) }) },
  ];
}

function bodyOf(content) {
  return content?.examples ? { ...example, execEndpoint: Object.keys(content.examples)[0] } : example;
}

function toView(path, method, operation, shown) {
  const view = template.content.firstElementChild.cloneNode(true);
  const body = view.querySelector("textarea");
  const output = view.querySelector("pre");
  view.querySelector(".method").textContent = method.toUpperCase();
  view.querySelector(".path").textContent = shown.name;
  write(view.querySelector(".summary"), shown.summary ?? "");
  write(view.querySelector(".description"), shown.description ?? "");
  body.value = JSON.stringify(shown.body, null, 2);
  body.hidden = !operation.requestBody;
  view.querySelector("button").addEventListener("click", async () => {
    const options = operation.requestBody ? { method: method.toUpperCase(), headers: { "Content-Type": "application/json" }, body: body.value } : { method: method.toUpperCase() };
    const response = await ask(path, options);
    const text = await response.text();
    output.hidden = false;
    output.textContent = `HTTP ${response.status}\n${pretty(text)}`;
  });
  return view;
}

// Markdown's backticks, which the descriptions have, become code.
function write(element, text) {
  const parts = text.split("`").map((part, index) => {
    if (index % 2 === 0) {
      return part;
    }

    const code = document.createElement("code");
    code.textContent = part;
    return code;
  });
  element.replaceChildren(...parts);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), (key, value) => cut(value), 2);
  } catch {
    return text;
  }
}

function cut(value) {
  if (typeof value === "string" && value.length > shownLetters) {
    return `${value.slice(0, shownLetters)}… (${value.length} letters)`;
  }

  return Array.isArray(value) && value.length > shownNumbers && value.every((item) => typeof item === "number")
    ? [...value.slice(0, shownNumbers), `… (${value.length} numbers)`]
    : value;
}
