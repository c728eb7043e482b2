import { html, useEffect, useState } from "../ui/html.js";
import { Dialog } from "../ui/dialog.js";
import { Trouble, Waiting, When } from "../ui/parts.js";
import { get } from "../service/api.js";

/** How a Docker client on one's own machine reaches this daemon. */
export function Connect({ docker }) {
  const [open, setOpen] = useState(false);
  return html`<button type="button" onClick=${() => setOpen(true)}>Connect</button>
    ${open && html`<${Lines} docker=${docker} onClose=${() => setOpen(false)} />`}`;
}

function Lines({ docker, onClose }) {
  const [answer, setAnswer] = useState(null);
  const [problem, setProblem] = useState(null);
  const [name, setName] = useState(null);
  useEffect(() => {
    get(`${docker.at}/connect`).then(setAnswer, setProblem);
  }, []);
  const clients = answer?.clients ?? [];
  const chosen = clients.find((client) => client.name === name) ?? clients[0];
  return html`<${Dialog} title="Connect a Docker client" wide onClose=${onClose}>
    <${Trouble} problem=${problem} />
    ${!answer && !problem && html`<${Waiting} what="the lines to paste" />`}
    ${
      chosen &&
      html`<p>
          <label class="field"
            ><span>Client</span>
            <select onChange=${(event) => setName(event.target.value)}>
              ${clients.map(
                (client) =>
                  html`<option key=${client.name} selected=${client === chosen}>
                    ${client.name}
                  </option>`,
              )}
            </select></label
          >
        </p>
        <pre class="snippet" tabindex="0" aria-label="Lines to paste">
${chosen.lines.join("\n")}</pre>
        <p class="quiet">
          The token in it opens this daemon and nothing else, until${" "}<${When}
            at=${answer.expiresAt}
          />.
        </p>`
    }
  <//>`;
}
