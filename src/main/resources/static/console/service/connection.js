import { Backoff } from "./backoff.js";

/**
 * Keeps a connection open while the page is visible: a hidden page holds none, since a browser has
 * only six of them for each service.
 *
 * @param {(signal: AbortSignal, backoff: Backoff) => Promise<boolean>} connect opens the connection
 *   and reads it to its end; resolves with whether it is to be opened again
 * @param {{ signal: AbortSignal, broken?: () => void }} options `signal` ends it; `broken` is
 *   called before each pause
 */
export async function keepConnected(connect, { signal, broken }) {
  const backoff = new Backoff();
  while (!signal.aborted) {
    await untilVisible(signal);
    if (signal.aborted) {
      return;
    }
    const attempt = new AbortController();
    const end = () => attempt.abort();
    const hide = () => document.visibilityState === "hidden" && end();
    signal.addEventListener("abort", end);
    document.addEventListener("visibilitychange", hide);
    try {
      if (!(await connect(attempt.signal, backoff))) {
        return;
      }
    } finally {
      signal.removeEventListener("abort", end);
      document.removeEventListener("visibilitychange", hide);
      end();
    }
    if (document.visibilityState === "visible" && !signal.aborted) {
      broken?.();
      await pause(backoff.next(), signal);
    }
  }
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<void>} resolves when the page is visible, or the signal is aborted
 */
function untilVisible(signal) {
  return new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState === "visible" || signal.aborted) {
        document.removeEventListener("visibilitychange", look);
        signal.removeEventListener("abort", look);
        resolve();
      }
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
    look();
  });
}

/**
 * Waits, and no longer than until the network is back.
 *
 * @param {number} millis
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
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
