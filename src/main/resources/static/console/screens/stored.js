import { html, useState } from "../ui/html.js";
import { Act, Empty, Field, Table, Trouble, Waiting, When } from "../ui/parts.js";
import { Dialog, FormDialog } from "../ui/dialog.js";
import { size } from "../ui/format.js";
import { path } from "../service/api.js";
import { useList } from "../service/docker.js";
import { startTerminal } from "./terminals.js";
import { Terminal } from "./terminal.js";

/** What a daemon has stored: images, volumes and networks. */

export function Images({ id, docker, ready }) {
  const { items, problem } = useList(docker, "images", ready);
  const [failure, setFailure] = useState(null);
  const [asked, setAsked] = useState(false);
  const [pulling, setPulling] = useState(null);
  return html`<div class="bar tools">
      <button type="button" class="primary" disabled=${!ready} onClick=${() => setAsked(true)}>
        Pull an image
      </button>
    </div>
    <${Trouble} problem=${failure ?? problem} />
    <${Listed}
      items=${items}
      ready=${ready}
      problem=${problem}
      what="image"
      hint="Pull one, or run a container: what it needs is pulled then."
    >
      <${Table} label="Images" heads=${["Image", "Id", "#Size", "Created", ""]}>
        ${(items ?? []).map(
          (image) =>
            html`<tr key=${image.id}>
              <th scope="row">
                ${
                  image.tags?.length
                    ? image.tags.map((tag) => html`<div key=${tag}>${tag}</div>`)
                    : html`<span class="quiet">without a name</span>`
                }
              </th>
              <td><code>${short(image.id)}</code></td>
              <td class="number">${size(image.sizeBytes)}</td>
              <td><${When} at=${image.createdAt} /></td>
              <td class="acts">
                <${Remove}
                  name=${image.tags?.[0] ?? short(image.id)}
                  onProblem=${setFailure}
                  act=${() =>
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
    ${asked && html`<${Pull} id=${id} onClose=${() => setAsked(false)} onPulling=${setPulling} />`}
    ${
      pulling &&
      html`<${Dialog} title=${`Pull ${pulling.image}`} wide onClose=${() => setPulling(null)}>
        <${Terminal} id=${id} pid=${pulling.pid} watched />
      <//>`
    }`;
}

/** Pulls on a terminal, where docker shows how far each layer is; it goes on when nobody looks. */
function Pull({ id, onClose, onPulling }) {
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
      hint="With credentials of this service, where it has some for its registry."
    >
      <input
        name="image"
        required
        spellcheck="false"
        autocomplete="off"
        placeholder="nginx:latest"
        value=${image}
        onInput=${(event) => setImage(event.target.value)}
      />
    <//>
  <//>`;
}

export function Volumes({ docker, ready }) {
  const { items, problem } = useList(docker, "volumes", ready);
  const [failure, setFailure] = useState(null);
  return html`<${Trouble} problem=${failure ?? problem} />
    <${Listed}
      items=${items}
      ready=${ready}
      problem=${problem}
      what="volume"
      hint="Containers that want one make it."
    >
      <${Table} label="Volumes" heads=${["Name", "Driver", "Created", ""]}>
        ${(items ?? []).map(
          (volume) =>
            html`<tr key=${volume.name}>
              <th scope="row"><span class="cut" title=${volume.name}>${volume.name}</span></th>
              <td>${volume.driver}</td>
              <td><${When} at=${volume.createdAt} /></td>
              <td class="acts">
                <${Remove}
                  name=${volume.name}
                  onProblem=${setFailure}
                  act=${() => docker.engine("DELETE", path`/volumes/${volume.name}`)}
                />
              </td>
            </tr>`,
        )}
      <//>
    <//>`;
}

export function Networks({ docker, ready }) {
  const { items, problem } = useList(docker, "networks", ready);
  return html`<${Trouble} problem=${problem} />
    <${Listed} items=${items} ready=${ready} problem=${problem} what="network" hint="">
      <${Table} label="Networks" heads=${["Name", "Driver", "Subnets", "Id"]}>
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

/** A list that is there, is empty, or is not read yet. */
function Listed({ items, ready, problem, what, hint, children }) {
  if (items === null) {
    return ready && !problem ? html`<${Waiting} what=${`the ${what}s`} />` : null;
  }
  return items.length === 0
    ? html`<${Empty} title=${`No ${what} yet`}><p>${hint}</p><//>`
    : children;
}

/** Asks once before it is gone. */
function Remove({ name, act, onProblem }) {
  const [asked, setAsked] = useState(false);
  const send = async () => {
    onProblem(null);
    try {
      await act();
    } catch (problem) {
      // The daemon's own words.
      onProblem(Object.assign(problem, { message: problem.body?.message ?? problem.message }));
    }
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
        <p>There is no way back.</p>
      <//>`
    }`;
}

function short(id) {
  return id.replace(/^sha256:/, "").slice(0, 12);
}
