import { path } from "./address.js";
import { ask, authorization, get } from "./api.js";
import { keepConnected } from "./connection.js";
import { textOf } from "./events.js";
import { useReading } from "./reading.js";
import { onEvent } from "./sandboxes.js";

/** The daemon's lists, each with its path. */
const LISTS = {
  containers: "containers?all=true",
  images: "images",
  volumes: "volumes",
  networks: "networks",
  compose: "compose",
};

/**
 * What each list has in it.
 *
 * @typedef {object} Lists
 * @property {Wire.ContainerSummary} containers
 * @property {Wire.Image} images
 * @property {Wire.Volume} volumes
 * @property {Wire.Network} networks
 * @property {Wire.ComposeProjectSummary} compose
 */

/**
 * The lists that an event of the daemon may have changed, by the event's type.
 *
 * @type {Record<string, (keyof Lists)[]>}
 */
const CHANGED_BY = {
  container: ["containers", "compose"],
  image: ["images"],
  volume: ["volumes"],
  network: ["networks"],
};

/** Docker in a sandbox, by way of the service. */
export class Docker {
  /** @param {string} id of the sandbox */
  constructor(id) {
    this.at = path`/v1/sandboxes/${id}/docker`;
  }

  /**
   * Reads one of the daemon's lists.
   *
   * @template {keyof Lists} K
   * @param {K} what
   * @returns {Promise<Lists[K][]>}
   */
  async list(what) {
    const { items } = await get(`${this.at}/${LISTS[what]}`);
    return items;
  }

  /**
   * Sends a request to the daemon's own API, for what the service's API does not have.
   *
   * @param {string} method
   * @param {string} address
   */
  engine(method, address) {
    return ask(method, `${this.at}/engine${address}`);
  }
}

/**
 * Reads one of the daemon's lists, again with each event that may have changed it.
 *
 * @template {keyof Lists} K
 * @param {Docker} docker
 * @param {K} what
 * @param {boolean} ready whether the daemon answers
 */
export function useList(docker, what, ready) {
  const { value, problem } = useReading(
    () => docker.list(what),
    (refresh) =>
      onDaemonEvent(docker, (type) => {
        if (type === null || CHANGED_BY[type]?.includes(what)) {
          refresh();
        }
      }),
    [docker, what],
    ready,
  );
  return { items: value, problem };
}

/**
 * Calls a listener with the type of each event of the daemon, or with null if some may have been
 * missed.
 *
 * @param {Docker} docker
 * @param {(type: string | null) => void} listener
 * @returns {() => void} ends that
 */
function onDaemonEvent(docker, listener) {
  const over = new AbortController();
  keepConnected(
    async (signal, backoff) => {
      try {
        const response = await fetch(`${docker.at}/engine/events`, {
          headers: authorization(),
          signal,
          cache: "no-store",
        });
        if (response.ok) {
          backoff.reset();
          listener(null);
          let rest = "";
          for await (const text of textOf(response)) {
            const lines = (rest + text).split("\n");
            rest = lines.pop() ?? "";
            for (const line of lines.filter((each) => each.trim() !== "")) {
              const { Type: type, Action: action } = JSON.parse(line);
              // A command that is run in a container does not change the container.
              if (!action.startsWith("exec_")) {
                listener(type);
              }
            }
          }
        }
      } catch {
        // The daemon, the service or the network is away: the lists are read when it is back.
      }
      return true;
    },
    { signal: over.signal },
  );
  return () => over.abort();
}

/**
 * Reads the daemon's state and history, again with each of its events.
 *
 * @param {string} id of the sandbox
 * @param {Docker} docker
 */
export function useDaemon(id, docker) {
  const { value, problem } = useReading(
    /** @returns {Promise<Wire.DockerDaemon>} */
    () => get(docker.at),
    (refresh) =>
      onEvent((event) => {
        if (event === null || (event.sandbox === id && event.type === "docker")) {
          refresh();
        }
      }),
    [id, docker],
  );
  return { daemon: value, problem };
}
