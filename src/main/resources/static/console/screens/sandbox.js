import { html, useEffect, useState } from "../ui/html.js";
import { useStore } from "../ui/store.js";
import { route, to } from "../ui/route.js";
import { Countdown, State, Trouble, Waiting } from "../ui/parts.js";
import { words } from "../ui/format.js";
import * as world from "../service/world.js";
import { called, Extend, isOver, Terminate } from "./life.js";
import { Overview } from "./overview.js";
import { Processes } from "./processes.js";
import { Terminals } from "./terminals.js";
import { Files } from "./files.js";
import { Docker } from "./docker.js";
import { Ports } from "./ports.js";

const PARTS = [
  ["", "Overview", Overview],
  ["processes", "Processes", Processes],
  ["terminal", "Terminal", Terminals],
  ["files", "Files", Files],
  ["docker", "Docker", Docker],
  ["ports", "Ports", Ports],
];

/** One sandbox: its head, and one of its parts. */
export function Sandbox({ id }) {
  const sandbox = useStore(world.sandboxes)?.find((each) => each.id === id);
  const pull = useStore(world.pulls)[id];
  const [, , part = ""] = useStore(route);
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    // It may be older than the page of the list that was read.
    world.read(id).then(setProblem);
  }, [id]);
  const [, title, Part] = PARTS.find(([name]) => name === part) ?? PARTS[0];
  const name = sandbox && called(sandbox);
  useEffect(() => {
    document.title = `${name ?? id} · ${title} · Caisson`;
  }, [name, id, title]);

  if (!sandbox) {
    return html`<h1 tabindex="-1">${id}</h1>
      ${problem ? html`<${Trouble} problem=${problem} />` : html`<${Waiting} what="the sandbox" />`}
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
        !isOver(sandbox) &&
        html`<span class="pair"><span class="quiet">Docker</span> <${State} of=${docker} /></span>`
      }
      ${
        !isOver(sandbox) &&
        html`<span class="pair"
          ><span class="quiet">ends in</span> <${Countdown} until=${sandbox.expiresAt}
        /></span>`
      }
      <div class="end">
        ${
          !isOver(sandbox) &&
          html`<${Extend} sandbox=${sandbox} /><${Terminate} sandbox=${sandbox} />`
        }
      </div>
    </div>
    ${
      sandbox.state === "STARTING" &&
      html`<p class="notice" role="status">It starts${pull ? `: ${pull}` : " …"}</p>`
    }
    ${
      isOver(sandbox) &&
      html`<p
        class=${
          sandbox.reason === "TERMINATED" || sandbox.reason === "EXPIRED" ? "notice" : "trouble"
        }
        role="status"
      >
        ${
          sandbox.state === "FAILED" ? "It did not start" : "It has ended"
        }${sandbox.reason ? `: ${words(sandbox.reason)}` : ""}.
        ${" "}${sandbox.detail ?? ""} Its record and the output of its processes are kept for a
        while.
      </p>`
    }
    ${(sandbox.warnings ?? []).map((warning) => html`<p class="notice">${warning}</p>`)}
    <nav class="parts" aria-label="Of this sandbox">
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
