/**
 * Lets at most one reading be on its way and one wait, however often it is asked for.
 *
 * @template T
 * @param {() => Promise<T>} read
 * @returns {() => Promise<T>} resolves with what a reading found that began after the call
 */
export function coalesce(read) {
  /** @type {Promise<T> | null} */
  let running = null;
  /** @type {Promise<T> | null} */
  let waiting = null;
  const start = () => {
    waiting = null;
    running = read().finally(() => (running = null));
    return running;
  };
  return () => {
    if (!running) {
      return start();
    }
    // The next reading begins whether this one succeeds or fails.
    waiting ??= running.then(start, start);
    return waiting;
  };
}
