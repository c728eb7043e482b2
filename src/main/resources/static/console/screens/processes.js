import { html, useState } from "../ui/html.js";
import { useStore } from "../ui/store.js";
import { go, route, to } from "../ui/route.js";
import {
  Check,
  Empty,
  ProcessState,
  Field,
  Table,
  Elapsed,
  ErrorBox,
  Loading,
  Timestamp,
  withValue,
} from "../ui/parts.js";
import { command, size } from "../ui/format.js";
import { useProblem } from "../ui/problem.js";
import { path } from "../service/address.js";
import { post } from "../service/api.js";
import { useProcesses } from "../service/processes.js";
import { pairs } from "../service/pairs.js";
import { filled } from "../service/creation.js";
import { Process } from "./process.js";

/**
 * The processes of a sandbox, running and ended, with one of them beside the list.
 *
 * @param {{ sandbox: Wire.Sandbox }} props
 */
export function Processes({ sandbox }) {
  const [, , , pid] = useStore(route);
  const { items, problem, cursor, readMore } = useProcesses(sandbox.id);
  return html`${sandbox.state === "READY" && html`<${RunForm} sandbox=${sandbox} />`}
    <div class=${pid ? "beside open" : "beside"}>
      <div class="list">
        <${ErrorBox} problem=${problem} />
        ${items === null && !problem && html`<${Loading} what="processes" />`}
        ${
          items?.length === 0 &&
          html`<${Empty} title="No processes yet"
            ><p>Run a command above. Its output is kept even if you leave this page.</p><//
          >`
        }
        ${
          items &&
          items.length > 0 &&
          html`<${Table}
            label="Processes"
            heads=${["Command", "State", "PID", "Started", "Duration", "#Output"]}
          >
            ${items.map(
              (process) =>
                html`<tr key=${process.pid} class=${String(process.pid) === pid ? "here" : ""}>
                  <th scope="row">
                    <a
                      href=${to("sandboxes", sandbox.id, "processes", String(process.pid))}
                      aria-current=${String(process.pid) === pid ? "true" : undefined}
                      ><code class="cut"
                        >${process.name ? `${process.name}: ` : ""}${command(process)}</code
                      ></a
                    >
                  </th>
                  <td><${ProcessState} process=${process} /></td>
                  <td>${process.pid}</td>
                  <td><${Timestamp} at=${process.startedAt} /></td>
                  <td><${Elapsed} from=${process.startedAt} to=${process.endedAt} /></td>
                  <td class="number">
                    ${size((process.stdout?.bytes ?? 0) + (process.stderr?.bytes ?? 0))}
                  </td>
                </tr>`,
            )}
          <//>`
        }
        ${cursor && html`<p><button type="button" onClick=${readMore}>Load more</button></p>`}
      </div>
      ${pid && html`<${Process} sandbox=${sandbox} pid=${pid} key=${pid} />`}
    </div>`;
}

const BLANK = { shell: "", cwd: "", user: "", name: "", timeout: "", env: "", restart: false };

/**
 * A form that starts a process and goes to its output.
 *
 * @param {{ sandbox: Wire.Sandbox }} props
 */
function RunForm({ sandbox }) {
  const [form, setForm] = useState(BLANK);
  const [problem, setProblem] = useProblem();
  const [busy, setBusy] = useState(false);
  const set = (/** @type {keyof typeof BLANK} */ name) =>
    withValue((value) => setForm({ ...form, [name]: value }));
  const text = (/** @type {keyof typeof BLANK} */ name, more = {}) =>
    html`<input
      value=${form[name]}
      onInput=${set(name)}
      spellcheck="false"
      autocomplete="off"
      ...${more}
    />`;
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setProblem(null);
    setBusy(true);
    try {
      const process = await post(path`/v1/sandboxes/${sandbox.id}/processes`, {
        shell: form.shell,
        background: true,
        cwd: filled(form.cwd),
        user: filled(form.user),
        name: filled(form.name),
        timeout: filled(form.timeout),
        env: pairs(form.env, "Environment variables"),
        restart: form.restart ? { policy: "on-failure" } : undefined,
      });
      setForm(BLANK);
      go(to("sandboxes", sandbox.id, "processes", String(process.pid)));
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return html`<form class="run" onSubmit=${submit}>
    <div class="bar">
      <input
        class="command"
        name="command"
        aria-label="Command"
        placeholder="Shell command"
        required
        spellcheck="false"
        autocomplete="off"
        autocapitalize="off"
        value=${form.shell}
        onInput=${set("shell")}
      />
      <button type="submit" class="primary" disabled=${busy} aria-busy=${busy ? "true" : undefined}>
        Run
      </button>
    </div>
    <details>
      <summary>Options</summary>
      <div class="fields">
        <${Field} label="Working directory">${text("cwd", { placeholder: "image default" })}<//>
        <${Field} label="User">${text("user", { placeholder: "image default" })}<//>
        <${Field} label="Name" hint="Helps you find the process again.">${text("name")}<//>
        <${Field} label="Timeout" hint="For example, PT5M for five minutes."
          >${text("timeout", { placeholder: "none" })}<//
        >
        <${Field} label="Environment variables" hint="NAME=value, one per line. Not shown again.">
          <textarea rows="2" spellcheck="false" value=${form.env} onInput=${set("env")}></textarea>
        <//>
        <div class="field">
          <${Check}
            label="Restart it if it fails"
            checked=${form.restart}
            onChange=${(/** @type {boolean} */ restart) => setForm({ ...form, restart })}
          />
        </div>
      </div>
    </details>
    <${ErrorBox} problem=${problem} />
  </form>`;
}
