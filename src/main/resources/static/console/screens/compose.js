import { html, useEffect, useState } from "../ui/html.js";
import { go, to } from "../ui/route.js";
import {
  ActionButton,
  Empty,
  Field,
  State,
  Table,
  ErrorBox,
  Loading,
  withValue,
} from "../ui/parts.js";
import { FormDialog } from "../ui/dialog.js";
import { useProblem } from "../ui/problem.js";
import { path } from "../service/address.js";
import { get, post } from "../service/api.js";
import { useList } from "../service/docker.js";

/** @import { Docker } from "../service/docker.js" */

const SAMPLE = 'services:\n  web:\n    image: nginx:latest\n    ports: ["8080:80"]\n';

/**
 * Compose projects in a sandbox, and their services.
 *
 * @param {{ id: string, docker: Docker, ready: boolean }} props
 */
export function Compose({ id, docker, ready }) {
  const { items, problem } = useList(docker, "compose", ready);
  const [asked, setAsked] = useState(false);
  return html`<div class="bar tools">
      <button type="button" class="primary" disabled=${!ready} onClick=${() => setAsked(true)}>
        Start a project
      </button>
    </div>
    <${ErrorBox} problem=${problem} />
    ${items === null && ready && !problem && html`<${Loading} what="projects" />`}
    ${
      items?.length === 0 &&
      html`<${Empty} title="No projects yet"
        ><p>Start one from a Compose file in the sandbox, or from text that you paste.</p><//
      >`
    }
    ${(items ?? []).map(
      (project) =>
        html`<${Project} key=${project.name} id=${id} docker=${docker} project=${project} />`,
    )}
    ${asked && html`<${UpDialog} id=${id} docker=${docker} onClose=${() => setAsked(false)} />`}`;
}

/** @param {{ id: string, docker: Docker, project: Wire.ComposeProjectSummary }} props */
function Project({ id, docker, project }) {
  const [detail, setDetail] = useState(/** @type {Wire.ComposeProject | null} */ (null));
  const [problem, setProblem] = useProblem();
  const at = docker.at + path`/compose/${project.name}`;
  const now = JSON.stringify(project);
  useEffect(() => {
    get(at).then(setDetail, setProblem);
  }, [at, now]);
  const start = (/** @type {string} */ verb, /** @type {object} */ wanted) => async () => {
    const process = await post(`${at}/${verb}`, { background: true, ...wanted });
    go(to("sandboxes", id, "processes", String(process.pid)));
  };
  return html`<section aria-label=${project.name}>
    <div class="bar">
      <h2>${project.name}</h2>
      <${State} of=${project.running === project.containers ? "RUNNING" : "EXITED"} />
      <span class="quiet"
        >${project.running} of ${project.containers} containers
        running${project.path ? ` · ${project.path}` : ""}</span
      >
      <div class="end">
        <${ActionButton} onProblem=${setProblem} action=${start("logs", { follow: true })}>Logs<//>
        <${ActionButton} kind="danger" onProblem=${setProblem} action=${start("down", {})}>Down<//>
      </div>
    </div>
    <${ErrorBox} problem=${problem} />
    ${
      detail &&
      html`<${Table}
        label=${`Services of ${project.name}`}
        heads=${["Service", "Running", "Containers"]}
      >
        ${detail.services.map(
          (service) =>
            html`<tr key=${service.name}>
              <th scope="row">${service.name}</th>
              <td>${service.running} of ${service.containers.length}</td>
              <td class="wrap">
                ${service.containers.map(
                  (each) =>
                    html`<span class="pair" key=${each.id}
                      ><a
                        class="inline"
                        href=${to("sandboxes", id, "docker", "containers", each.name)}
                        >${each.name}</a
                      >${" "}<${State} of=${each.state}
                    /></span> `,
                )}
              </td>
            </tr>`,
        )}
      <//>`
    }
  </section>`;
}

/**
 * A form for docker compose up, which runs as a process.
 *
 * @param {{ id: string, docker: Docker, onClose: () => void }} props
 */
function UpDialog({ id, docker, onClose }) {
  const [name, setName] = useState("");
  const [place, setPlace] = useState("");
  const [content, setContent] = useState(SAMPLE);
  const send = async () => {
    const process = await post(docker.at + path`/compose/${name.trim()}/up`, {
      source: place.trim() ? { path: place.trim() } : { content },
      detach: true,
      background: true,
    });
    go(to("sandboxes", id, "processes", String(process.pid)));
  };
  return html`<${FormDialog}
    title="Start a project"
    submit="Start"
    send=${send}
    onClose=${onClose}
    wide
  >
    <div class="fields">
      <${Field} label="Project name"
        ><input
          name="project"
          required
          spellcheck="false"
          autocomplete="off"
          value=${name}
          onInput=${withValue(setName)}
      /><//>
      <${Field}
        label="Directory in the sandbox"
        hint="The directory with the Compose file. Leave blank to use the text below."
      >
        <input
          name="path"
          spellcheck="false"
          placeholder="/workspace/shop"
          value=${place}
          onInput=${withValue(setPlace)}
        />
      <//>
      ${
        !place.trim() &&
        html`<${Field} label="Compose file" wide>
          <textarea
            name="content"
            rows="10"
            spellcheck="false"
            value=${content}
            onInput=${withValue(setContent)}
          ></textarea>
        <//>`
      }
    </div>
  <//>`;
}
