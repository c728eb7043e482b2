import { html, useEffect, useMemo, useRef, useState } from "../ui/html.js";
import { useStore } from "../ui/store.js";
import { go, route, to } from "../ui/route.js";
import {
  ActionButton,
  Empty,
  ErrorBox,
  Field,
  Loading,
  Table,
  Timestamp,
  withValue,
} from "../ui/parts.js";
import { FormDialog } from "../ui/dialog.js";
import { count, size, words } from "../ui/format.js";
import { download } from "../ui/download.js";
import { useProblem } from "../ui/problem.js";
import { useUploads } from "../ui/uploads.js";
import { dropped, Files as Service } from "../service/files.js";
import { nameOf, within } from "../service/paths.js";
import { follow } from "../service/events.js";
import { useReading } from "../service/reading.js";
import { unavailable } from "./lifecycle.js";
import { Editor } from "./editor.js";

/**
 * What a dialog asks for, and the file that it is about.
 *
 * @typedef {{ kind: "file" | "directory" } | { kind: "rename", file: Wire.FileEntry }} NameAsked
 *
 * @typedef {NameAsked | { kind: "delete", file: Wire.FileEntry }} Asked
 */

/**
 * The files of a sandbox: a directory that is kept up to date, or a file to be read and edited.
 *
 * @param {{ sandbox: Wire.Sandbox }} props
 */
export function Files({ sandbox }) {
  return unavailable(sandbox) ?? html`<${FilesScreen} id=${sandbox.id} />`;
}

/** @param {{ id: string }} props */
function FilesScreen({ id }) {
  const [, , , ...parts] = useStore(route);
  const place = `/${parts.filter(Boolean).join("/")}`;
  const files = useMemo(() => new Service(id), [id]);
  const [found, setFound] = useState(/** @type {Wire.FileEntry | null} */ (null));
  const [problem, setProblem] = useProblem();
  useEffect(() => {
    setFound(null);
    setProblem(null);
    let over = false;
    find(files, place).then(
      (file) => over || setFound(file),
      (no) => over || setProblem(no),
    );
    return () => {
      over = true;
    };
  }, [files, place]);
  // Until the path of another address has been looked up, the one before is still here.
  const current = found?.path === place ? found : null;
  return html`<${Breadcrumbs} id=${id} place=${place} />
    <${ErrorBox} problem=${problem} />
    ${!problem && !current && html`<${Loading} what=${place} />`}
    ${
      !problem &&
      current &&
      (current.type === "DIRECTORY"
        ? html`<${Directory} id=${id} files=${files} place=${place} key=${place} />`
        : html`<${Editor} files=${files} file=${current} key=${place} />`)
    }`;
}

/**
 * Finds what is at a path; for a link, what it leads to.
 *
 * @param {Service} files
 * @param {string} place
 * @returns {Promise<Wire.FileEntry>}
 */
async function find(files, place) {
  const found = { ...(await files.stat(place)), path: place };
  if (found.type !== "LINK") {
    return found;
  }
  return files.list(place).then(
    () => ({ ...found, type: "DIRECTORY" }),
    () => ({ ...found, type: "FILE" }),
  );
}

/**
 * Returns the address of a path's screen.
 *
 * @param {string} id
 * @param {string} place
 */
function screenOf(id, place) {
  return to("sandboxes", id, "files", ...place.split("/").filter(Boolean));
}

/** @param {{ id: string, place: string }} props */
function Breadcrumbs({ id, place }) {
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

/** @param {{ id: string, files: Service, place: string }} props */
function Directory({ id, files, place }) {
  const [problem, setProblem] = useProblem();
  const [dragging, setDragging] = useState(false);
  const [asked, setAsked] = useState(/** @type {Asked | null} */ (null));
  const { value, problem: unread } = useReading(
    () => files.list(place),
    (refresh) =>
      follow(
        files.watch(place),
        { opened: (again) => again && refresh(), event: refresh, refused: () => {} },
        ["end"],
      ),
    [files, place],
  );
  const { uploads, upload } = useUploads(files, place, setProblem);
  const drop = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setDragging(false);
    if (event.dataTransfer) {
      dropped(event.dataTransfer).then(upload, setProblem);
    }
  };
  const entries = value?.entries ?? [];
  return html`<div
    class=${dragging ? "files drop" : "files"}
    onDrop=${drop}
    onDragOver=${(/** @type {DragEvent} */ event) => {
      event.preventDefault();
      setDragging(true);
    }}
    onDragLeave=${() => setDragging(false)}
  >
    <div class="bar tools">
      <${UploadButton} upload=${upload} />
      <button type="button" onClick=${() => setAsked({ kind: "file" })}>New file</button>
      <button type="button" onClick=${() => setAsked({ kind: "directory" })}>New directory</button>
      <${ActionButton}
        onProblem=${setProblem}
        action=${() => download(files.archive(place), `${nameOf(place) || id}.tar`)}
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
            : value && `${count(entries.length, "entry", "entries")} · drop files here to upload`
        }
      </span>
    </div>
    <${ErrorBox} problem=${problem ?? unread} />
    ${!value && !unread && html`<${Loading} what="the directory" />`}
    ${
      value &&
      entries.length === 0 &&
      html`<${Empty} title="This directory is empty"><p>Drop files here, or use Upload.</p><//>`
    }
    ${
      entries.length > 0 &&
      html`<${Table}
        label=${`Files in ${place}`}
        heads=${["Name", "#Size", "Mode", "Owner", "Modified", ""]}
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
    ${value?.truncated && html`<p class="quiet">This directory has more entries than are shown here.</p>`}
    ${
      asked &&
      (asked.kind === "delete"
        ? html`<${DeleteDialog}
            files=${files}
            file=${asked.file}
            onClose=${() => setAsked(null)}
          />`
        : html`<${NameDialog}
            id=${id}
            files=${files}
            place=${place}
            asked=${asked}
            onClose=${() => setAsked(null)}
          />`)
    }
  </div>`;
}

/** @param {{ upload: ReturnType<typeof useUploads>["upload"] }} props */
function UploadButton({ upload }) {
  const chooser = useRef(/** @type {HTMLInputElement | null} */ (null));
  const chosen = (/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) => {
    upload([...(currentTarget.files ?? [])].map((file) => ({ file, name: file.name })));
    // The same files can be chosen again.
    currentTarget.value = "";
  };
  return html`<button type="button" class="primary" onClick=${() => chooser.current?.click()}>
      Upload
    </button>
    <input
      ref=${chooser}
      type="file"
      multiple
      hidden
      aria-label="Files to upload"
      name="upload"
      onChange=${chosen}
    />`;
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Service} props.files
 * @param {Wire.FileEntry} props.file
 * @param {(asked: Asked) => void} props.ask
 * @param {(problem: unknown) => void} props.onProblem
 */
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
          : html`<span class="quiet">${directory ? "" : words(file.type)}</span>`
      }
    </td>
    <td><code>${file.mode}</code></td>
    <td>${file.owner ?? file.uid}:${file.group ?? file.gid}</td>
    <td><${Timestamp} at=${file.modifiedAt} /></td>
    <td class="acts">
      ${
        opens &&
        html`<${ActionButton} label=${`Download ${name}`} onProblem=${onProblem} action=${save}
          >Download<//
        >`
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

/**
 * Asks for the name of a new file or directory, or for another name.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {Service} props.files
 * @param {string} props.place the directory
 * @param {NameAsked} props.asked
 * @param {() => void} props.onClose
 */
function NameDialog({ id, files, place, asked, onClose }) {
  const from = "file" in asked ? asked.file.path : "";
  const before = nameOf(from);
  const [name, setName] = useState(before);
  const { title, submit, send } = {
    file: {
      title: "New file",
      submit: "Create",
      send: async () => {
        const made = within(place, name);
        await files.write(made, "", { overwrite: false });
        go(screenOf(id, made));
      },
    },
    directory: {
      title: "New directory",
      submit: "Create",
      send: () => files.makeDirectory(within(place, name)),
    },
    rename: {
      title: `Rename ${before}`,
      submit: "Rename",
      send: () => files.move(from, name.startsWith("/") ? name : within(place, name)),
    },
  }[asked.kind];
  return html`<${FormDialog} title=${title} submit=${submit} send=${send} onClose=${onClose}>
    <${Field} label="Name" wide>
      <input
        name="name"
        required
        spellcheck="false"
        autocomplete="off"
        value=${name}
        onInput=${withValue(setName)}
      />
    <//>
  <//>`;
}

/** @param {{ files: Service, file: Wire.FileEntry, onClose: () => void }} props */
function DeleteDialog({ files, file, onClose }) {
  const directory = file.type === "DIRECTORY";
  return html`<${FormDialog}
    title=${`Delete ${nameOf(file.path)}?`}
    submit="Delete"
    danger
    onClose=${onClose}
    send=${() => files.remove(file.path, directory)}
  >
    <p>
      ${directory ? "This deletes the directory and everything in it." : "This cannot be undone."}
    </p>
  <//>`;
}
