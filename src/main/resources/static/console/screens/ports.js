import { html } from "../ui/html.js";
import { ActionButton, Check, Empty, State, Table, ErrorBox, Loading } from "../ui/parts.js";
import { useProblem } from "../ui/problem.js";
import { path } from "../service/address.js";
import { get, post, put } from "../service/api.js";
import { useReading } from "../service/reading.js";
import { onEvent } from "../service/sandboxes.js";
import { unavailable } from "./lifecycle.js";

/**
 * The ports that programs in a sandbox listen on.
 *
 * @param {{ sandbox: Wire.Sandbox }} props
 */
export function Ports({ sandbox }) {
  const gone = unavailable(sandbox);
  return gone ?? html`<${PortTable} id=${sandbox.id} />`;
}

/** @param {{ id: string }} props */
function PortTable({ id }) {
  const [problem, setProblem] = useProblem();
  const at = path`/v1/sandboxes/${id}/ports`;
  const {
    value: items,
    problem: unread,
    refresh,
  } = useReading(
    /** @returns {Promise<Wire.Port[]>} */
    async () => (await get(at)).items,
    // There is no event for a socket that listens, but there are events for what opens and closes it.
    (again) => onEvent((event) => (event === null || event.sandbox === id) && again()),
    [id],
  );
  return html`<div class="bar tools">
      <${ActionButton} onProblem=${setProblem} action=${refresh}>Refresh<//>
      <span class="quiet">Updated whenever a process starts, becomes ready or ends.</span>
    </div>
    <${ErrorBox} problem=${problem ?? unread} />
    ${items === null && !unread && html`<${Loading} what="ports" />`}
    ${
      items?.length === 0 &&
      html`<${Empty} title="No open ports"
        ><p>Start a server, or a container that publishes a port.</p><//
      >`
    }
    ${
      items &&
      items.length > 0 &&
      html`<${Table}
        label="Ports"
        heads=${["Port", "State", "Process or container", "Addresses", "Public", ""]}
      >
        ${items.map(
          (port) =>
            html`<tr key=${`${port.port}/${port.protocol}`}>
              <th scope="row">${port.port}/${port.protocol}</th>
              <td><${State} of=${port.listening ? "LISTENING" : "CLOSED"} /></td>
              <td>
                <code
                  >${
                    port.container
                      ? `${port.container.name ?? port.container.id.slice(0, 12)}:${port.container.port}`
                      : (port.process?.command ?? "")
                  }</code
                >
              </td>
              <td><code>${(port.addresses ?? []).join(" ")}</code></td>
              <td>
                ${
                  port.protocol === "tcp" &&
                  html`<${Check}
                    label=${html`<span class="offscreen">Port ${port.port} is </span>public`}
                    checked=${port.public}
                    onChange=${(/** @type {boolean} */ open) =>
                      put(`${at}/${port.port}`, { public: open }).then(refresh, setProblem)}
                  />`
                }
              </td>
              <td class="acts">
                <${OpenPort}
                  id=${id}
                  port=${port.port}
                  text=${`Open ${port.port}`}
                  plain=${port.protocol !== "tcp"}
                  button
                />
              </td>
            </tr>`,
        )}
      <//>`
    }`;
}

/**
 * A button that opens a port in a new tab, by a link that is valid for an hour.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {number} props.port
 * @param {string} props.text
 * @param {boolean} [props.plain] whether a browser cannot open it
 * @param {boolean} [props.button] whether it looks like a button
 */
export function OpenPort({ id, port, text, plain, button }) {
  const [problem, setProblem] = useProblem();
  if (plain) {
    return button ? null : html`<span class="label">${text}</span>`;
  }
  const open = async () => {
    const { urls } = await post(path`/v1/sandboxes/${id}/links`, { port });
    const url = urls.host ?? urls.path;
    if (!url) {
      throw new Error(
        "This service does not make ports available to browsers. Use “caisson forward” instead.",
      );
    }
    window.open(url, "_blank", "noopener");
  };
  return html`<${ActionButton} kind=${button ? "" : "link"} onProblem=${setProblem} action=${open}
      >${text}<span aria-hidden="true"> ↗</span><//
    >
    ${problem && html`<span class="state bad" role="alert">${problem.message}</span>`}`;
}
