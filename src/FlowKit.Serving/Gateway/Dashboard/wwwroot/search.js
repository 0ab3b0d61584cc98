import { ask } from "./key.js";
import { pictureOf, scoreOf } from "./documents.js";
import { dataOf, failureOf, find, offer } from "./dom.js";

const form = find("#search");
const query = find("#query");
const file = find("#file");
const message = find("#message");
const results = find("#results");
const drop = find("#drop");
const more = find("#more");
const asked = find("#asked");
let latest = 0;
let last = null;
let isShown = false;
let canShowPictures = false;

export function start(known) {
  if (!known.can_search) return;
  canShowPictures = known.can_show_pictures;
  find("#search-about").textContent = known.description ?? "";
  offer(find("#search-examples"), known.examples, text => {
    query.value = text;
    searchText(text);
  });
  form.addEventListener("submit", event => {
    event.preventDefault();
    const text = query.value.trim();
    if (text) searchText(text);
  });
  file.addEventListener("change", () => file.files.length && searchFile(file.files[0]));
  more.addEventListener("click", () => last && run(last.document, last.title, results.children.length));
  addEventListener("dragover", event => { if (isShown) { event.preventDefault(); drop.hidden = false; } });
  addEventListener("dragleave", event => { if (!event.relatedTarget) drop.hidden = true; });
  addEventListener("drop", event => {
    if (!isShown) return;
    event.preventDefault();
    drop.hidden = true;
    if (event.dataTransfer.files.length) searchFile(event.dataTransfer.files[0]);
  });
  addEventListener("paste", event => {
    const picture = isShown && [...event.clipboardData.files].find(item => item.type.startsWith("image/"));
    if (picture) searchFile(picture);
  });
  addEventListener("popstate", () => isShown && restore());
}

export function show() {
  isShown = true;
  restore();
  if (matchMedia("(hover: hover)").matches) query.focus();
}

export function hide() {
  isShown = false;
}

// A link with ?q= asks what it says, so that a search can be sent to somebody.
function restore() {
  const text = new URLSearchParams(location.search).get("q");
  if (text && text !== last?.document.text) {
    query.value = text;
    search({ text }, `“${text}”`);
  }
}

function remember(text) {
  const address = new URL(document.baseURI).pathname + (text ? `?${new URLSearchParams({ q: text })}` : "");
  history.pushState(null, "", `${address}#/search`);
}

function searchText(text) {
  remember(text);
  return search({ text }, `“${text}”`);
}

async function searchFile(picture) {
  const url = await dataOf(picture);
  file.value = "";
  remember("");
  await search({ blob: url.slice(url.indexOf(",") + 1), mime_type: picture.type || null }, picture.name);
}

function search(document_, title) {
  return run(document_, title, 0);
}

function parameters(offset) {
  const set = { limit: Number(find("#limit").value) || 24 };
  if (offset) set.offset = offset;
  if (find("#threshold").value !== "") set.score_threshold = Number(find("#threshold").value);
  if (find("#filter").value.trim()) set.filter = JSON.parse(find("#filter").value);
  return set;
}

// Answers may overtake each other: only the latest question's answer is shown.
async function run(document_, title, offset) {
  const mine = ++latest;
  last = { document: document_, title };
  tell(`Searching for ${title} …`);
  showAsked(document_);
  try {
    const asking = parameters(offset);
    const response = await ask("search?nulls=false", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ data: [document_], parameters: asking }),
    });
    const reply = await response.json();
    if (mine !== latest) return;
    const failure = failureOf(response, reply);
    if (failure) return tell(failure, true);
    render(reply.data[0].matches ?? [], title, offset, asking.limit);
  } catch (error) {
    if (mine === latest) tell(error instanceof SyntaxError ? `Filter: ${error.message}` : `The flow does not answer: ${error.message}`, true);
  }
}

// By fetch and not by the address alone, since a picture's element can show no key.
async function fetchPicture(id) {
  try {
    const response = await ask(`picture?${new URLSearchParams({ id, side: 320 })}`);
    return response.ok ? await dataOf(await response.blob()) : null;
  } catch {
    return null;
  }
}

function present(image, source, name) {
  image.src = source;
  image.alt = name;
  image.hidden = false;
  image.nextElementSibling.textContent = "";
}

function showAsked(document_) {
  const picture = pictureOf(document_);
  asked.hidden = !picture;
  if (picture) asked.querySelector("img").src = picture;
}

function render(matches, title, offset, limit) {
  if (!offset) results.replaceChildren();
  results.append(...matches.map(toCard));
  const found = results.children.length;
  more.hidden = matches.length < limit;
  tell(found ? `${found} results for ${title}` : `Nothing found for ${title}`);
}

function toCard(match) {
  const item = find("#card").content.firstElementChild.cloneNode(true);
  const name = match.text || match.uri?.split("/").pop() || match.id;
  const button = item.querySelector(".picture");
  const image = item.querySelector("img");
  item.querySelector(".words").textContent = name;
  let picture = pictureOf(match);
  if (picture) {
    present(image, picture, name);
  } else if (canShowPictures && (match.uri || match.mime_type?.startsWith("image/"))) {
    fetchPicture(match.id).then(found => {
      picture = found;
      if (found) present(image, found, name);
    });
  }
  button.title = `Find more like ${name}`;
  item.querySelector(".name").textContent = name;
  item.querySelector(".name").title = match.uri?.startsWith("data:") ? match.id : match.uri ?? match.id;
  const score = scoreOf(match);
  item.querySelector(".score").textContent = score === undefined ? "" : score.toFixed(3);
  button.addEventListener("click", () => {
    const like = picture ? { blob: picture.slice(picture.indexOf(",") + 1), mime_type: "image/jpeg" } : { text: match.text ?? name };
    if (like.text) query.value = like.text;
    remember(like.text ?? "");
    search(like, name);
  });
  return item;
}

function tell(text, isError = false) {
  message.textContent = text;
  message.classList.toggle("error", isError);
  if (isError) {
    results.replaceChildren();
    more.hidden = true;
  }
}
