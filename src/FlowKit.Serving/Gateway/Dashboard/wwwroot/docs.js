const template = document.querySelector("#operation");
const example = { data: [{ text: "red apple" }], parameters: { limit: 3 } };

try {
  const api = await (await fetch("openapi.json")).json();
  document.querySelector("#title").textContent = api.info.title;
  document.querySelector("#message").textContent = api.info.description ?? "";
  const operations = Object.entries(api.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => toView(path, method, operation)));
  document.querySelector("#operations").replaceChildren(...operations);
} catch (error) {
  document.querySelector("#message").textContent = `The description cannot be read: ${error.message}`;
}

function toView(path, method, operation) {
  const view = template.content.firstElementChild.cloneNode(true);
  const body = view.querySelector("textarea");
  const output = view.querySelector("pre");
  view.querySelector(".method").textContent = method.toUpperCase();
  view.querySelector(".path").textContent = path;
  view.querySelector(".summary").textContent = operation.summary ?? "";
  view.querySelector(".description").textContent = operation.description ?? "";
  body.value = JSON.stringify(path.endsWith("/post") ? { ...example, execEndpoint: "/search" } : example, null, 2);
  body.hidden = !operation.requestBody;
  view.querySelector("button").addEventListener("click", async () => {
    const options = operation.requestBody ? { method: method.toUpperCase(), headers: { "Content-Type": "application/json" }, body: body.value } : { method: method.toUpperCase() };
    const response = await fetch(path, options);
    const text = await response.text();
    output.hidden = false;
    output.textContent = `HTTP ${response.status}\n${pretty(text)}`;
  });
  return view;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), (key, value) => (typeof value === "string" && value.length > 200 ? `${value.slice(0, 200)}…` : value), 2);
  } catch {
    return text;
  }
}
