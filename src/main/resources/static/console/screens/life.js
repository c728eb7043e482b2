import { html, useState } from "../ui/html.js";
import { Field } from "../ui/parts.js";
import { FormDialog } from "../ui/dialog.js";
import { patch, path, remove } from "../service/api.js";
import { put } from "../service/world.js";

/** How long a sandbox lives, and that it ends. */

export const TTLS = [
  ["PT10M", "10 minutes"],
  ["PT1H", "1 hour"],
  ["PT8H", "8 hours"],
  ["P1D", "1 day"],
  ["P7D", "7 days"],
  ["", "until it is terminated"],
];

/** Whether there is nothing of it but records. */
export function isOver({ state }) {
  return state === "ENDED" || state === "FAILED";
}

/** Of a sandbox, in words. */
export function called(sandbox) {
  return sandbox.name ?? sandbox.id;
}

/** Gives it more time, or less. */
export function Extend({ sandbox }) {
  const [asked, setAsked] = useState(false);
  const [ttl, setTtl] = useState("PT1H");
  const send = async () =>
    put(await patch(path`/v1/sandboxes/${sandbox.id}`, { ttl: ttl || null }));
  return html`<button
      type="button"
      disabled=${sandbox.state === "ENDING"}
      aria-label=${`Extend ${called(sandbox)}`}
      onClick=${() => setAsked(true)}
    >
      Extend
    </button>
    ${
      asked &&
      html`<${FormDialog}
        title=${`Extend ${called(sandbox)}`}
        submit="Extend"
        send=${send}
        onClose=${() => setAsked(false)}
      >
        <${Field}
          label="From now, without activity"
          wide
          hint="Running processes and containers are activity: with them it lives on."
        >
          <select value=${ttl} onChange=${(event) => setTtl(event.target.value)}>
            ${TTLS.map(([value, text]) => html`<option value=${value}>${text}</option>`)}
          </select>
        <//>
      <//>`
    }`;
}

/** Ends it, once it is meant. */
export function Terminate({ sandbox }) {
  const [asked, setAsked] = useState(false);
  const send = async () => put(await remove(path`/v1/sandboxes/${sandbox.id}`));
  return html`<button
      type="button"
      class="danger"
      disabled=${sandbox.state === "ENDING"}
      aria-label=${`Terminate ${called(sandbox)}`}
      onClick=${() => setAsked(true)}
    >
      Terminate
    </button>
    ${
      asked &&
      html`<${FormDialog}
        title=${`Terminate ${called(sandbox)}?`}
        submit="Terminate"
        danger
        send=${send}
        onClose=${() => setAsked(false)}
      >
        <p>
          Its processes and containers end, and its files are removed. Output of processes stays
          readable for a while.
        </p>
      <//>`
    }`;
}

/** That a part is not there because of how the sandbox is; null where it is. */
export function absent(sandbox, what) {
  if (sandbox.state === "READY") {
    return null;
  }
  return html`<p class="quiet" role="status">
    ${
      sandbox.state === "STARTING"
        ? `${what} will be here when it has started.`
        : `${what} went with the sandbox.`
    }
  </p>`;
}
