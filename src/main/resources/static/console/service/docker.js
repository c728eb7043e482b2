import { useEffect, useState } from "../ui/html.js";
import { ask, authorization, get, path } from "./api.js";
import { onEvent } from "./world.js";

const LISTS = {
  containers: "containers?all=true",
  images: "images",
  volumes: "volumes",
  networks: "networks",
  compose: "compose",
};

/** What of the daemon's lists an event of it is about. */
const ABOUT = {
  container: ["containers", "compose"],
  image: ["images"],
  volume: ["volumes"],
  network: ["networks"],
};

/** Docker in a sandbox, by way of the service. */
export class Docker {
  constructor(id) {
    this.at = path`/v1/sandboxes/${id}/docker`;
  }

  list(what) {
    return get(`${this.at}/${LISTS[what]}`).then(({ items }) => items);
  }

  /** Asks the daemon itself, for what the service has no word of its own. */
  engine(method, address) {
    return ask(method, `${this.at}/engine${address}`);
  }
}

/**
 * One of the daemon's lists, read again when the daemon says that something of it is another; null
 * until it was read.
 *
 * @param ready whether the daemon answers
 */
export function useList(docker, what, ready) {
  const [state, setState] = useState({ items: null, problem: null });
  useEffect(() => {
    if (!ready) {
      return undefined;
    }
    let over = false;
    let reading = false;
    let again = false;
    const read = async () => {
      again = true;
      if (reading) {
        return;
      }
      reading = true;
      while (again && !over) {
        again = false;
        try {
          const items = await docker.list(what);
          over || setState({ items, problem: null });
        } catch (problem) {
          over || setState((before) => ({ ...before, problem }));
        }
      }
      reading = false;
    };
    read();
    const end = told(docker, (type) =>
      type === null || ABOUT[type]?.includes(what) ? read() : undefined,
    );
    return () => {
      over = true;
      end();
    };
  }, [docker, what, ready]);
  return state;
}

/** Tells of the daemon's events, a JSON object each, by their type; null when some may be missed. */
function told(docker, listener) {
  let over = false;
  let attempt = null;
  const run = async () => {
    for (let wait = 250; !over; wait = Math.min(wait * 2, 4000)) {
      if (document.visibilityState === "visible") {
        attempt = new AbortController();
        try {
          const response = await fetch(`${docker.at}/engine/events`, {
            headers: authorization(),
            signal: attempt.signal,
            cache: "no-store",
          });
          if (response.ok) {
            wait = 250;
            listener(null);
            await objects(response.body, ({ Type: type, Action: action }) => {
              // A container that a command is run in is no other for it.
              if (!action.startsWith("exec_")) {
                listener(type);
              }
            });
          }
        } catch {
          // The daemon or the service went away, or nobody looks: what follows is read anew.
        }
      }
      if (!over) {
        await rest(wait);
      }
    }
  };
  const rest = (millis) =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        document.removeEventListener("visibilitychange", look);
        resolve();
      };
      const look = () => document.visibilityState === "visible" && done();
      // A hidden page waits until it is looked at.
      const timer = document.visibilityState === "visible" ? setTimeout(done, millis) : undefined;
      document.addEventListener("visibilitychange", look);
    });
  const hide = () => document.visibilityState === "hidden" && attempt?.abort();
  document.addEventListener("visibilitychange", hide);
  run();
  return () => {
    over = true;
    attempt?.abort();
    document.removeEventListener("visibilitychange", hide);
  };
}

async function objects(body, listener) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const lines = (rest + piece.value).split("\n");
    rest = lines.pop();
    lines.filter((line) => line.trim() !== "").forEach((line) => listener(JSON.parse(line)));
  }
}

/** The daemon as it is now, with its history; read again with each of its events. */
export function useDaemon(id, docker) {
  const [state, setState] = useState({ daemon: null, problem: null });
  useEffect(() => {
    let over = false;
    const read = () =>
      get(docker.at).then(
        (daemon) => over || setState({ daemon, problem: null }),
        (problem) => over || setState((before) => ({ ...before, problem })),
      );
    read();
    const end = onEvent((event) => {
      if (event === null || (event.sandbox === id && event.type === "docker")) {
        read();
      }
    });
    return () => {
      over = true;
      end();
    };
  }, [id, docker]);
  return state;
}
