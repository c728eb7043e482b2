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
 * One process: how it is, what it writes, and what can be done to it.
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
              >End<//
            >`
        }
        <a class="button" href=${to("sandboxes", sandbox.id, "processes")}>Close</a>
      </div>
    </div>
    <${ErrorBox} problem=${failure ?? problem} />
    <${FactList}
      of=${[
        ["Pid", process.pid],
        ["Started", html`<${Timestamp} at=${process.startedAt} />`],
        ["Took", html`<${Elapsed} from=${process.startedAt} to=${process.endedAt} />`],
        ["Ended by", process.exit && words(process.exit.cause)],
        ["Directory", process.cwd],
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
 * What a process without a terminal writes, and what it can be told.
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
              lines.add(data.stream, data.data ?? "", data.at);
            } else if (type === "gap") {
              lines.note(`Pieces ${data.from} to ${data.to} are no longer kept.`);
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
      state=${broken && html`<span class="state warn" role="status">connecting again</span>`}
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
 * Lines for its standard input.
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
        placeholder="A line for its standard input"
        value=${text}
        onInput=${withValue(setText)}
      />
      <button type="submit">Send</button>
      <${ActionButton} onProblem=${setProblem} action=${() => send("", true)}>Close input<//>
    </form>
    <${ErrorBox} problem=${problem} />`;
}
