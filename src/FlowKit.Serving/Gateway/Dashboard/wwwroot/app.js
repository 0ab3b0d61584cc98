import { ask } from "./key.js";

const form = document.querySelector("#search");
const query = document.querySelector("#query");
const file = document.querySelector("#file");
const message = document.querySelector("#message");
const results = document.querySelector("#results");
const drop = document.querySelector("#drop");
const card = document.querySelector("#card");
let latest = 0;

form.addEventListener("submit", event => {
  event.preventDefault();
  const text = query.value.trim();
  if (text) search({ text }, `“${text}”`);
});
file.addEventListener("change", () => file.files.length && searchFile(file.files[0]));
addEventListener("dragover", event => { event.preventDefault(); drop.hidden = false; });
addEventListener("dragleave", event => { if (!event.relatedTarget) drop.hidden = true; });
addEventListener("drop", event => {
  event.preventDefault();
  drop.hidden = true;
  if (event.dataTransfer.files.length) searchFile(event.dataTransfer.files[0]);
});
addEventListener("paste", event => {
  const picture = [...event.clipboardData.files].find(item => item.type.startsWith("image/"));
  if (picture) searchFile(picture);
});

async function searchFile(picture) {
  const url = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(picture);
  });
  file.value = "";
  await search({ blob: url.slice(url.indexOf(",") + 1), mime_type: picture.type || null }, picture.name);
}

// Answers may overtake each other: only the latest question's answer is shown.
async function search(document_, title) {
  const mine = ++latest;
  show(`Searching for ${title} …`);
  try {
    const response = await ask("search?nulls=false", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ data: [document_], parameters: { limit: 24 } }),
    });
    const reply = await response.json();
    if (mine !== latest) return;
    const failure = failureOf(response, reply);
    if (failure) return show(failure, true);
    render(reply.data[0].matches ?? [], title);
  } catch (error) {
    if (mine === latest) show(`The flow does not answer: ${error.message}`, true);
  }
}

function failureOf(response, reply) {
  if (reply.header?.status?.code) return reply.header.status.description;
  if (!response.ok) return typeof reply.detail === "string" ? reply.detail : reply.detail?.[0]?.msg ?? `HTTP ${response.status}`;
  return reply.data?.[0]?.error?.description ?? null;
}

function render(matches, title) {
  results.replaceChildren(...matches.map(toCard));
  show(matches.length ? `${matches.length} results for ${title}` : `Nothing found for ${title}`);
}

function toCard(match) {
  const item = card.content.firstElementChild.cloneNode(true);
  const name = match.text ?? match.uri?.split("/").pop() ?? match.id;
  const source = match.tags?.thumbnail ?? (match.uri?.startsWith("data:image/") ? match.uri : null);
  const image = item.querySelector("img");
  image.alt = name;
  if (source) image.src = source;
  item.querySelector(".name").textContent = name;
  item.querySelector(".name").title = match.uri ?? match.id;
  const score = match.scores?.clip_score_cosine?.value ?? match.scores?.cosine?.value;
  item.querySelector(".score").textContent = score === undefined ? "" : score.toFixed(3);
  const blob = source?.startsWith("data:") ? source.slice(source.indexOf(",") + 1) : null;
  item.querySelector(".picture").addEventListener("click", () => blob && search({ blob, mime_type: "image/jpeg" }, name));
  return item;
}

function show(text, isError = false) {
  message.textContent = text;
  message.classList.toggle("error", isError);
  if (isError) results.replaceChildren();
}
