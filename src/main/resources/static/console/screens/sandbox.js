import { html, useEffect } from "../ui/html.js";
import { useStore } from "../ui/store.js";
import { route, to } from "../ui/route.js";
import { Countdown, State, ErrorBox, Loading } from "../ui/parts.js";
import { words } from "../ui/format.js";
import { useProblem } from "../ui/problem.js";
import { pulls, refresh, sandboxes } from "../service/sandboxes.js";
import { displayName, ExtendButton, hasEnded, TerminateButton } from "./lifecycle.js";
import { Overview } from "./overview.js";
import { Processes } from "./processes.js";
import { Terminals } from "./terminals.js";
import { Files } from "./files.js";
import { Docker } from "./docker.js";
import { Ports } from "./ports.js";

/** @type {[part: string, title: string, screen: Function][]} */
const PARTS = [
  ["", "Overview", Overview],
  ["processes", "Processes", Processes],
  ["terminal", "Terminal", Terminals],
  ["files", "Files", Files],
  ["docker", "Docker", Docker],
  ["ports", "Ports", Ports],
];

/**
 * A sandbox: its title and actions, and one of its parts.
 *
 * @param {{ id: string }} props
 */
export function Sandbox({ id }) {
  const sandbox = useStore(sandboxes)?.find((each) => each.id === id);
  const pull = useStore(pulls)[id];
  const [, , part = ""] = useStore(route);
  const [problem, setProblem] = useProblem();
  useEffect(() => {
    // The list has its first page only, and this sandbox may be older.
    refresh(id).then(setProblem);
  }, [id]);
  const [, title, Part] = PARTS.find(([name]) => name === part) ?? PARTS[0];
  const name = sandbox && displayName(sandbox);
  useEffect(() => {
    document.title = `${name ?? id} · ${title} · Caisson`;
  }, [name, id, title]);

  if (!sandbox) {
    return html`<h1 tabindex="-1">${id}</h1>
      ${problem ? html`<${ErrorBox} problem=${problem} />` : html`<${Loading} what="the sandbox" />`}
      <p><a href=${to("sandboxes")}>All sandboxes</a></p>`;
  }
  const docker = sandbox.docker?.state;
  return html`<p class="crumbs"><a href=${to("sandboxes")}>Sandboxes</a></p>
    <div class="bar head">
      <h1 tabindex="-1">${name}</h1>
      <${State} of=${sandbox.state} />
      ${
        docker &&
        docker !== "DISABLED" &&
        !hasEnded(sandbox) &&
        html`<span class="pair"><span class="quiet">Docker</span> <${State} of=${docker} /></span>`
      }
      ${
        !hasEnded(sandbox) &&
        html`<span class="pair"
          ><span class="quiet">time left</span> <${Countdown} until=${sandbox.expiresAt}
        /></span>`
      }
      <div class="end">
        ${
          !hasEnded(sandbox) &&
          html`<${ExtendButton} sandbox=${sandbox} /><${TerminateButton} sandbox=${sandbox} />`
        }
      </div>
    </div>
    ${
      sandbox.state === "STARTING" &&
      html`<p class="notice" role="status">Starting${pull ? `: ${pull}` : " …"}</p>`
    }
    ${
      hasEnded(sandbox) &&
      html`<p
        class=${
          sandbox.reason === "TERMINATED" || sandbox.reason === "EXPIRED" ? "notice" : "trouble"
        }
        role="status"
      >
        ${sandbox.state === "FAILED" ? "The sandbox failed to start" : "The sandbox has ended"}${
          sandbox.reason ? `: ${words(sandbox.reason)}` : ""
        }.${sandbox.detail ? ` ${sandbox.detail}` : ""}${" "}Its
        record and the output of its processes are kept for a while.
      </p>`
    }
    ${(sandbox.warnings ?? []).map((warning) => html`<p class="notice">${warning}</p>`)}
    <nav class="parts" aria-label="Sandbox">
      ${PARTS.map(
        ([each, words]) =>
          html`<a
            key=${each}
            href=${each ? to("sandboxes", id, each) : to("sandboxes", id)}
            aria-current=${each === part ? "page" : undefined}
            >${words}</a
          >`,
      )}
    </nav>
    <section aria-label=${title}>
      <${Part} sandbox=${sandbox} key=${title} />
    </section>`;
}
