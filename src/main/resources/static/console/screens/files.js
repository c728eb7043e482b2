import { html, useEffect, useMemo, useRef, useState } from "../ui/html.js";
import { useStore } from "../ui/store.js";
import { go, route, to } from "../ui/route.js";
import { Act, Empty, Field, Table, Trouble, Waiting, When } from "../ui/parts.js";
import { FormDialog } from "../ui/dialog.js";
import { count, size } from "../ui/format.js";
import { download } from "../ui/download.js";
import { dropped, Files as Service, nameOf, within } from "../service/files.js";
import { follow } from "../service/events.js";
import { absent } from "./life.js";
import { Editor } from "./editor.js";

/** The files of a sandbox: a directory as it is now, or one file to be read and changed. */
export function Files({ sandbox }) {
  const gone = absent(sandbox, "Its files");
  return gone ?? html`<${Place} id=${sandbox.id} />`;
}

function Place({ id }) {
  const [, , , ...parts] = useStore(route);
  const place = `/${parts.filter(Boolean).join("/")}`;
  const files = useMemo(() => new Service(id), [id]);
  const [what, setWhat] = useState(null);
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    setWhat(null);
    setProblem(null);
    let over = false;
    find(files, place).then(
      (found) => over || setWhat({ ...found, place }),
      (no) => over || setProblem(no),
    );
    return () => (over = true);
  }, [files, place]);
  return html`<${Path} id=${id} place=${place} />
    ${problem && html`<${Trouble} problem=${problem} />`}
    ${!problem && what?.place !== place && html`<${Waiting} what=${place} />`}
    ${
      !problem &&
      what?.place === place &&
      (what.type === "DIRECTORY"
        ? html`<${Directory} id=${id} files=${files} place=${place} key=${place} />`
        : html`<${Editor} id=${id} files=${files} file=${what} key=${place} />`)
    }`;
}

/** What is there; of a link, what it leads to. */
async function find(files, place) {
  const found = await files.stat(place);
  if (found.type !== "LINK") {
    return found;
  }
  return files.list(place).then(
    () => ({ ...found, type: "DIRECTORY" }),
    () => ({ ...found, type: "FILE" }),
  );
}

/** The address of a path's screen. */
export function screenOf(id, place) {
  return to("sandboxes", id, "files", ...place.split("/").filter(Boolean));
}

function Path({ id, place }) {
  const parts = place.split("/").filter(Boolean);
  return html`<nav class="bar path" aria-label="Path">
    <a href=${screenOf(id, "/")} aria-current=${parts.length === 0 ? "page" : undefined}>/</a>
    ${parts.map(
      (part, i) =>
        html`<a
            key=${i}
            href=${screenOf(id, parts.slice(0, i + 1).join("/"))}
            aria-current=${i === parts.length - 1 ? "page" : undefined}
            >${part}</a
          >${i < parts.length - 1 ? "/" : ""}`,
    )}
  </nav>`;
}

function Directory({ id, files, place }) {
  const [state, setState] = useState(null);
  const [problem, setProblem] = useState(null);
  const [uploads, setUploads] = useState([]);
  const [over, setOver] = useState(false);
  const [asked, setAsked] = useState(null);
  const chooser = useRef();
  useEffect(() => {
    let ended = false;
    let reading = false;
    let again = false;
    // However much changes, one list is on its way and one waits.
    const read = async () => {
      if (reading) {
        again = true;
        return;
      }
      reading = true;
      do {
        again = false;
        try {
          const found = await files.list(place);
          ended || setState(found);
        } catch (no) {
          ended || setProblem(no);
        }
      } while (again && !ended);
      reading = false;
    };
    read();
    const end = follow(files.watch(place), { event: read, refused: () => {} }, ["end"]);
    return () => {
      ended = true;
      end();
    };
  }, [files, place]);

  const upload = async (all) => {
    setProblem(null);
    for (const { file, name } of all) {
      const show = (share) =>
        setUploads((now) => [...now.filter((each) => each.name !== name), { name, share }]);
      show(0);
      try {
        await files.write(within(place, name), file, { progress: show });
      } catch (no) {
        setProblem(no);
      } finally {
        setUploads((now) => now.filter((each) => each.name !== name));
      }
    }
  };
  const drop = async (event) => {
    event.preventDefault();
    setOver(false);
    upload(await dropped(event.dataTransfer));
  };
  const entries = state?.entries ?? [];
  return html`<div
    class=${over ? "files drop" : "files"}
    onDrop=${drop}
    onDragOver=${(event) => {
      event.preventDefault();
      setOver(true);
    }}
    onDragLeave=${() => setOver(false)}
  >
    <div class="bar tools">
      <button type="button" class="primary" onClick=${() => chooser.current.click()}>Upload</button>
      <input
        ref=${chooser}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        name="upload"
        onChange=${(event) =>
          upload([...event.target.files].map((file) => ({ file, name: file.name })))}
      />
      <button type="button" onClick=${() => setAsked({ kind: "file" })}>New file</button>
      <button type="button" onClick=${() => setAsked({ kind: "directory" })}>New directory</button>
      <${Act}
        onProblem=${setProblem}
        act=${() => download(files.archive(place), `${nameOf(place) || id}.tar`)}
        >Download as tar<//
      >
      <span class="quiet end" role="status">
        ${
          uploads.length > 0
            ? uploads.map(
                ({ name, share }) =>
                  html`<label class="pair" key=${name}
                    >${name} <progress value=${share} max="1"></progress
                  ></label>`,
              )
            : state &&
              `${count(entries.length, "entry").replace(
                "entrys",
                "entries",
              )} · drop files here to upload`
        }
      </span>
    </div>
    <${Trouble} problem=${problem} />
    ${!state && !problem && html`<${Waiting} what="the directory" />`}
    ${
      state &&
      entries.length === 0 &&
      html`<${Empty} title="Nothing is in here"><p>Drop files here, or upload some.</p><//>`
    }
    ${
      entries.length > 0 &&
      html`<${Table}
        label=${`Files in ${place}`}
        heads=${["Name", "#Size", "Mode", "Owner", "Changed", ""]}
      >
        ${entries.map(
          (file) =>
            html`<${Row}
              key=${file.path}
              id=${id}
              files=${files}
              file=${file}
              ask=${setAsked}
              onProblem=${setProblem}
            />`,
        )}
      <//>`
    }
    ${state?.truncated && html`<p class="quiet">There are more than are shown.</p>`}
    ${
      asked &&
      html`<${Asked}
        id=${id}
        files=${files}
        place=${place}
        asked=${asked}
        onClose=${() => setAsked(null)}
      />`
    }
  </div>`;
}

function Row({ id, files, file, ask, onProblem }) {
  const name = nameOf(file.path);
  const directory = file.type === "DIRECTORY";
  const opens = directory || file.type === "FILE" || file.type === "LINK";
  const label = `${name}${directory ? "/" : ""}`;
  const save = () =>
    directory
      ? download(files.archive(file.path), `${name}.tar`)
      : download(files.content(file.path), name);
  return html`<tr>
    <th scope="row">
      <code>
        ${opens ? html`<a href=${screenOf(id, file.path)}>${label}</a>` : label}
        ${file.target && html`<span class="quiet"> → ${file.target}</span>`}
      </code>
    </th>
    <td class="number">
      ${
        file.type === "FILE"
          ? size(file.size)
          : html`<span class="quiet"
              >${directory ? "" : file.type.toLowerCase().replace("_", " ")}</span
            >`
      }
    </td>
    <td><code>${file.mode}</code></td>
    <td>${file.owner ?? file.uid}:${file.group ?? file.gid}</td>
    <td><${When} at=${file.modifiedAt} /></td>
    <td class="acts">
      ${
        opens &&
        html`<${Act} label=${`Download ${name}`} onProblem=${onProblem} act=${save}>Download<//>`
      }
      <button
        type="button"
        aria-label=${`Rename ${name}`}
        onClick=${() => ask({ kind: "rename", file })}
      >
        Rename
      </button>
      <button
        type="button"
        class="danger"
        aria-label=${`Delete ${name}`}
        onClick=${() => ask({ kind: "delete", file })}
      >
        Delete
      </button>
    </td>
  </tr>`;
}

/** What needs a name, or a yes. */
function Asked({ id, files, place, asked: { kind, file }, onClose }) {
  const [name, setName] = useState(file ? nameOf(file.path) : "");
  const field = html`<${Field} label="Name" wide>
    <input
      name="name"
      required
      spellcheck="false"
      autocomplete="off"
      value=${name}
      onInput=${(event) => setName(event.target.value)}
    />
  <//>`;
  switch (kind) {
    case "file":
      return html`<${FormDialog}
        title="New file"
        submit="Make it"
        onClose=${onClose}
        send=${async () => {
          const made = within(place, name);
          await files.write(made, "", { overwrite: false });
          go(screenOf(id, made));
        }}
        >${field}<//
      >`;
    case "directory":
      return html`<${FormDialog}
        title="New directory"
        submit="Make it"
        onClose=${onClose}
        send=${() => files.makeDirectory(within(place, name))}
        >${field}<//
      >`;
    case "rename":
      return html`<${FormDialog}
        title=${`Rename ${nameOf(file.path)}`}
        submit="Rename"
        onClose=${onClose}
        send=${() => files.move(file.path, name.startsWith("/") ? name : within(place, name))}
        >${field}<//
      >`;
    default:
      return html`<${FormDialog}
        title=${`Delete ${nameOf(file.path)}?`}
        submit="Delete"
        danger
        onClose=${onClose}
        send=${() => files.remove(file.path, file.type === "DIRECTORY")}
      >
        <p>
          ${
            file.type === "DIRECTORY"
              ? "The directory goes with all that is in it."
              : "There is no way back."
          }
        </p>
      <//>`;
  }
}
