import { html, useState } from "../ui/html.js";
import { Empty, Field, Table, ErrorBox, Loading, Timestamp, withValue } from "../ui/parts.js";
import { Dialog, FormDialog } from "../ui/dialog.js";
import { size } from "../ui/format.js";
import { useProblem } from "../ui/problem.js";
import { path } from "../service/address.js";
import { useList } from "../service/docker.js";
import { startTerminal } from "./terminals.js";
import { Terminal } from "./terminal.js";

/** @import { ComponentChildren } from "preact" */
/** @import { Docker } from "../service/docker.js" */
/** @import { Failure } from "../service/problem.js" */

/** @typedef {{ image: string, pid: string }} Pulling the process that pulls an image */

/** @param {{ id: string, docker: Docker, ready: boolean }} props */
export function Images({ id, docker, ready }) {
  const { items, problem } = useList(docker, "images", ready);
  const [failure, setFailure] = useProblem();
  const [asked, setAsked] = useState(false);
  const [pulling, setPulling] = useState(/** @type {Pulling | null} */ (null));
  return html`<div class="bar tools">
      <button type="button" class="primary" disabled=${!ready} onClick=${() => setAsked(true)}>
        Pull an image
      </button>
    </div>
    <${ErrorBox} problem=${failure ?? problem} />
    <${LoadedList}
      items=${items}
      ready=${ready}
      problem=${problem}
      what="image"
      hint="Pull an image, or run a container, which pulls the image that it needs."
    >
      <${Table} label="Images" heads=${["Image", "ID", "#Size", "Created", ""]}>
        ${(items ?? []).map(
          (image) =>
            html`<tr key=${image.id}>
              <th scope="row">
                ${
                  image.tags?.length
                    ? image.tags.map((tag) => html`<div key=${tag}>${tag}</div>`)
                    : html`<span class="quiet">untagged</span>`
                }
              </th>
              <td><code>${short(image.id)}</code></td>
              <td class="number">${size(image.sizeBytes)}</td>
              <td><${Timestamp} at=${image.createdAt} /></td>
              <td class="acts">
                <${RemoveButton}
                  name=${image.tags?.[0] ?? short(image.id)}
                  onProblem=${setFailure}
                  action=${() =>
                    docker.engine(
                      "DELETE",
                      path`/images/${image.tags?.[0] ?? image.id}`
                        .replaceAll("%2F", "/")
                        .replaceAll("%3A", ":"),
                    )}
                />
              </td>
            </tr>`,
        )}
      <//>
    <//>
    ${asked && html`<${PullDialog} id=${id} onClose=${() => setAsked(false)} onPulling=${setPulling} />`}
    ${
      pulling &&
      html`<${Dialog} title=${`Pull ${pulling.image}`} wide onClose=${() => setPulling(null)}>
        <${Terminal} id=${id} pid=${pulling.pid} watched />
      <//>`
    }`;
}

/**
 * A form that pulls an image, with a terminal, in which Docker shows the progress of each layer.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {() => void} props.onClose
 * @param {(pulling: Pulling) => void} props.onPulling called when the pull has begun
 */
function PullDialog({ id, onClose, onPulling }) {
  const [image, setImage] = useState("");
  const send = async () => {
    const pid = await startTerminal(id, {
      command: ["docker", "pull", image.trim()],
      tty: { rows: 24, cols: 96 },
    });
    onPulling({ image: image.trim(), pid });
  };
  return html`<${FormDialog} title="Pull an image" submit="Pull" send=${send} onClose=${onClose}>
    <${Field}
      label="Image"
      wide
      hint="Uses the service's credentials for the registry, if it has any."
    >
      <input
        name="image"
        required
        spellcheck="false"
        autocomplete="off"
        placeholder="nginx:latest"
        value=${image}
        onInput=${withValue(setImage)}
      />
    <//>
  <//>`;
}

/** @param {{ docker: Docker, ready: boolean }} props */
export function Volumes({ docker, ready }) {
  const { items, problem } = useList(docker, "volumes", ready);
  const [failure, setFailure] = useProblem();
  return html`<${ErrorBox} problem=${failure ?? problem} />
    <${LoadedList}
      items=${items}
      ready=${ready}
      problem=${problem}
      what="volume"
      hint="Volumes are created by the containers that use them."
    >
      <${Table} label="Volumes" heads=${["Name", "Driver", "Created", ""]}>
        ${(items ?? []).map(
          (volume) =>
            html`<tr key=${volume.name}>
              <th scope="row"><span class="cut" title=${volume.name}>${volume.name}</span></th>
              <td>${volume.driver}</td>
              <td><${Timestamp} at=${volume.createdAt} /></td>
              <td class="acts">
                <${RemoveButton}
                  name=${volume.name}
                  onProblem=${setFailure}
                  action=${() => docker.engine("DELETE", path`/volumes/${volume.name}`)}
                />
              </td>
            </tr>`,
        )}
      <//>
    <//>`;
}

/** @param {{ docker: Docker, ready: boolean }} props */
export function Networks({ docker, ready }) {
  const { items, problem } = useList(docker, "networks", ready);
  return html`<${ErrorBox} problem=${problem} />
    <${LoadedList} items=${items} ready=${ready} problem=${problem} what="network" hint="">
      <${Table} label="Networks" heads=${["Name", "Driver", "Subnets", "ID"]}>
        ${(items ?? []).map(
          (network) =>
            html`<tr key=${network.id}>
              <th scope="row">${network.name}</th>
              <td>${network.driver}</td>
              <td><code>${(network.subnets ?? []).join(" ")}</code></td>
              <td><code>${short(network.id)}</code></td>
            </tr>`,
        )}
      <//>
    <//>`;
}

/**
 * A list, or a placeholder while it is loaded or if it is empty.
 *
 * @param {object} props
 * @param {unknown[] | null} props.items
 * @param {boolean} props.ready
 * @param {Failure | null} props.problem
 * @param {string} props.what what each of the items is
 * @param {string} props.hint what is said if there are none
 * @param {ComponentChildren} props.children
 */
function LoadedList({ items, ready, problem, what, hint, children }) {
  if (items === null) {
    return ready && !problem ? html`<${Loading} what=${`${what}s`} />` : null;
  }
  return items.length === 0
    ? html`<${Empty} title=${`No ${what}s yet`}><p>${hint}</p><//>`
    : children;
}

/**
 * A button that removes something, after a confirmation.
 *
 * @param {object} props
 * @param {string} props.name
 * @param {() => Promise<unknown>} props.action
 * @param {(problem: unknown) => void} props.onProblem
 */
function RemoveButton({ name, action, onProblem }) {
  const [asked, setAsked] = useState(false);
  const send = async () => {
    onProblem(null);
    await action().catch(onProblem);
  };
  return html`<button
      type="button"
      class="danger"
      aria-label=${`Remove ${name}`}
      onClick=${() => setAsked(true)}
    >
      Remove
    </button>
    ${
      asked &&
      html`<${FormDialog}
        title=${`Remove ${name}?`}
        submit="Remove"
        danger
        send=${send}
        onClose=${() => setAsked(false)}
      >
        <p>This cannot be undone.</p>
      <//>`
    }`;
}

/** @param {string} id */
function short(id) {
  return id.replace(/^sha256:/, "").slice(0, 12);
}
