import { useEffect, useState } from "../ui/html.js";
import { get, path, query } from "./api.js";
import { onEvent } from "./world.js";

/** The processes of a sandbox, newest first, as they come and go; null until they were read. */
export function useProcesses(id) {
  const [state, setState] = useState({ items: null, cursor: null, problem: null });
  useEffect(() => {
    let over = false;
    const put = (process) =>
      setState(({ items, ...rest }) => {
        const all = items ?? [];
        const known = all.findIndex(({ pid }) => pid === process.pid);
        return {
          ...rest,
          items: known >= 0 ? all.with(known, process) : [process, ...all].sort(newestFirst),
        };
      });
    const readAll = async () => {
      try {
        const page = await get(path`/v1/sandboxes/${id}/processes`);
        if (!over) {
          setState({ items: page.items, cursor: page.nextCursor ?? null, problem: null });
        }
      } catch (problem) {
        if (!over) {
          setState((before) => ({ ...before, problem }));
        }
      }
    };
    const read = async (pid) => {
      const process = await get(path`/v1/sandboxes/${id}/processes/${pid}`).catch(() => null);
      if (process && !over) {
        put(process);
      }
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
      items: [...items, ...page.items],
      cursor: page.nextCursor ?? null,
      problem: null,
    }));
  };
  return { ...state, readMore };
}

function newestFirst(a, b) {
  return a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : b.pid - a.pid;
}

/** One process, as it is now; null until it was read. */
export function useProcess(id, pid) {
  const [state, setState] = useState({ process: null, problem: null });
  useEffect(() => {
    let over = false;
    const read = () =>
      get(path`/v1/sandboxes/${id}/processes/${pid}`).then(
        (process) => over || setState({ process, problem: null }),
        (problem) => over || setState((before) => ({ ...before, problem })),
      );
    const end = onEvent((event) => {
      if (
        event === null ||
        (event.sandbox === id && event.type === "process" && String(event.data.pid) === String(pid))
      ) {
        read();
      }
    });
    setState({ process: null, problem: null });
    read();
    return () => {
      over = true;
      end();
    };
  }, [id, pid]);
  return state;
}
