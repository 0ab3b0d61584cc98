import { element } from "./dom.js";

// The same call in three languages. What a person has typed stands in them as a literal of the language.
export function snippetsOf(call) {
  const root = document.baseURI.replace(/\/$/, "");
  return [["curl", curl(root, call)], ["C#", csharp(root, call)], ["Python", python(root, call)]];
}

export function snippetView(call) {
  return snippetsOf(call).map(([name, text]) => {
    const copy = element("button", { type: "button", "aria-label": `Copy the ${name} call` }, "Copy");
    copy.addEventListener("click", async () => {
      await navigator.clipboard?.writeText(text);
      copy.textContent = "Copied";
    });
    return element("details", { class: "snippet", open: name === "curl" },
      element("summary", {}, name), copy, element("pre", { tabIndex: 0, "aria-label": name }, text));
  });
}

function bodyOf(call) {
  const body = { data: call.data, execEndpoint: call.endpoint };
  if (Object.keys(call.parameters).length) body.parameters = call.parameters;
  return body;
}

function curl(root, call) {
  const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = [`curl -s ${quoted(`${root}/post`)}`, `-H 'Content-Type: application/json'`];
  if (call.streams) lines.push(`-N -H 'Accept: text/event-stream'`);
  lines.push(`-d ${quoted(JSON.stringify(bodyOf(call)))}`);
  return lines.join(" \\\n  ");
}

function csharp(root, call) {
  const literal = text => JSON.stringify(text).replace(/[\u2028\u2029\u0085]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const parameters = Object.entries(call.parameters).map(([name, value]) => `[${literal(name)}] = ${typeof value === "object" ? `JsonNode.Parse(${literal(JSON.stringify(value))})` : typeof value === "string" ? literal(value) : String(value)}`);
  const documents = call.data.map(document_ => Object.keys(document_).every(name => name === "text")
    ? `new Document { Text = ${literal(document_.text ?? "")} }`
    : `DataRequestJsonReader.ReadDocument(Encoding.UTF8.GetBytes(${literal(JSON.stringify(document_))}))`);
  const options = parameters.length ? `new PostOptions { Parameters = new(new JsonObject { ${parameters.join(", ")} }) }` : null;
  const last = options ? `,\n    ${options}` : "";
  const head = `await using var client = new FlowClient(${literal(root)});\nDocument[] documents =\n[\n    ${documents.join(",\n    ")},\n];\n`;
  return call.streams
    ? `${head}await foreach (var document in client.StreamAsync(${literal(call.endpoint)}, [.. documents]${last}))\n{\n    Console.WriteLine(document.Text);\n}`
    : `${head}var reply = await client.PostAsync(${literal(call.endpoint)}, [.. documents]${last});\nConsole.WriteLine(reply.Documents.Count);`;
}

function python(root, call) {
  const value = JSON.stringify(JSON.stringify(bodyOf(call)));
  const accept = call.streams ? `, "Accept": "text/event-stream"` : "";
  return [
    "import json, urllib.request",
    "",
    `body = json.loads(${value})`,
    `request = urllib.request.Request(${JSON.stringify(`${root}/post`)}, json.dumps(body).encode(), {"Content-Type": "application/json"${accept}})`,
    "with urllib.request.urlopen(request) as reply:",
    call.streams ? "    for line in reply:\n        print(line.decode().rstrip())" : "    print(json.load(reply)[\"data\"])",
  ].join("\n");
}
