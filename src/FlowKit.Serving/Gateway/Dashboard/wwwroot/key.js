// Keys live as long as the page: nothing is stored, and a reload forgets them.
const keys = { read: null, admin: null };
let asking = null;

// Asks as fetch does; where the flow wants a key, the person is asked for it, and the request is sent again.
export function ask(address, options = {}) {
  return askWith("read", address, options, response => response.status === 401, "This flow asks for a key.");
}

// The same for what only an operator may do, which takes a key of its own.
export function askAdmin(address, options = {}) {
  keys.admin ??= keys.read;
  return askWith("admin", address, options, response => response.status === 401 || response.status === 403, "This needs a key with the scope admin.");
}

async function askWith(kind, address, options, isRefused, question) {
  for (;;) {
    const sent = keys[kind];
    const headers = sent ? { ...options.headers, "X-API-Key": sent } : options.headers;
    const response = await fetch(address, { ...options, headers });
    if (!isRefused(response)) {
      return response;
    }

    // Another request may have been given one meanwhile.
    if (sent === keys[kind]) {
      const given = await (asking ??= typed(sent === null || (kind === "admin" && sent === keys.read) ? question : "This key is not valid here. Another?").finally(() => { asking = null; }));
      keys[kind] = given;
      if (given === null) {
        return response;
      }
    }
  }
}

function typed(question) {
  const dialog = document.createElement("dialog");
  dialog.id = "key";
  dialog.setAttribute("aria-labelledby", "key-title");
  const form = document.createElement("form");
  form.method = "dialog";
  const label = document.createElement("label");
  label.id = "key-title";
  label.htmlFor = "key-value";
  label.textContent = question;
  const value = Object.assign(document.createElement("input"), { id: "key-value", type: "password", autocomplete: "off", required: true });
  const use = Object.assign(document.createElement("button"), { type: "submit", textContent: "Use it" });
  form.append(label, value, use);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    form.addEventListener("submit", () => { dialog.returnValue = "used"; });
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "used" ? value.value.trim() : null);
      dialog.remove();
    });
  });
}
