import { html, useEffect, useMemo, useState } from "../ui/html.js";
import { go, to } from "../ui/route.js";
import { Check, Field, withValue } from "../ui/parts.js";
import { FormDialog } from "../ui/dialog.js";
import { get, idempotencyKey, post } from "../service/api.js";
import { BLANK, creationOf } from "../service/creation.js";
import { update } from "../service/sandboxes.js";
import { TTLS } from "./lifecycle.js";

/**
 * A form for a new sandbox, from an image or a template.
 *
 * @param {{ onClose: () => void }} props
 */
export function CreateDialog({ onClose }) {
  const [form, setForm] = useState(BLANK);
  const [templates, setTemplates] = useState(/** @type {Wire.Template[]} */ ([]));
  const [modes, setModes] = useState(/** @type {Wire.IsolationMode[]} */ ([]));
  const [kits, setKits] = useState(/** @type {Wire.DockerKit[]} */ ([]));
  // The same for each attempt, so that a broken connection does not make a second sandbox.
  const once = useMemo(idempotencyKey, [form]);
  useEffect(() => {
    get("/v1/templates").then(
      ({ templates: all }) => setTemplates(all),
      () => {},
    );
    get("/v1/host").then(
      ({ modes: all, engine }) => {
        setModes(all);
        setKits(
          engine.kit.dockerKits.filter(
            (/** @type {Wire.DockerKit} */ { version, isDefault }) => version || isDefault,
          ),
        );
      },
      () => {},
    );
  }, []);
  const set = (/** @type {keyof typeof BLANK} */ name) =>
    withValue((value) => setForm({ ...form, [name]: value }));
  const text = (/** @type {keyof typeof BLANK} */ name, more = {}) =>
    html`<input
      name=${name}
      value=${form[name]}
      onInput=${set(name)}
      spellcheck="false"
      autocomplete="off"
      ...${more}
    />`;
  const send = async () => {
    const sandbox = await post("/v1/sandboxes", creationOf(form), {
      headers: { Prefer: "respond-async", "Idempotency-Key": once },
    });
    update(sandbox);
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
        html`<${Field} label="Template" wide hint="Applies to all fields that you leave blank.">
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
      <${Field} label="Name" hint="Optional.">${text("name")}<//>
      <${Field} label="Expires after" hint="Time without activity.">
        <select name="ttl" value=${form.ttl} onChange=${set("ttl")}>
          ${TTLS.map(([value, words]) => html`<option value=${value}>${words}</option>`)}
        </select>
      <//>
      ${
        !form.template &&
        html`<div class="wide">
          <${Check}
            label="Docker daemon"
            checked=${form.docker}
            onChange=${(/** @type {boolean} */ docker) => setForm({ ...form, docker })}
          />
        </div>`
      }
      ${
        !form.template &&
        form.docker &&
        kits.length > 1 &&
        html`<${Field} label="Docker version">
          <select name="dockerVersion" value=${form.dockerVersion} onChange=${set("dockerVersion")}>
            ${kits.map(
              ({ version, isDefault }) =>
                html`<option value=${isDefault ? "" : version}>
                  ${isDefault ? `default${version ? ` (${version})` : ""}` : version}
                </option>`,
            )}
          </select>
        <//>`
      }
    </div>
    <details>
      <summary>Limits, network, isolation, labels, environment</summary>
      <div class="fields">
        <${Field} label="CPUs">${text("cpu", { inputmode: "decimal", placeholder: "1.0" })}<//>
        <${Field} label="Memory">${text("memory", { placeholder: "2Gi" })}<//>
        <${Field} label="Maximum processes"
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
            <option value="">automatic</option>
            ${modes.map(
              ({ name, available, allowed }) =>
                html`<option value=${name} disabled=${!available || !allowed}>${name}</option>`,
            )}
          </select>
        <//>
        <${Field} label="Working directory">${text("workdir", { placeholder: "/workspace" })}<//>
        <div class="field">
          <${Check}
            label="Run the image's command"
            checked=${form.start}
            onChange=${(/** @type {boolean} */ start) => setForm({ ...form, start })}
          />
        </div>
        <${Field} label="Labels" hint="name=value, one per line.">
          <textarea
            name="labels"
            rows="3"
            spellcheck="false"
            value=${form.labels}
            onInput=${set("labels")}
          ></textarea>
        <//>
        <${Field} label="Environment variables" hint="NAME=value, one per line. Not shown again.">
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
