// A key lives as long as the page: nothing is stored, and a reload forgets it.
let key = null;
let asking = null;

// Asks as fetch does; where the flow wants a key, the person is asked for it, and the request is sent again.
export async function ask(address, options = {}) {
  for (;;) {
    const sent = key;
    const headers = sent ? { ...options.headers, "X-API-Key": sent } : options.headers;
    const response = await fetch(address, { ...options, headers });
    if (response.status !== 401) {
      return response;
    }

    // Another request may have been given one meanwhile.
    if (sent === key) {
      key = await (asking ??= typed(sent !== null).finally(() => { asking = null; }));
      if (key === null) {
        return response;
      }
    }
  }
}

function typed(isWrong) {
  const dialog = document.createElement("dialog");
  dialog.id = "key";
  dialog.setAttribute("aria-labelledby", "key-title");
  const form = document.createElement("form");
  form.method = "dialog";
  const label = document.createElement("label");
  label.id = "key-title";
  label.htmlFor = "key-value";
  label.textContent = isWrong ? "This key is not valid here. Another?" : "This flow asks for a key.";
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
