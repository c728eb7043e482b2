import { useEffect, useState } from "../ui/html.js";
import { coalesce } from "./coalesce.js";

/** @import { Failure } from "./problem.js" */

/**
 * Reads something now and again whenever it may have changed; for use in a component.
 *
 * @template T
 * @param {() => Promise<T>} read
 * @param {(refresh: () => Promise<void>) => () => void} subscribe has `refresh` called with each
 *   change, until the function that it returns is called
 * @param {unknown[]} inputs what `read` depends on
 * @param {boolean} active whether there is anything to read now; what has been read is kept
 * @returns {{ value: T | null, problem: Failure | null, refresh: () => Promise<void> }} `value` is
 *   null until it has been read
 */
export function useReading(read, subscribe, inputs, active = true) {
  const [state, setState] = useState({
    value: /** @type {T | null} */ (null),
    problem: /** @type {Failure | null} */ (null),
    refresh: async () => {},
  });
  useEffect(() => {
    if (!active) {
      return undefined;
    }
    let over = false;
    const refresh = coalesce(async () => {
      try {
        const value = await read();
        if (!over) {
          setState({ value, problem: null, refresh });
        }
      } catch (problem) {
        if (!over) {
          setState((before) => ({ ...before, problem: /** @type {Failure} */ (problem) }));
        }
      }
    });
    setState((before) => ({ ...before, refresh }));
    refresh();
    const end = subscribe(refresh);
    return () => {
      over = true;
      end();
    };
  }, [...inputs, active]);
  return state;
}
