import { ask } from "./key.js";

const pause = 2000;

// Reads server-sent events by fetch, since an EventSource can show no key.
export async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
      rest = parts.pop();
      for (const part of parts) yield eventOf(part);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function eventOf(text) {
  const event = { name: "message", data: "" };
  for (const line of text.split("\n")) {
    if (line.startsWith("event:")) event.name = line.slice(6).trim();
    if (line.startsWith("data:")) event.data += line.slice(5).trim();
  }
  return event;
}

// Follows events, and begins anew when they end, until it is told to stop.
export function follow(address, onEvent, onState) {
  const ending = new AbortController();
  run();
  return () => ending.abort();

  async function run() {
    while (!ending.signal.aborted) {
      try {
        const response = await ask(address, { headers: { Accept: "text/event-stream" }, signal: ending.signal });
        if (response.status === 401 || response.status === 403) {
          onState("closed");
          return;
        }
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        onState("live");
        for await (const event of eventsOf(response)) onEvent(event);
      } catch {
        if (ending.signal.aborted) return;
      }
      onState("lost");
      await new Promise(resolve => setTimeout(resolve, pause));
    }
  }
}
