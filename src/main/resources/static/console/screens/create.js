import { html, useEffect, useMemo, useState } from "../ui/html.js";
import { go, to } from "../ui/route.js";
import { Check, Field } from "../ui/parts.js";
import { FormDialog } from "../ui/dialog.js";
import { get, idempotencyKey, post, Problem } from "../service/api.js";
import { put } from "../service/world.js";
import { TTLS } from "./life.js";

const BLANK = {
  template: "",
  image: "debian:trixie-slim",
  name: "",
  docker: true,
  dockerVersion: "",
  ttl: "PT1H",
  cpu: "",
  memory: "",
  pids: "",
  disk: "",
  network: "open",
  isolation: "",
  workdir: "",
  start: false,
  labels: "",
  env: "",
};

/** Makes a sandbox: of an image, or of a template that says most of it. */
export function Create({ onClose }) {
  const [form, setForm] = useState(BLANK);
  const [templates, setTemplates] = useState([]);
  const [modes, setModes] = useState([]);
  const [kits, setKits] = useState([]);
  // The same however often it is sent: a broken connection makes no second sandbox.
  const once = useMemo(idempotencyKey, [form]);
  useEffect(() => {
    get("/v1/templates").then(
      ({ templates: all }) => setTemplates(all),
      () => {},
    );
    get("/v1/host").then(
      ({ modes: all, engine }) => {
        setModes(all);
        setKits(engine.kit.dockerKits.filter(({ version, isDefault }) => version || isDefault));
      },
      () => {},
    );
  }, []);
  const set = (name) => (event) => setForm({ ...form, [name]: event.target.value });
  const text = (name, more = {}) =>
    html`<input
      name=${name}
      value=${form[name]}
      onInput=${set(name)}
      spellcheck="false"
      autocomplete="off"
      ...${more}
    />`;
  const send = async () => {
    const sandbox = await post("/v1/sandboxes", request(form), {
      headers: { Prefer: "respond-async", "Idempotency-Key": once },
    });
    put(sandbox);
    go(to("sandboxes", sandbox.id));
  };
  return html`<${FormDialog}
    title="New sandbox"
    submit="Create"
    send=${send}
    onClose=${onClose}
    wide
  >
    <div class="fields">
      ${
        templates.length > 0 &&
        html`<${Field}
          label="Template"
          wide
          hint="What it says holds, where nothing else is said here."
        >
          <select name="template" value=${form.template} onChange=${set("template")}>
            <option value="">none</option>
            ${templates.map(
              ({ name, state }) =>
                html`<option value=${name} disabled=${state === "FAILED"}>
                  ${name}${state === "READY" ? "" : ` (${state.toLowerCase()})`}
                </option>`,
            )}
          </select>
        <//>`
      }
      ${
        !form.template &&
        html`<${Field} label="Image" wide hint="Any Linux image."
          >${text("image", { required: true })}<//
        >`
      }
      <${Field} label="Name" hint="Optional; for people.">${text("name")}<//>
      <${Field} label="Lives without activity for">
        <select name="ttl" value=${form.ttl} onChange=${set("ttl")}>
          ${TTLS.map(([value, words]) => html`<option value=${value}>${words}</option>`)}
        </select>
      <//>
      ${
        !form.template &&
        html`<div class="wide">
          <${Check}
            label="A Docker daemon of its own"
            checked=${form.docker}
            onChange=${(docker) => setForm({ ...form, docker })}
          />
        </div>`
      }
      ${
        !form.template &&
        form.docker &&
        kits.length > 1 &&
        html`<${Field} label="Version of Docker">
          <select name="dockerVersion" value=${form.dockerVersion} onChange=${set("dockerVersion")}>
            ${kits.map(
              ({ version, isDefault }) =>
                html`<option value=${isDefault ? "" : version}>
                  ${isDefault ? `the default${version ? `, ${version}` : ""}` : version}
                </option>`,
            )}
          </select>
        <//>`
      }
    </div>
    <details>
      <summary>Limits, network, isolation, labels, environment</summary>
      <div class="fields">
        <${Field} label="Processors"
          >${text("cpu", { inputmode: "decimal", placeholder: "1.0" })}<//
        >
        <${Field} label="Memory">${text("memory", { placeholder: "2Gi" })}<//>
        <${Field} label="Processes, at most"
          >${text("pids", { inputmode: "numeric", placeholder: "2048" })}<//
        >
        <${Field} label="Disk">${text("disk", { placeholder: "10Gi" })}<//>
        <${Field} label="Network">
          <select name="network" value=${form.network} onChange=${set("network")}>
            <option value="open">open</option>
            <option value="none">none</option>
          </select>
        <//>
        <${Field} label="Isolation">
          <select name="isolation" value=${form.isolation} onChange=${set("isolation")}>
            <option value="">the best there is</option>
            ${modes.map(
              ({ name, available, allowed }) =>
                html`<option value=${name} disabled=${!available || !allowed}>${name}</option>`,
            )}
          </select>
        <//>
        <${Field} label="Working directory">${text("workdir", { placeholder: "/workspace" })}<//>
        <div class="field">
          <${Check}
            label="Run the image's own command"
            checked=${form.start}
            onChange=${(start) => setForm({ ...form, start })}
          />
        </div>
        <${Field} label="Labels" hint="name=value, a line each">
          <textarea
            name="labels"
            rows="3"
            spellcheck="false"
            value=${form.labels}
            onInput=${set("labels")}
          ></textarea>
        <//>
        <${Field} label="Environment" hint="NAME=value, a line each; never shown again">
          <textarea
            name="env"
            rows="3"
            spellcheck="false"
            value=${form.env}
            onInput=${set("env")}
          ></textarea>
        <//>
      </div>
    </details>
  <//>`;
}

/** What is sent: only what was said, so that a template or the service decides the rest. */
function request(form) {
  const said = (value) => (value === "" ? undefined : value);
  const resources = {
    cpu: said(form.cpu) && Number(form.cpu.replace(",", ".")),
    memory: said(form.memory),
    pids: said(form.pids) && Number(form.pids),
    disk: said(form.disk),
  };
  return {
    template: said(form.template),
    image: form.template ? undefined : form.image.trim(),
    name: said(form.name.trim()),
    docker: form.template
      ? undefined
      : { enabled: form.docker, version: form.docker ? said(form.dockerVersion) : undefined },
    ttl: form.ttl || null,
    resources: Object.values(resources).some((value) => value !== undefined)
      ? resources
      : undefined,
    network: form.network === "open" ? undefined : { mode: form.network },
    isolation: said(form.isolation),
    workdir: said(form.workdir),
    start: form.start ? "image" : undefined,
    labels: pairs(form.labels, "Labels"),
    env: pairs(form.env, "Environment"),
  };
}

/** name=value, a line each. */
export function pairs(text, what) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) {
    return undefined;
  }
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf("=");
      if (at < 1) {
        throw new Problem(0, { detail: `${what}: “${line}” is no name=value.` });
      }
      return [line.slice(0, at).trim(), line.slice(at + 1)];
    }),
  );
}
