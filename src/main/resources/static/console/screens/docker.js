import { html, useMemo } from "../ui/html.js";
import { useStore } from "../ui/store.js";
import { route, to } from "../ui/route.js";
import { ActionButton, State, ErrorBox, Loading } from "../ui/parts.js";
import { count, words } from "../ui/format.js";
import { useProblem } from "../ui/problem.js";
import { post } from "../service/api.js";
import { Docker as Service, useDaemon } from "../service/docker.js";
import { unavailable } from "./lifecycle.js";
import { Containers } from "./containers.js";
import { Images, Networks, Volumes } from "./stored.js";
import { Compose } from "./compose.js";
import { Daemon } from "./daemon.js";
import { ConnectButton } from "./connect.js";

/** @type {[part: string, title: string, screen: Function][]} */
const PARTS = [
  ["containers", "Containers", Containers],
  ["images", "Images", Images],
  ["volumes", "Volumes", Volumes],
  ["networks", "Networks", Networks],
  ["compose", "Compose", Compose],
  ["daemon", "Daemon", Daemon],
];

/**
 * Docker in a sandbox: the state of its daemon, and what the daemon has.
 *
 * @param {{ sandbox: Wire.Sandbox }} props
 */
export function Docker({ sandbox }) {
  const gone = unavailable(sandbox);
  if (gone) {
    return gone;
  }
  return sandbox.docker?.state === "DISABLED"
    ? html`<p class="quiet">
        This sandbox has no Docker daemon. To use Docker, create a sandbox with “Docker daemon”
        selected.
      </p>`
    : html`<${DockerScreen} sandbox=${sandbox} />`;
}

/** @param {{ sandbox: Wire.Sandbox }} props */
function DockerScreen({ sandbox }) {
  const { id } = sandbox;
  const [, , , part = "containers", name] = useStore(route);
  const docker = useMemo(() => new Service(id), [id]);
  const { daemon, problem } = useDaemon(id, docker);
  const [failure, setFailure] = useProblem();
  const [, title, Part] = PARTS.find(([each]) => each === part) ?? PARTS[0];
  if (!daemon) {
    return problem
      ? html`<${ErrorBox} problem=${problem} />`
      : html`<${Loading} what="the daemon's state" />`;
  }
  const stopped = daemon.state === "STOPPED" || daemon.state === "FAILED";
  const wish = (/** @type {"start" | "stop" | "restart"} */ verb, kind = "") =>
    html`<${ActionButton}
      kind=${kind}
      onProblem=${setFailure}
      action=${() => post(`${docker.at}/${verb}`, undefined)}
      >${words(verb).replace(/^./, (c) => c.toUpperCase())}<//
    >`;
  return html`<div class="daemon">
      <${State} of=${daemon.state} />
      ${daemon.version && html`<span>dockerd ${daemon.version}</span>`}
      ${daemon.storageDriver && html`<span class="quiet">${daemon.storageDriver}</span>`}
      ${
        daemon.restarts > 0 &&
        html`<span class="quiet">restarted ${count(daemon.restarts, "time")}</span>`
      }
      <span class="end">
        <${ConnectButton} docker=${docker} />
        ${stopped ? wish("start", "primary") : html`${wish("restart")}${wish("stop", "danger")}`}
      </span>
    </div>
    <${ErrorBox} problem=${failure} />
    ${daemon.state !== "READY" && html`<${NotReady} daemon=${daemon} />`}
    <nav class="parts" aria-label="Docker">
      ${PARTS.map(
        ([each, text]) =>
          html`<a
            key=${each}
            href=${to("sandboxes", id, "docker", each)}
            aria-current=${each === part ? "page" : undefined}
            >${text}</a
          >`,
      )}
    </nav>
    <${Part}
      id=${id}
      docker=${docker}
      daemon=${daemon}
      ready=${daemon.state === "READY"}
      name=${name}
      key=${title}
    />`;
}

/**
 * What each state but READY means.
 *
 * @type {Record<string, string>}
 */
const ADVICE = {
  STARTING: "The daemon is starting. This takes a few seconds.",
  MUTE: "dockerd is running but not responding. It is restarted if this continues.",
  BACKING_OFF:
    "dockerd has exited and will be restarted shortly. Containers keep running meanwhile.",
  STOPPED:
    "The daemon has been stopped. Its images, volumes and containers are kept; start it to use them again.",
  FAILED:
    "dockerd cannot start. The last lines of its log show why. Fix the cause, then start it again.",
  UNSUPPORTED: "This host cannot run a Docker daemon. The Host page shows what is missing.",
};

/** @param {{ daemon: Wire.DockerDaemon }} props */
function NotReady({ daemon }) {
  const bad = daemon.state === "FAILED" || daemon.state === "UNSUPPORTED";
  return html`<div class=${bad ? "trouble" : "notice"} role="status">
    <p>${ADVICE[daemon.state]}</p>
    ${daemon.reason && html`<p><strong>${daemon.reason}</strong></p>`}
    ${
      bad &&
      daemon.logTail &&
      html`<pre tabindex="0" aria-label="Last lines of the log">${daemon.logTail}</pre>`
    }
  </div>`;
}
