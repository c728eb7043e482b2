import { html, useEffect, useState } from "../ui/html.js";
import { Plot, push } from "../ui/plot.js";
import { FactList, State, Timestamp } from "../ui/parts.js";
import { size, span, words } from "../ui/format.js";
import { path } from "../service/address.js";
import { follow } from "../service/events.js";
import { rates } from "../service/usage.js";
import { Labels } from "./sandboxes.js";

const KEPT = 200;

/**
 * The resource usage, properties and events of a sandbox.
 *
 * @param {{ sandbox: Wire.Sandbox }} props
 */
export function Overview({ sandbox }) {
  const { resources, startup } = sandbox;
  return html`${sandbox.state === "READY" && html`<${Usage} sandbox=${sandbox} />`}
    <div class="columns">
      <div>
        <h2>Details</h2>
        <${FactList}
          of=${[
            ["ID", html`<code>${sandbox.id}</code>`],
            ["Image", sandbox.image],
            [
              "Digest",
              sandbox.imageDigest &&
                html`<code class="cut" title=${sandbox.imageDigest}>${sandbox.imageDigest}</code>`,
            ],
            ["Isolation", sandbox.isolation],
            ["Network", sandbox.network],
            ["CPUs", resources.cpu || null],
            ["Memory", resources.memory ? size(resources.memory) : null],
            ["Maximum processes", resources.pids || null],
            ["Disk", resources.disk ? size(resources.disk) : null],
            [
              "Labels",
              Object.keys(sandbox.labels ?? {}).length
                ? html`<${Labels} of=${sandbox.labels} />`
                : null,
            ],
            ["Created", html`<${Timestamp} at=${sandbox.createdAt} />`],
            ["Ended", sandbox.endedAt && html`<${Timestamp} at=${sandbox.endedAt} />`],
          ]}
        />
        ${startup?.totalMs !== undefined && html`<${StartupStages} startup=${startup} />`}
      </div>
      <${Events} id=${sandbox.id} />
    </div>`;
}

/**
 * Plots of the resource usage since the page was opened.
 *
 * @param {{ sandbox: Wire.Sandbox }} props
 */
function Usage({ sandbox }) {
  const [seen, setSeen] = useState(
    /** @type {Record<"cpu" | "memory" | "tasks" | "received" | "sent", number[]>} */ ({
      cpu: [],
      memory: [],
      tasks: [],
      received: [],
      sent: [],
    }),
  );
  useEffect(() => {
    /** @type {Wire.Usage | null} */
    let before = null;
    return follow(
      path`/v1/sandboxes/${sandbox.id}/usage`,
      {
        event: ({ type, data }) => {
          if (type !== "usage") {
            return;
          }
          const rate = rates(before, data);
          setSeen((now) => ({
            cpu: push(now.cpu, data.cpuPercent),
            memory: push(now.memory, data.memoryBytes),
            tasks: push(now.tasks, data.tasks),
            received: push(now.received, rate.received),
            sent: push(now.sent, rate.sent),
          }));
          before = data;
        },
      },
      ["end"],
    );
  }, [sandbox.id]);
  const { resources } = sandbox;
  return html`<div class="plots" aria-label="Resource usage" role="group">
    <${Plot}
      label="CPU"
      values=${seen.cpu}
      floor=${10}
      most=${resources.cpu ? resources.cpu * 100 : null}
      format=${(/** @type {number} */ value) => `${value.toFixed(value < 10 ? 1 : 0)} %`}
    />
    <${Plot} label="Memory" values=${seen.memory} most=${resources.memory || null} format=${size} />
    <${Plot} label="Tasks" values=${seen.tasks} format=${String} />
    <${Plot}
      label="Received"
      values=${seen.received}
      format=${(/** @type {number} */ value) => `${size(Math.round(value))}/s`}
    />
    <${Plot}
      label="Sent"
      values=${seen.sent}
      format=${(/** @type {number} */ value) => `${size(Math.round(value))}/s`}
    />
  </div>`;
}

/** @param {{ startup: Wire.Startup }} props */
function StartupStages({ startup }) {
  const stages = startup.stages ?? [];
  const all = stages.reduce((sum, { ms }) => sum + ms, 0) || 1;
  let begin = 0;
  return html`<h2>Startup took ${span(startup.totalMs)}</h2>
    <ol class="stages">
      ${stages.map(({ name, ms }) => {
        const x = (begin / all) * 100;
        begin += ms;
        return html`<li key=${name}>
          <span>${name}</span>
          <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect x=${x} width=${Math.max(0.7, (ms / all) * 100)} height="4" />
          </svg>
          <span class="number">${span(ms)}</span>
        </li>`;
      })}
    </ol>
    ${startup.pooled && html`<p class="quiet">Taken from the pool, where it was already running.</p>`}
    ${startup.miss && html`<p class="quiet">Not taken from the pool: ${startup.miss}</p>`}`;
}

/**
 * The events of a sandbox, newest first, from the first one that is kept.
 *
 * @param {{ id: string }} props
 */
function Events({ id }) {
  const [events, setEvents] = useState(/** @type {Wire.SandboxEvent[]} */ ([]));
  useEffect(() => {
    setEvents([]);
    return follow(path`/v1/sandboxes/${id}/events?after=0`, {
      event: ({ data, type }) => {
        if (type !== "gap") {
          setEvents((all) => [data, ...all].slice(0, KEPT));
        }
      },
    });
  }, [id]);
  return html`<div>
    <h2>Events</h2>
    <ol class="events" aria-label="Events" tabindex="0">
      ${events.map(
        (event) =>
          html`<li key=${event.seq}>
            <${Timestamp} at=${event.at} /> <${EventText} event=${event} />
          </li>`,
      )}
    </ol>
  </div>`;
}

/** @param {{ event: Wire.SandboxEvent }} props */
function EventText({ event }) {
  const { type, data } = event;
  switch (type) {
    case "sandbox":
      return html`<span
        >Sandbox${" "}<${State} of=${data.state} />${joined(
          data.reason && `(${words(data.reason)})`,
          data.detail,
        )}</span
      >`;
    case "docker":
      return html`<span
        >Docker${" "}<${State} of=${data.state} />${joined(
          data.reason,
          data.run && `${data.run.unit} ${words(data.run.cause)}`,
          data.run?.backAfterMs && `(restarted after ${span(data.run.backAfterMs)})`,
        )}</span
      >`;
    case "process":
      return html`<span
        >Process${joined(data.pid, data.name && `(${data.name})`)}${" "}${
          data.state === "RUNNING"
            ? html`<${State} of="RUNNING" />`
            : `${words(data.cause)}${data.code === undefined ? "" : `, code ${data.code}`}`
        }${joined(data.readiness && `readiness: ${words(data.readiness)}`)}</span
      >`;
    case "image":
      return html`<span>Image ${data.image}: ${data.progress}</span>`;
    case "disk":
      return html`<span
        >Disk ${words(data.level)}: ${size(data.used)} of ${size(data.limit)}</span
      >`;
    default:
      return html`<span>${type}</span>`;
  }
}

/**
 * Joins what there is of a text, each part after a space.
 *
 * @param {...(string | number | null | undefined)} parts
 */
function joined(...parts) {
  return parts
    .filter(Boolean)
    .map((part) => ` ${part}`)
    .join("");
}
