import { authorization, problem } from "./api.js";
import { keepConnected } from "./connection.js";
import { EventParser } from "./event-parser.js";

/** @import { Problem } from "./problem.js" */
/** @import { ServerEvent } from "./event-parser.js" */

/**
 * Who is called about a stream of events.
 *
 * @typedef {object} StreamListener
 * @property {(again: boolean, resumed: boolean) => void} [opened] the stream is open: `again` if it
 *   was before, `resumed` if it continues where it was
 * @property {(event: ServerEvent) => void} [event]
 * @property {() => void} [broken] the stream ended early, and will be opened again
 * @property {(problem: Problem) => void} [refused] the service does not give the stream
 * @property {() => void} [ended] the last event has arrived
 */

/**
 * Follows a stream of events, and resumes it where it was when the connection breaks.
 *
 * @param {string} address
 * @param {StreamListener} listener
 * @param {string[]} last the types of event after which a stream has ended
 * @returns {() => void} stops following
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

/**
 * @param {string} address
 * @param {StreamListener} listener
 * @param {string[]} last
 * @param {AbortSignal} over
 */
function run(address, listener, last, over) {
  /** @type {string | null} */
  let id = null;
  let again = false;
  /** @type {Parameters<typeof keepConnected>[0]} */
  const connect = async (signal, backoff) => {
    let reading = true;
    try {
      const response = await fetch(address, {
        signal,
        cache: "no-store",
        headers: {
          ...authorization(),
          Accept: "text/event-stream, application/problem+json",
          ...(id === null ? {} : { "Last-Event-ID": id }),
        },
      });
      if (!response.ok) {
        const no = await problem(response);
        // 502 to 504 from a proxy only mean that the service does not answer.
        if (no.code !== null || response.status < 500) {
          listener.refused?.(no);
          return false;
        }
        return true;
      }
      backoff.reset();
      listener.opened?.(again, id !== null);
      again = true;
      const parser = new EventParser();
      for await (const text of textOf(response)) {
        reading = false;
        for (const event of parser.add(text)) {
          if (over.aborted) {
            return false;
          }
          id = event.id ?? id;
          listener.event?.(event);
          if (last.includes(event.type)) {
            listener.ended?.();
            return false;
          }
        }
        reading = true;
      }
    } catch (error) {
      // An error of this page would only be repeated by another attempt.
      if (!reading) {
        throw error;
      }
    }
    return true;
  };
  return keepConnected(connect, { signal: over, broken: () => listener.broken?.() });
}

/**
 * Reads the text of an answer as it arrives.
 *
 * @param {Response} response
 */
export async function* textOf(response) {
  if (!response.body) {
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    yield piece.value;
  }
}
