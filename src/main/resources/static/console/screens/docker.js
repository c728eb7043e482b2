import { html, useMemo } from "../ui/html.js";
import { useStore } from "../ui/store.js";
import { route, to } from "../ui/route.js";
import { ActionButton, State, ErrorBox, Loading } from "../ui/parts.js";
import { words } from "../ui/format.js";
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
  const gone = unavailable(sandbox, "Docker");
  if (gone) {
    return gone;
  }
  return sandbox.docker?.state === "DISABLED"
    ? html`<p class="quiet">
        This sandbox has no Docker daemon. Make one with “A Docker daemon of its own”.
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
      : html`<${Loading} what="its daemon" />`;
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
        html`<span class="quiet"
          >started again ${daemon.restarts} ${daemon.restarts === 1 ? "time" : "times"}</span
        >`
      }
      <span class="end">
        <${ConnectButton} docker=${docker} />
        ${stopped ? wish("start", "primary") : html`${wish("restart")}${wish("stop", "danger")}`}
      </span>
    </div>
    <${ErrorBox} problem=${failure} />
    ${daemon.state !== "READY" && html`<${NotReady} daemon=${daemon} />`}
    <nav class="parts" aria-label="Of Docker">
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
  STARTING: "It starts; this takes seconds.",
  MUTE: "dockerd runs, and does not answer. It is slow, or stuck: it is restarted if that lasts.",
  BACKING_OFF: "dockerd has ended, and is started again in a moment. Containers live on meanwhile.",
  STOPPED:
    "It was stopped. Its images, volumes and containers are kept: start it to have them back.",
  FAILED: "dockerd does not come up. The last lines of its log say why; then start it again.",
  UNSUPPORTED: "This host cannot run it; see Host for what is missing.",
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
      html`<pre tabindex="0" aria-label="Last lines of its log">${daemon.logTail}</pre>`
    }
  </div>`;
}
