import { html, useEffect, useMemo, useState } from "../ui/html.js";
import { to } from "../ui/route.js";
import {
  ActionButton,
  ProcessState,
  FactList,
  State,
  Elapsed,
  ErrorBox,
  Loading,
  Timestamp,
  withValue,
} from "../ui/parts.js";
import { command, size, words } from "../ui/format.js";
import { Output } from "../ui/output.js";
import { download } from "../ui/download.js";
import { useProblem } from "../ui/problem.js";
import { path, query } from "../service/address.js";
import { ask, post, remove } from "../service/api.js";
import { follow } from "../service/events.js";
import { Lines } from "../service/lines.js";
import { useProcess } from "../service/processes.js";
import { Terminal } from "./terminal.js";

/**
 * One process: its state, its output, and what can be done with it.
 *
 * @param {{ sandbox: Wire.Sandbox, pid: string }} props
 */
export function Process({ sandbox, pid }) {
  const { process, problem } = useProcess(sandbox.id, pid);
  const [failure, setFailure] = useProblem();
  const at = path`/v1/sandboxes/${sandbox.id}/processes/${pid}`;
  if (!process) {
    return html`<div class="detail">
      ${problem ? html`<${ErrorBox} problem=${problem} />` : html`<${Loading} what="the process" />`}
      <p><a href=${to("sandboxes", sandbox.id, "processes")}>All processes</a></p>
    </div>`;
  }
  const runs = process.state === "RUNNING";
  const { readiness, restart } = process;
  return html`<div class="detail">
    <div class="bar">
      <h2><code class="cut" title=${command(process)}>${command(process)}</code></h2>
      <${ProcessState} process=${process} />
      ${
        readiness &&
        html`<span class="pair"
          ><span class="quiet">readiness</span>${" "}<${State}
            of=${readiness.state}
            title=${readiness.reason}
        /></span>`
      }
      <div class="end">
        ${
          runs &&
          html`<${ActionButton}
              onProblem=${setFailure}
              action=${() => post(`${at}/signal`, { signal: "INT" })}
              >Interrupt<//
            >
            <${ActionButton} kind="danger" onProblem=${setFailure} action=${() => remove(at)}
              >Terminate<//
            >`
        }
        <a class="button" href=${to("sandboxes", sandbox.id, "processes")}>Close</a>
      </div>
    </div>
    <${ErrorBox} problem=${failure ?? problem} />
    <${FactList}
      of=${[
        ["PID", process.pid],
        ["Started", html`<${Timestamp} at=${process.startedAt} />`],
        ["Duration", html`<${Elapsed} from=${process.startedAt} to=${process.endedAt} />`],
        ["Cause", process.exit && words(process.exit.cause)],
        ["Working directory", process.cwd],
        ["User", process.user],
        ["Attempt", restart && (restart.attempt > 1 || restart.nextPid) ? restart.attempt : null],
        [
          "Next attempt",
          restart?.nextPid
            ? html`<a href=${to("sandboxes", sandbox.id, "processes", String(restart.nextPid))}
                >${restart.nextPid}</a
              >`
            : null,
        ],
      ]}
    />
    ${
      process.tty
        ? html`<${Terminal} id=${sandbox.id} pid=${process.pid} />`
        : html`<${ProcessOutput} id=${sandbox.id} process=${process} at=${at} />`
    }
  </div>`;
}

/**
 * The output of a process without a terminal, and its standard input.
 *
 * @param {{ id: string, process: Wire.Process, at: string }} props
 */
export function ProcessOutput({ id, process, at }) {
  const [problem, setProblem] = useProblem();
  const [broken, setBroken] = useState(false);
  const lines = useMemo(() => new Lines(), [at]);
  useEffect(
    () =>
      follow(
        `${at}/output?follow=true`,
        {
          opened: () => setBroken(false),
          broken: () => setBroken(true),
          refused: setProblem,
          event: ({ type, data }) => {
            if (type === "output") {
              lines.add(data.stream, textOf(data), data.at);
            } else if (type === "gap") {
              lines.note(
                `Output is missing here: pieces ${data.from} to ${data.to} are no longer kept.`,
              );
            }
          },
        },
        ["exit", "end"],
      ),
    [at],
  );
  const name = (/** @type {string} */ what) => `${id}-${process.pid}-${what}.txt`;
  const save = (/** @type {string} */ what) => () => download(`${at}/${what}`, name(what));
  const { stdout, stderr } = process;
  return html`<${ErrorBox} problem=${problem} />
    <${Output}
      lines=${lines}
      label=${`Output of ${command(process)}`}
      state=${broken && html`<span class="state warn" role="status">reconnecting</span>`}
    >
      <${ActionButton} action=${save("stdout")} onProblem=${setProblem}
        ><span aria-hidden="true">↓ </span
        ><span class="offscreen">Download </span
        >stdout${stdout?.bytes ? ` ${size(stdout.bytes)}` : ""}<//
      >
      <${ActionButton} action=${save("stderr")} onProblem=${setProblem}
        ><span aria-hidden="true">↓ </span
        ><span class="offscreen">Download </span
        >stderr${stderr?.bytes ? ` ${size(stderr.bytes)}` : ""}<//
      >
    <//>
    ${process.stdin?.open && process.state === "RUNNING" && html`<${InputForm} at=${at} />`}`;
}

/**
 * A form that sends lines to the standard input of a process.
 *
 * @param {{ at: string }} props
 */
function InputForm({ at }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useProblem();
  const send = (/** @type {string} */ body, close = false) =>
    ask("POST", `${at}/stdin${query({ close })}`, {
      body,
      headers: { "Content-Type": "application/octet-stream" },
    });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    setProblem(null);
    send(`${text}\n`).then(() => setText(""), setProblem);
  };
  return html`<form class="bar" onSubmit=${submit}>
      <input
        class="command"
        aria-label="Standard input"
        placeholder="Line for standard input"
        value=${text}
        onInput=${withValue(setText)}
      />
      <button type="submit">Send</button>
      <${ActionButton} onProblem=${setProblem} action=${() => send("", true)}>Close input<//>
    </form>
    <${ErrorBox} problem=${problem} />`;
}

/**
 * Returns the text of a piece of output, or a line in its place if it is not text.
 *
 * @param {Wire.OutputEvent} piece
 */
function textOf({ data, base64 }) {
  return data ?? `[${size(Math.floor(((base64?.length ?? 0) * 3) / 4))} that are not text]\n`;
}
