import { html, useEffect, useState } from "../ui/html.js";
import { useStore } from "../ui/store.js";
import { to } from "../ui/route.js";
import {
  Choice,
  Countdown,
  Empty,
  State,
  Table,
  ErrorBox,
  Loading,
  Timestamp,
  withValue,
} from "../ui/parts.js";
import { words } from "../ui/format.js";
import { failure, nextCursor, pulls, readMore, sandboxes } from "../service/sandboxes.js";
import { CreateDialog } from "./create.js";
import { ExtendButton, TerminateButton, hasEnded } from "./lifecycle.js";

/** @import { ComponentChildren } from "preact" */

/** The list of sandboxes, kept up to date. */
export function Sandboxes() {
  const all = useStore(sandboxes);
  const problem = useStore(failure);
  const more = useStore(nextCursor);
  const pull = useStore(pulls);
  const [which, setWhich] = useState("live");
  const [text, setText] = useState("");
  const [creating, setCreating] = useState(false);
  useEffect(() => {
    document.title = "Sandboxes · Caisson";
  }, []);

  const shown = (all ?? []).filter(
    (sandbox) =>
      (which === "all" || (which === "live") !== hasEnded(sandbox)) &&
      matches(sandbox, text.trim()),
  );
  const create = html`<button type="button" class="primary" onClick=${() => setCreating(true)}>
    New sandbox
  </button>`;
  return html`<div class="bar">
      <h1 tabindex="-1">Sandboxes</h1>
      <div class="end">${create}</div>
    </div>
    <div class="bar tools">
      <${Choice}
        label="Show"
        value=${which}
        onChange=${setWhich}
        of=${[
          ["live", "Active"],
          ["ended", "Ended"],
          ["all", "All"],
        ]}
      />
      <input
        type="search"
        aria-label="Search by name, ID, image or label"
        placeholder="Name, ID, image, label"
        value=${text}
        onInput=${withValue(setText)}
      />
      <span class="quiet end" role="status"
        >${all && `${shown.length} of ${all.length}${more ? "+" : ""}`}</span
      >
    </div>
    <${ErrorBox} problem=${problem} />
    ${all === null && !problem && html`<${Loading} what="sandboxes" />`}
    ${
      all !== null &&
      shown.length === 0 &&
      html`<${NoSandboxes} all=${all} which=${which} text=${text.trim()} create=${create} />`
    }
    ${
      shown.length > 0 &&
      html`<${Table}
        label="Sandboxes"
        heads=${["Sandbox", "State", "Docker", "Image", "Labels", "Created", "Time left", ""]}
      >
        ${shown.map((sandbox) => row(sandbox, pull[sandbox.id]))}
      <//>`
    }
    ${more && html`<p><button type="button" onClick=${readMore}>Load more</button></p>`}
    ${creating && html`<${CreateDialog} onClose=${() => setCreating(false)} />`}`;
}

/**
 * @param {Wire.Sandbox} sandbox
 * @param {string} text
 */
function matches(sandbox, text) {
  const labels = Object.entries(sandbox.labels ?? {}).map((pair) => pair.join(":"));
  return [sandbox.id, sandbox.name, sandbox.image, ...labels].some((each) =>
    each?.toLowerCase().includes(text.toLowerCase()),
  );
}

/** @param {{ all: Wire.Sandbox[], which: string, text: string, create: ComponentChildren }} props */
function NoSandboxes({ all, which, text, create }) {
  if (all.length === 0) {
    return html`<${Empty} title="No sandboxes yet">
      <p>
        A sandbox is an isolated container from any Linux image. It keeps the output of its
        processes, and can have its own Docker daemon.
      </p>
      <p>${create}</p>
    <//>`;
  }
  if (text !== "") {
    return html`<${Empty} title="No matching sandboxes" />`;
  }
  return which === "live"
    ? html`<${Empty} title="No active sandboxes"
        ><p>Ended sandboxes are kept for a while: select Ended.</p><//
      >`
    : html`<${Empty} title="No ended sandboxes" />`;
}

/** @type {WeakMap<Wire.Sandbox, { pull: string | undefined, row: unknown }>} */
const rows = new WeakMap();

/**
 * Returns the row of a sandbox: the same as before if nothing of it has changed, which Preact then
 * passes over. Of a thousand rows an event changes one.
 *
 * @param {Wire.Sandbox} sandbox
 * @param {string | undefined} pull
 */
function row(sandbox, pull) {
  let known = rows.get(sandbox);
  if (!known || known.pull !== pull) {
    known = { pull, row: html`<${Row} key=${sandbox.id} sandbox=${sandbox} pull=${pull} />` };
    rows.set(sandbox, known);
  }
  return known.row;
}

/** @param {{ sandbox: Wire.Sandbox, pull: string | undefined }} props */
function Row({ sandbox, pull }) {
  const over = hasEnded(sandbox);
  return html`<tr class=${over ? "over" : ""}>
    <th scope="row">
      <a href=${to("sandboxes", sandbox.id)}>${sandbox.name ?? sandbox.id}</a>
      ${sandbox.name && html`<code class="quiet below">${sandbox.id}</code>`}
    </th>
    <td>
      <${State} of=${sandbox.state} title=${sandbox.detail} />
      ${sandbox.reason && html`<span class="quiet below">${words(sandbox.reason)}</span>`}
      ${pull && html`<span class="quiet below" role="status">${pull}</span>`}
    </td>
    <td>
      ${
        sandbox.docker?.state === "DISABLED" || over
          ? html`<span class="quiet">–</span>`
          : html`<${State} of=${sandbox.docker?.state} />`
      }
    </td>
    <td><span class="cut" title=${sandbox.image}>${sandbox.image}</span></td>
    <td><${Labels} of=${sandbox.labels} /></td>
    <td><${Timestamp} at=${sandbox.createdAt} /></td>
    <td>
      ${
        over
          ? html`<span class="quiet">ended <${Timestamp} at=${sandbox.endedAt} /></span>`
          : html`<${Countdown} until=${sandbox.expiresAt} />`
      }
    </td>
    <td class="acts">
      ${!over && html`<${ExtendButton} sandbox=${sandbox} /><${TerminateButton} sandbox=${sandbox} />`}
    </td>
  </tr>`;
}

/**
 * Labels, in the form in which they are searched for.
 *
 * @param {{ of: Record<string, string> }} props
 */
export function Labels({ of }) {
  return Object.entries(of ?? {}).map(
    ([name, value]) => html`<span class="label" key=${name}>${name}:${value}</span>`,
  );
}
