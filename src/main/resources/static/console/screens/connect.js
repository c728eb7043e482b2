import { html, useEffect, useState } from "../ui/html.js";
import { Dialog } from "../ui/dialog.js";
import { ErrorBox, Loading, Timestamp, withValue } from "../ui/parts.js";
import { useProblem } from "../ui/problem.js";
import { get } from "../service/api.js";

/** @import { Docker } from "../service/docker.js" */

/**
 * A button that shows how to connect a Docker client to this daemon.
 *
 * @param {{ docker: Docker }} props
 */
export function ConnectButton({ docker }) {
  const [open, setOpen] = useState(false);
  return html`<button type="button" onClick=${() => setOpen(true)}>Connect</button>
    ${open && html`<${ConnectDialog} docker=${docker} onClose=${() => setOpen(false)} />`}`;
}

/** @param {{ docker: Docker, onClose: () => void }} props */
function ConnectDialog({ docker, onClose }) {
  const [answer, setAnswer] = useState(/** @type {Wire.DockerConnect | null} */ (null));
  const [problem, setProblem] = useProblem();
  const [name, setName] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    get(`${docker.at}/connect`).then(setAnswer, setProblem);
  }, []);
  const clients = answer?.clients ?? [];
  const chosen = clients.find((client) => client.name === name) ?? clients[0];
  return html`<${Dialog} title="Connect a Docker client" wide onClose=${onClose}>
    <${ErrorBox} problem=${problem} />
    ${!answer && !problem && html`<${Loading} what="the commands" />`}
    ${
      answer &&
      chosen &&
      html`<p>
          <label class="field"
            ><span>Client</span>
            <select onChange=${withValue(setName)}>
              ${clients.map(
                (client) =>
                  html`<option key=${client.name} selected=${client === chosen}>
                    ${client.name}
                  </option>`,
              )}
            </select></label
          >
        </p>
        <pre class="snippet" tabindex="0" aria-label="Commands to copy">
${chosen.lines.join("\n")}</pre>
        <p class="quiet">
          The token gives access to this daemon only, until${" "}<${Timestamp}
            at=${answer.expiresAt}
          />.
        </p>`
    }
  <//>`;
}
