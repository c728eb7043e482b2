import { html, useEffect, useMemo, useState } from "../ui/html.js";
import { to } from "../ui/route.js";
import { Act, Ending, Facts, State, Took, Trouble, Waiting, When } from "../ui/parts.js";
import { command, size, words } from "../ui/format.js";
import { Output } from "../ui/output.js";
import { download } from "../ui/download.js";
import { ask, path, post, query, remove } from "../service/api.js";
import { follow } from "../service/events.js";
import { Lines } from "../service/lines.js";
import { useProcess } from "../service/processes.js";
import { Terminal } from "./terminal.js";

/** One process: how it is, what it writes, and what can be done to it. */
export function Process({ sandbox, pid }) {
  const { process, problem } = useProcess(sandbox.id, pid);
  const [failure, setFailure] = useState(null);
  const at = path`/v1/sandboxes/${sandbox.id}/processes/${pid}`;
  if (!process) {
    return html`<div class="detail">
      ${problem ? html`<${Trouble} problem=${problem} />` : html`<${Waiting} what="the process" />`}
      <p><a href=${to("sandboxes", sandbox.id, "processes")}>All processes</a></p>
    </div>`;
  }
  const runs = process.state === "RUNNING";
  const { readiness, restart } = process;
  return html`<div class="detail">
    <div class="bar">
      <h2><code class="cut" title=${command(process)}>${command(process)}</code></h2>
      <${Ending} process=${process} />
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
          html`<${Act} onProblem=${setFailure} act=${() => post(`${at}/signal`, { signal: "INT" })}
              >Interrupt<//
            >
            <${Act} kind="danger" onProblem=${setFailure} act=${() => remove(at)}>End<//>`
        }
        <a class="button" href=${to("sandboxes", sandbox.id, "processes")}>Close</a>
      </div>
    </div>
    <${Trouble} problem=${failure ?? problem} />
    <${Facts}
      of=${[
        ["Pid", process.pid],
        ["Started", html`<${When} at=${process.startedAt} />`],
        ["Took", html`<${Took} from=${process.startedAt} to=${process.endedAt} />`],
        ["Ended by", process.exit && words(process.exit.cause)],
        ["Directory", process.cwd],
        ["User", process.user],
        ["Attempt", restart?.attempt > 1 || restart?.nextPid ? restart.attempt : null],
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

/** What a process without a terminal writes, and what it can be told. */
export function ProcessOutput({ id, process, at }) {
  const [problem, setProblem] = useState(null);
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
  const name = (what) => `${id}-${process.pid}-${what}.txt`;
  const save = (what) => () => download(`${at}/${what}`, name(what));
  const { stdout, stderr } = process;
  return html`<${Trouble} problem=${problem} />
    <${Output}
      lines=${lines}
      label=${`Output of ${command(process)}`}
      state=${broken && html`<span class="state warn" role="status">connecting again</span>`}
    >
      <${Act} act=${save("stdout")} onProblem=${setProblem}
        ><span aria-hidden="true">↓ </span
        ><span class="offscreen">Download </span
        >stdout${stdout?.bytes ? ` ${size(stdout.bytes)}` : ""}<//
      >
      <${Act} act=${save("stderr")} onProblem=${setProblem}
        ><span aria-hidden="true">↓ </span
        ><span class="offscreen">Download </span
        >stderr${stderr?.bytes ? ` ${size(stderr.bytes)}` : ""}<//
      >
    <//>
    ${
      process.stdin?.open &&
      process.state === "RUNNING" &&
      html`<${Input} at=${at} process=${process} />`
    }`;
}

/** Lines for its standard input. */
function Input({ at }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState(null);
  const send = (body, close) =>
    ask("POST", `${at}/stdin${query({ close })}`, {
      body,
      headers: { "Content-Type": "application/octet-stream" },
    });
  const submit = (event) => {
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
        onInput=${(event) => setText(event.target.value)}
      />
      <button type="submit">Send</button>
      <${Act} onProblem=${setProblem} act=${() => send("", true)}>Close input<//>
    </form>
    <${Trouble} problem=${problem} />`;
}
