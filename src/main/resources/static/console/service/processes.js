import { useEffect, useState } from "../ui/html.js";
import { path, query } from "./address.js";
import { get } from "./api.js";
import { coalesce } from "./coalesce.js";
import { withProcess } from "./process-list.js";
import { useReading } from "./reading.js";
import { onEvent } from "./sandboxes.js";

/** @import { Failure } from "./problem.js" */

/**
 * @typedef {object} ProcessList
 * @property {Wire.Process[] | null} items newest first; null until they were read
 * @property {string | null} cursor where the next page begins
 * @property {Failure | null} problem
 */

/**
 * Reads the processes of a sandbox, and each again with its events.
 *
 * @param {string} id of the sandbox
 */
export function useProcesses(id) {
  const [state, setState] = useState(
    /** @type {ProcessList} */ ({ items: null, cursor: null, problem: null }),
  );
  useEffect(() => {
    let over = false;
    /** @type {Map<number, () => Promise<void>>} */
    const readers = new Map();
    const readAll = coalesce(async () => {
      try {
        const page = await get(path`/v1/sandboxes/${id}/processes`);
        if (!over) {
          setState({ items: page.items, cursor: page.nextCursor ?? null, problem: null });
        }
      } catch (problem) {
        if (!over) {
          setState((before) => ({ ...before, problem: /** @type {Failure} */ (problem) }));
        }
      }
    });
    const read = (/** @type {number} */ pid) => {
      const reader =
        readers.get(pid) ??
        coalesce(async () => {
          const process = await get(path`/v1/sandboxes/${id}/processes/${pid}`).catch(() => null);
          if (process && !over) {
            setState((before) => ({ ...before, items: withProcess(before.items ?? [], process) }));
          }
        });
      readers.set(pid, reader);
      reader();
    };
    const end = onEvent((event) => {
      if (event === null) {
        readAll();
      } else if (event.sandbox === id && event.type === "process") {
        read(event.data.pid);
      }
    });
    readAll();
    return () => {
      over = true;
      end();
    };
  }, [id]);

  const readMore = async () => {
    const page = await get(path`/v1/sandboxes/${id}/processes` + query({ cursor: state.cursor }));
    setState(({ items }) => ({
      items: [...(items ?? []), ...page.items],
      cursor: page.nextCursor ?? null,
      problem: null,
    }));
  };
  return { ...state, readMore };
}

/**
 * Reads one process, again with each of its events.
 *
 * @param {string} id of the sandbox
 * @param {string} pid
 */
export function useProcess(id, pid) {
  const { value, problem } = useReading(
    /** @returns {Promise<Wire.Process>} */
    () => get(path`/v1/sandboxes/${id}/processes/${pid}`),
    (refresh) =>
      onEvent((event) => {
        if (event === null || (event.sandbox === id && isOf(event, pid))) {
          refresh();
        }
      }),
    [id, pid],
  );
  return { process: value, problem };
}

/**
 * @param {Wire.SandboxEvent} event
 * @param {string} pid
 */
function isOf(event, pid) {
  return event.type === "process" && String(event.data.pid) === pid;
}
