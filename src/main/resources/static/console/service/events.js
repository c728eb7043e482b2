import { authorization, problem } from "./api.js";

/** Cuts a text that comes in pieces into server-sent events. */
export class EventParser {
  #rest = "";
  #event = { type: "message", data: [], id: null };

  /** The events that this piece completes. */
  add(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop();
    const events = [];
    for (const line of lines) {
      const event = this.#line(line.endsWith("\r") ? line.slice(0, -1) : line);
      if (event) {
        events.push(event);
      }
    }
    return events;
  }

  #line(line) {
    if (line === "") {
      const { type, data, id } = this.#event;
      this.#event = { type: "message", data: [], id: null };
      return data.length ? { type, data: JSON.parse(data.join("\n")), id } : null;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") {
      this.#event.type = value;
    } else if (field === "data") {
      this.#event.data.push(value);
    } else if (field === "id") {
      this.#event.id = value;
    }
    return null;
  }
}

const SHORTEST = 250;
const LONGEST = 4000;

/** Until the page is looked at: a hidden one holds no connection, of which a browser has six. */
function shown(signal) {
  return new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState === "visible" || signal.aborted) {
        document.removeEventListener("visibilitychange", look);
        resolve();
      }
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
    look();
  });
}

/** A pause that ends early when there is reason to hope. */
function pause(millis, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, millis);
    addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}

/**
 * Follows a stream of events, and comes back where it was when it breaks.
 *
 * @param listener opened(again, resumed): it is in force, and where it was if it could be resumed;
 *   event({type, data, id}); broken(): it is tried again; refused(problem) and ended(): there will
 *   be no more
 * @param last the types after which a stream is over
 * @return ends it
 */
export function follow(address, listener, last = []) {
  const over = new AbortController();
  run(address, listener, last, over.signal).catch((error) => {
    if (!over.signal.aborted) {
      console.error("a stream of events failed", error);
    }
  });
  return () => over.abort();
}

async function run(address, listener, last, over) {
  let id = null;
  let wait = SHORTEST;
  let times = 0;
  while (!over.aborted) {
    await shown(over);
    if (over.aborted) {
      return;
    }
    const attempt = new AbortController();
    const end = () => attempt.abort();
    const hide = () => document.visibilityState === "hidden" && end();
    over.addEventListener("abort", end);
    document.addEventListener("visibilitychange", hide);
    try {
      const response = await fetch(address, {
        signal: attempt.signal,
        cache: "no-store",
        headers: {
          ...authorization(),
          Accept: "text/event-stream, application/problem+json",
          ...(id === null ? {} : { "Last-Event-ID": id }),
        },
      });
      if (!response.ok) {
        const no = await problem(response);
        // A proxy's 502 to 504 say no more than that nothing answers.
        if (no.code !== null || response.status < 500) {
          listener.refused?.(no);
          return;
        }
        throw no;
      }
      wait = SHORTEST;
      listener.opened?.(times++ > 0, id !== null);
      const parser = new EventParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        for (const event of parser.add(piece.value)) {
          if (over.aborted) {
            return;
          }
          id = event.id ?? id;
          listener.event?.(event);
          if (last.includes(event.type)) {
            end();
            listener.ended?.();
            return;
          }
        }
      }
    } catch (error) {
      if (over.aborted) {
        return;
      }
      // Anything else that went wrong is ours, and trying again would not help.
      if (error instanceof SyntaxError) {
        throw error;
      }
    } finally {
      over.removeEventListener("abort", end);
      document.removeEventListener("visibilitychange", hide);
    }
    if (document.visibilityState === "visible") {
      listener.broken?.();
      await pause(wait, over);
      wait = Math.min(wait * 2, LONGEST);
    }
  }
}
