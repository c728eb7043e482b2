import { html } from "../ui/html.js";
import { useStore } from "../ui/store.js";
import { go, route, to } from "../ui/route.js";
import { ActionButton, Empty, ErrorBox } from "../ui/parts.js";
import { command } from "../ui/format.js";
import { useProblem } from "../ui/problem.js";
import { path } from "../service/address.js";
import { post } from "../service/api.js";
import { useProcesses } from "../service/processes.js";
import { unavailable } from "./lifecycle.js";
import { Terminal } from "./terminal.js";

/** Runs bash if the image has it, or else sh. */
const SHELL = "if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi";

/**
 * Starts a process with a terminal in a sandbox, and returns its PID.
 *
 * @param {string} id
 * @param {Partial<Wire.StartProcess>} wanted
 */
export async function startTerminal(id, wanted) {
  const { pid } = await post(path`/v1/sandboxes/${id}/processes`, {
    background: true,
    tty: { rows: 24, cols: 80 },
    ...wanted,
  });
  return String(pid);
}

/**
 * The terminals of a sandbox, those that were opened on other pages too.
 *
 * @param {{ sandbox: Wire.Sandbox }} props
 */
export function Terminals({ sandbox }) {
  const { id } = sandbox;
  const [, , , pid] = useStore(route);
  const [problem, setProblem] = useProblem();
  const running = (useProcesses(id).items ?? []).filter(
    ({ tty, state }) => tty && state === "RUNNING",
  );
  const gone = unavailable(sandbox);
  if (gone) {
    return gone;
  }
  const open = async () => {
    const started = await startTerminal(id, { shell: SHELL });
    go(to("sandboxes", id, "terminal", started));
  };
  const opener = html`<${ActionButton}
    kind=${pid ? "" : "primary"}
    action=${open}
    onProblem=${setProblem}
    >Open a shell<//
  >`;
  return html`<div class="bar tools">
      ${(pid || running.length > 0) && opener}
      <nav class="parts small" aria-label="Terminals">
        ${running.map(
          (process) =>
            html`<a
              key=${process.pid}
              href=${to("sandboxes", id, "terminal", String(process.pid))}
              aria-current=${String(process.pid) === pid ? "page" : undefined}
              >${process.pid} ${label(process)}</a
            >`,
        )}
      </nav>
    </div>
    <${ErrorBox} problem=${problem} />
    ${
      !pid &&
      running.length === 0 &&
      html`<${Empty} title="No open terminals"
        ><p>A shell keeps running when you leave this page. You can return to it here.</p>
        <p>${opener}</p><//
      >`
    }
    ${pid && html`<${Terminal} id=${id} pid=${pid} key=${pid} focus />`}`;
}

/** @param {Wire.Process} process */
function label(process) {
  return process.shell === SHELL ? "shell" : command(process).slice(0, 30);
}
