import { html, useEffect, useMemo, useState } from "../ui/html.js";
import { go, to } from "../ui/route.js";
import {
  ActionButton,
  Check,
  Empty,
  FactList,
  Field,
  State,
  Table,
  ErrorBox,
  Loading,
  Timestamp,
  withValue,
} from "../ui/parts.js";
import { FormDialog } from "../ui/dialog.js";
import { Output } from "../ui/output.js";
import { Plot, push } from "../ui/plot.js";
import { size } from "../ui/format.js";
import { path } from "../service/address.js";
import { post } from "../service/api.js";
import { useList } from "../service/docker.js";
import { follow } from "../service/events.js";
import { Lines } from "../service/lines.js";
import { download } from "../ui/download.js";
import { useProblem } from "../ui/problem.js";
import { startTerminal } from "./terminals.js";
import { OpenPort } from "./ports.js";
import { pairs } from "../service/pairs.js";
import { filled } from "../service/creation.js";

/** @import { Docker } from "../service/docker.js" */

/**
 * The containers in a sandbox, with one of them beside the list.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {Docker} props.docker
 * @param {boolean} props.ready
 * @param {string} [props.name] the container that is shown beside the list
 */
export function Containers({ id, docker, ready, name }) {
  const { items, problem } = useList(docker, "containers", ready);
  const [running, setRunning] = useState(false);
  const chosen = items?.find((each) => each.name === name || each.id === name);
  const run = html`<button
    type="button"
    class="primary"
    disabled=${!ready}
    onClick=${() => setRunning(true)}
  >
    Run a container
  </button>`;
  return html`<div class="bar tools">${run}</div>
    <${ErrorBox} problem=${problem} />
    ${items === null && ready && !problem && html`<${Loading} what="containers" />`}
    ${
      items?.length === 0 &&
      html`<${Empty} title="No containers yet"
        ><p>Run one here, or use docker in a terminal: its containers appear here at once.</p><//
      >`
    }
    <div class=${chosen ? "beside open" : "beside"}>
      <div class="list">
        ${
          items &&
          items.length > 0 &&
          html`<${Table}
            label="Containers"
            heads=${["Name", "State", "Image", "Ports", "Status", ""]}
          >
            ${items.map(
              (each) =>
                html`<${Row}
                  key=${each.id}
                  id=${id}
                  docker=${docker}
                  container=${each}
                  here=${each === chosen}
                />`,
            )}
          <//>`
        }
      </div>
      ${
        chosen &&
        html`<${Container} id=${id} docker=${docker} container=${chosen} key=${chosen.id} />`
      }
    </div>
    ${running && html`<${RunDialog} id=${id} docker=${docker} onClose=${() => setRunning(false)} />`}`;
}

/** @param {{ id: string, docker: Docker, container: Wire.ContainerSummary, here: boolean }} props */
function Row({ id, docker, container, here }) {
  return html`<tr class=${here ? "here" : ""}>
    <th scope="row">
      <a href=${to("sandboxes", id, "docker", "containers", container.name)}>${container.name}</a>
    </th>
    <td><${State} of=${container.state} /></td>
    <td><span class="cut">${container.image}</span></td>
    <td><${Published} id=${id} ports=${container.ports} /></td>
    <td>${container.status}</td>
    <td class="acts"><${ContainerActions} docker=${docker} container=${container} /></td>
  </tr>`;
}

/**
 * The ports that a container publishes, each with a button that opens it.
 *
 * @param {{ id: string, ports: Wire.PublishedPort[] }} props
 */
function Published({ id, ports }) {
  const seen = new Map(
    (ports ?? []).filter((port) => port.publishedPort).map((port) => [port.publishedPort, port]),
  );
  return [...seen.values()].map(
    (port) =>
      html`<${OpenPort}
        key=${port.publishedPort}
        id=${id}
        port=${port.publishedPort}
        text=${`${port.publishedPort} → ${port.port}/${port.protocol}`}
        plain=${port.protocol !== "tcp"}
      />`,
  );
}

/** @param {{ docker: Docker, container: Wire.ContainerSummary }} props */
function ContainerActions({ docker, container }) {
  const [problem, setProblem] = useProblem();
  const engine = (/** @type {string} */ method, /** @type {string} */ rest) => () =>
    docker.engine(method, path`/containers/${container.id}` + rest);
  const runs = container.state === "RUNNING" || container.state === "RESTARTING";
  return html`${
    problem &&
    html`<span class="state bad" role="alert">${problem.body?.message ?? problem.message}</span>`
  }
  ${
    runs
      ? html`<${ActionButton}
          label=${`Stop ${container.name}`}
          onProblem=${setProblem}
          action=${engine("POST", "/stop")}
          >Stop<//
        >`
      : html`<${ActionButton}
          label=${`Start ${container.name}`}
          onProblem=${setProblem}
          action=${engine("POST", "/start")}
          >Start<//
        >`
  }
  ${
    !runs &&
    html`<${ActionButton}
      kind="danger"
      label=${`Remove ${container.name}`}
      onProblem=${setProblem}
      action=${engine("DELETE", "?v=true")}
      >Remove<//
    >`
  }`;
}

/**
 * One container: its log, its resource usage, and a shell in it.
 *
 * @param {{ id: string, docker: Docker, container: Wire.ContainerSummary }} props
 */
function Container({ id, docker, container }) {
  const [problem, setProblem] = useProblem();
  const runs = container.state === "RUNNING";
  const shell = async () => {
    const pid = await startTerminal(id, {
      command: [
        "docker",
        "exec",
        "-it",
        container.name,
        "sh",
        "-c",
        "if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi",
      ],
    });
    go(to("sandboxes", id, "terminal", pid));
  };
  return html`<div class="detail">
    <div class="bar">
      <h2>${container.name}</h2>
      <${State} of=${container.state} />
      <div class="end">
        ${runs && html`<${ActionButton} onProblem=${setProblem} action=${shell}>Open a shell<//>`}
        <a class="button" href=${to("sandboxes", id, "docker", "containers")}>Close</a>
      </div>
    </div>
    <${ErrorBox} problem=${problem} />
    <${FactList}
      of=${[
        ["Image", container.image],
        ["Status", container.status],
        ["Created", html`<${Timestamp} at=${container.createdAt} />`],
        [
          "Ports",
          container.ports?.length ? html`<${Published} id=${id} ports=${container.ports} />` : null,
        ],
      ]}
    />
    ${runs && html`<${ContainerUsage} docker=${docker} container=${container} />`}
    <${ContainerLog} docker=${docker} container=${container} key=${`${container.id} ${runs}`} />
  </div>`;
}

/** @param {{ docker: Docker, container: Wire.ContainerSummary }} props */
function ContainerUsage({ docker, container }) {
  const [seen, setSeen] = useState({
    cpu: /** @type {number[]} */ ([]),
    memory: /** @type {number[]} */ ([]),
  });
  useEffect(
    () =>
      follow(
        docker.at + path`/containers/${container.id}/stats` + "?follow=true",
        {
          event: ({ type, data }) =>
            type === "stats" &&
            setSeen((now) => ({
              cpu: push(now.cpu, data.cpuPercent),
              memory: push(now.memory, data.memoryBytes),
            })),
        },
        ["end"],
      ),
    [docker, container.id],
  );
  return html`<div class="plots">
    <${Plot}
      label="CPU"
      values=${seen.cpu}
      format=${(/** @type {number} */ value) => `${value.toFixed(1)} %`}
    />
    <${Plot} label="Memory" values=${seen.memory} format=${size} />
  </div>`;
}

/** @param {{ docker: Docker, container: Wire.ContainerSummary }} props */
function ContainerLog({ docker, container }) {
  const [problem, setProblem] = useProblem();
  const lines = useMemo(() => new Lines(), []);
  const at = docker.at + path`/containers/${container.id}/logs`;
  useEffect(
    () =>
      follow(
        `${at}?follow=true&tail=5000`,
        {
          // It cannot be resumed, and begins with the log so far.
          opened: () => lines.clear(),
          refused: setProblem,
          event: ({ type, data }) => type === "output" && lines.add(data.stream, data.data, null),
        },
        ["end"],
      ),
    [at],
  );
  return html`<${ErrorBox} problem=${problem} />
    <${Output} lines=${lines} label=${`Log of ${container.name}`}>
      <${ActionButton}
        onProblem=${setProblem}
        action=${() => download(`${at}?raw=true`, `${container.name}.log`)}
        ><span aria-hidden="true">↓ </span>Download<//
      >
    <//>`;
}

const BLANK = {
  image: "",
  command: "",
  name: "",
  ports: "",
  env: "",
  volumes: "",
  detach: true,
  remove: false,
};

/**
 * A form for docker run, which runs as a process.
 *
 * @param {{ id: string, docker: Docker, onClose: () => void }} props
 */
function RunDialog({ id, docker, onClose }) {
  const [form, setForm] = useState(BLANK);
  const set = (/** @type {keyof typeof BLANK} */ name) =>
    withValue((value) => setForm({ ...form, [name]: value }));
  const list = (/** @type {string} */ text) => {
    const all = text.split(/[\s,]+/).filter(Boolean);
    return all.length ? all : undefined;
  };
  const send = async () => {
    const process = await post(`${docker.at}/run`, {
      image: form.image.trim(),
      command: form.command.trim() ? ["sh", "-c", form.command] : undefined,
      name: filled(form.name),
      ports: list(form.ports),
      volumes: list(form.volumes),
      env: pairs(form.env, "Environment variables"),
      detach: form.detach,
      remove: form.remove,
      background: true,
    });
    go(to("sandboxes", id, "processes", String(process.pid)));
  };
  return html`<${FormDialog}
    title="Run a container"
    submit="Run"
    send=${send}
    onClose=${onClose}
    wide
  >
    <div class="fields">
      <${Field} label="Image" wide
        ><input
          name="image"
          required
          spellcheck="false"
          autocomplete="off"
          value=${form.image}
          onInput=${set("image")}
      /><//>
      <${Field} label="Shell command" wide hint="Leave blank to use the image's command.">
        <input
          class="command"
          name="command"
          spellcheck="false"
          autocomplete="off"
          value=${form.command}
          onInput=${set("command")}
        />
      <//>
      <${Field} label="Name"
        ><input spellcheck="false" value=${form.name} onInput=${set("name")}
      /><//>
      <${Field} label="Ports" hint="For example, 8080:80. Separate several with spaces."
        ><input name="ports" value=${form.ports} onInput=${set("ports")}
      /><//>
      <${Field} label="Volumes" hint="For example, /workspace:/src:ro."
        ><input spellcheck="false" value=${form.volumes} onInput=${set("volumes")}
      /><//>
      <${Field} label="Environment variables" hint="NAME=value, one per line.">
        <textarea rows="2" spellcheck="false" value=${form.env} onInput=${set("env")}></textarea>
      <//>
      <${Check}
        label="Run in the background"
        checked=${form.detach}
        onChange=${(/** @type {boolean} */ detach) => setForm({ ...form, detach })}
      />
      <${Check}
        label="Remove it when it exits"
        checked=${form.remove}
        onChange=${(/** @type {boolean} */ remove) => setForm({ ...form, remove })}
      />
    </div>
  <//>`;
}
