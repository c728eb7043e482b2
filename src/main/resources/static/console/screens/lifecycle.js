import { html, useState } from "../ui/html.js";
import { Field, withValue } from "../ui/parts.js";
import { FormDialog } from "../ui/dialog.js";
import { path } from "../service/address.js";
import { patch, remove } from "../service/api.js";
import { update } from "../service/sandboxes.js";

/** How long a sandbox may live without activity, each as the service and as a user writes it. */
export const TTLS = [
  ["PT10M", "10 minutes"],
  ["PT1H", "1 hour"],
  ["PT8H", "8 hours"],
  ["P1D", "1 day"],
  ["P7D", "7 days"],
  ["", "no limit"],
];

/**
 * Tells whether only the records of a sandbox are left.
 *
 * @param {Pick<Wire.Sandbox, "state">} sandbox
 */
export function hasEnded({ state }) {
  return state === "ENDED" || state === "FAILED";
}

/**
 * Returns the name of a sandbox, or its ID if it has none.
 *
 * @param {Wire.Sandbox} sandbox
 */
export function displayName(sandbox) {
  return sandbox.name ?? sandbox.id;
}

/**
 * A button that gives a sandbox more time, or less.
 *
 * @param {{ sandbox: Wire.Sandbox }} props
 */
export function ExtendButton({ sandbox }) {
  const [asked, setAsked] = useState(false);
  const [ttl, setTtl] = useState("PT1H");
  const send = async () =>
    update(await patch(path`/v1/sandboxes/${sandbox.id}`, { ttl: ttl || null }));
  return html`<button
      type="button"
      disabled=${sandbox.state === "ENDING"}
      aria-label=${`Extend ${displayName(sandbox)}`}
      onClick=${() => setAsked(true)}
    >
      Extend
    </button>
    ${
      asked &&
      html`<${FormDialog}
        title=${`Extend ${displayName(sandbox)}`}
        submit="Extend"
        send=${send}
        onClose=${() => setAsked(false)}
      >
        <${Field}
          label="Expires after"
          wide
          hint="Time without activity, from now. Running processes and containers count as activity."
        >
          <select value=${ttl} onChange=${withValue(setTtl)}>
            ${TTLS.map(([value, text]) => html`<option value=${value}>${text}</option>`)}
          </select>
        <//>
      <//>`
    }`;
}

/**
 * A button that ends a sandbox, after a confirmation.
 *
 * @param {{ sandbox: Wire.Sandbox }} props
 */
export function TerminateButton({ sandbox }) {
  const [asked, setAsked] = useState(false);
  const send = async () => update(await remove(path`/v1/sandboxes/${sandbox.id}`));
  return html`<button
      type="button"
      class="danger"
      disabled=${sandbox.state === "ENDING"}
      aria-label=${`Terminate ${displayName(sandbox)}`}
      onClick=${() => setAsked(true)}
    >
      Terminate
    </button>
    ${
      asked &&
      html`<${FormDialog}
        title=${`Terminate ${displayName(sandbox)}?`}
        submit="Terminate"
        danger
        send=${send}
        onClose=${() => setAsked(false)}
      >
        <p>
          This ends its processes and containers and deletes its files. The output of its processes
          remains available for a while.
        </p>
      <//>`
    }`;
}

/**
 * Says why a part of a sandbox cannot be used; null if it can.
 *
 * @param {Wire.Sandbox} sandbox
 */
export function unavailable(sandbox) {
  if (sandbox.state === "READY") {
    return null;
  }
  return html`<p class="quiet" role="status">
    ${
      sandbox.state === "STARTING"
        ? "Available once the sandbox has started."
        : "No longer available: the sandbox has ended."
    }
  </p>`;
}
