import { html, useEffect, useState } from "../ui/html.js";
import { Act, Check, Empty, State, Table, Trouble, Waiting } from "../ui/parts.js";
import { get, path, post, put } from "../service/api.js";
import { onEvent } from "../service/world.js";
import { absent } from "./life.js";

/** What listens in a sandbox, and its way out. */
export function Ports({ sandbox }) {
  const gone = absent(sandbox, "What listens");
  return gone ?? html`<${Listening} id=${sandbox.id} />`;
}

function Listening({ id }) {
  const [items, setItems] = useState(null);
  const [problem, setProblem] = useState(null);
  const at = path`/v1/sandboxes/${id}/ports`;
  const read = () =>
    get(at).then((found) => {
      setItems(found.items);
      setProblem(null);
    }, setProblem);
  useEffect(() => {
    read();
    // A socket tells nobody that it listens; what starts and ends is told.
    return onEvent((event) => (event === null || event.sandbox === id) && read());
  }, [id]);
  return html`<div class="bar tools">
      <${Act} onProblem=${setProblem} act=${read}>Look again<//>
      <span class="quiet">Read anew with each process that starts, gets ready or ends.</span>
    </div>
    <${Trouble} problem=${problem} />
    ${items === null && !problem && html`<${Waiting} what="what listens" />`}
    ${
      items?.length === 0 &&
      html`<${Empty} title="Nothing listens"
        ><p>Start a server, or a container that publishes a port.</p><//
      >`
    }
    ${
      items?.length > 0 &&
      html`<${Table}
        label="Ports"
        heads=${["Port", "Listens", "Process or container", "Addresses", "Open to everybody", ""]}
      >
        ${items.map(
          (port) =>
            html`<tr key=${`${port.port}/${port.protocol}`}>
              <th scope="row">${port.port}/${port.protocol}</th>
              <td><${State} of=${port.listening ? "READY" : "CLOSED"} /></td>
              <td>
                <code
                  >${
                    port.container
                      ? `${port.container.name}:${port.container.port}`
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
                    onChange=${(open) =>
                      put(`${at}/${port.port}`, { public: open }).then(read, setProblem)}
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

/** Opens what listens on a port by a link that is good for it alone, for an hour. */
export function OpenPort({ id, port, text, plain, button }) {
  const [problem, setProblem] = useState(null);
  if (plain) {
    return button ? null : html`<span class="label">${text}</span>`;
  }
  const open = async () => {
    const { urls } = await post(path`/v1/sandboxes/${id}/links`, { port });
    const url = urls.host ?? urls.path;
    if (!url) {
      throw new Error("This service shows no ports to browsers: caisson forward leads to it.");
    }
    window.open(url, "_blank", "noopener");
  };
  return html`<${Act} kind=${button ? "" : "link"} onProblem=${setProblem} act=${open}
      >${text}<span aria-hidden="true"> ↗</span><//
    >
    ${problem && html`<span class="state bad" role="alert">${problem.message}</span>`}`;
}
