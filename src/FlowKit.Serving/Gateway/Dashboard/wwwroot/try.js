import { ask } from "./key.js";
import { documentView } from "./documents.js";
import { dataOf, duration, element, failureOf, find, offer } from "./dom.js";
import { eventsOf } from "./events.js";
import { snippetView } from "./snippets.js";

let flow = null;
let sent = 0;

export function start(known) {
  if (known.hidden) return;
  flow = known;
  const named = flow.endpoints.filter(endpoint => !endpoint.default);
  find("#try-endpoints").append(...named.map(endpoint => element("option", { value: endpoint.endpoint })));
  find("#try-endpoint").value = named[0]?.endpoint ?? "/run";
  find("#try-about").textContent = flow.description ?? "";
  offer(find("#try-examples"), flow.examples, take);
  if (flow.examples?.length) find("#try-text").value = flow.examples[0];
  find("#try-form").addEventListener("submit", event => {
    event.preventDefault();
    send();
  });
  find("#try-kind").addEventListener("change", choose);
  find("#try-endpoint").addEventListener("change", prefer);
  find("#try-form").addEventListener("input", () => explain());
  find("#try-form").addEventListener("change", () => explain());
  choose();
  prefer();
}

export function show() {
  explain();
}

function take(text) {
  find("#try-kind").value = "text";
  find("#try-text").value = text;
  choose();
  explain();
  find("#try-text").focus();
}

function choose() {
  for (const kind of ["text", "files", "json"]) find(`#try-${kind}-field`).hidden = find("#try-kind").value !== kind;
}

function prefer() {
  find("#try-stream").checked = flow.endpoints.find(endpoint => endpoint.endpoint === find("#try-endpoint").value)?.streams ?? false;
}

async function readCall() {
  const parameters = parse(find("#try-parameters").value || "{}", "Parameters");
  if (typeof parameters !== "object" || Array.isArray(parameters) || parameters === null) throw new Error("Parameters: expected a JSON object.");
  return { endpoint: find("#try-endpoint").value.trim(), data: await documents(), parameters, streams: find("#try-stream").checked };
}

async function documents() {
  switch (find("#try-kind").value) {
    case "files":
      return Promise.all([...find("#try-files").files].map(read));
    case "json": {
      const data = parse(find("#try-json").value, "Documents");
      return Array.isArray(data) ? data : [data];
    }
    default:
      return find("#try-text").value.split("\n").filter(line => line.trim()).map(text => ({ text }));
  }
}

function parse(text, name) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${name}: ${error.message}`);
  }
}

async function read(file) {
  const url = await dataOf(file);
  return { blob: url.slice(url.indexOf(",") + 1), mime_type: file.type || null, tags: { name: file.name } };
}

async function explain() {
  const call = await readCall().catch(() => null);
  if (!call) return;
  const short = { ...call, data: call.data.map(document_ => document_.blob?.length > 200 ? { ...document_, blob: `${document_.blob.slice(0, 40)}…` } : document_) };
  find("#snippets").replaceChildren(...snippetView(short));
}

// Answers may overtake each other: only the latest call's answer is shown.
async function send() {
  const mine = ++sent;
  const began = performance.now();
  list([]);
  find("#try-raw").hidden = true;
  say("Sending …");
  try {
    const call = await readCall();
    const response = await ask("post?nulls=false", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(call.streams ? { Accept: "text/event-stream" } : {}) },
      body: JSON.stringify({ data: call.data, execEndpoint: call.endpoint, parameters: call.parameters }),
    });
    if (response.headers.get("Content-Type")?.startsWith("text/event-stream")) await takeStream(response, mine, began);
    else await takeReply(response, mine, began);
  } catch (error) {
    if (mine === sent) say(error.message, true);
  }
}

async function takeReply(response, mine, began) {
  const reply = await response.json();
  if (mine !== sent) return;
  const failure = failureOf(response, reply);
  showRaw(reply);
  list(reply.data ?? []);
  say(failure ?? `${count(reply.data ?? [])} in ${duration(performance.now() - began)}`, Boolean(failure));
}

async function takeStream(response, mine, began) {
  const came = [];
  for await (const event of eventsOf(response)) {
    if (mine !== sent) return;
    if (event.name === "error") {
      const status = JSON.parse(event.data);
      say(status.description ?? event.data, true);
      return;
    }
    if (event.name === "update") {
      const document_ = JSON.parse(event.data);
      came.push(document_);
      find("#try-documents").append(documentView(document_));
      say(`${count(came)} so far, the last after ${duration(performance.now() - began)}`);
    }
  }
  showRaw(came);
  say(`${count(came)} in ${duration(performance.now() - began)}`);
}

const count = documents_ => `${documents_.length} document${documents_.length === 1 ? "" : "s"}`;

function list(documents_) {
  find("#try-documents").replaceChildren(...documents_.map(document_ => documentView(document_)));
}

function showRaw(reply) {
  const raw = find("#try-raw");
  const text = JSON.stringify(reply, (_, value) => typeof value === "string" && value.length > 400 ? `${value.slice(0, 400)}… (${value.length} letters)` : value, 2);
  raw.querySelector("pre").textContent = text.length > 40000 ? `${text.slice(0, 40000)}\n…` : text;
  raw.hidden = false;
}

function say(text, isError = false) {
  const message = find("#try-message");
  message.textContent = text;
  message.classList.toggle("error", isError);
}
