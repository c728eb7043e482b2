import { authorization, get, path, post, Problem, query, remove } from "./api.js";

/** The files of a sandbox. */
export class Files {
  #at;

  constructor(id) {
    this.#at = path`/v1/sandboxes/${id}/files`;
  }

  /** What is in a directory: directories first, then by name. */
  async list(directory) {
    const { entries, truncated } = await get(this.#at + query({ path: directory, depth: 1 }));
    const order = (file) => (file.type === "DIRECTORY" ? 0 : 1);
    entries.sort((a, b) => order(a) - order(b) || (a.path < b.path ? -1 : 1));
    return { entries, truncated };
  }

  stat(file) {
    return get(`${this.#at}/stat${query({ path: file })}`);
  }

  content(file) {
    return `${this.#at}/content${query({ path: file })}`;
  }

  archive(directory) {
    return `${this.#at}/archive${query({ path: directory })}`;
  }

  watch(directory) {
    return `${this.#at}/watch${query({ path: directory })}`;
  }

  makeDirectory(directory) {
    return post(`${this.#at}/directories`, { path: directory });
  }

  move(from, to) {
    return post(`${this.#at}/move`, { from, to });
  }

  remove(file, recursive) {
    return remove(this.#at + query({ path: file, recursive }));
  }

  /**
   * Writes a file, whole or not at all. Not by fetch, which does not tell how far it is.
   *
   * @param progress told the share that is sent, from 0 to 1
   */
  write(file, body, { overwrite = true, progress } = {}) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("PUT", `${this.#at}/content${query({ path: file, parents: true, overwrite })}`);
      request.setRequestHeader("Authorization", authorization().Authorization);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.onprogress = ({ loaded, total }) => progress?.(total ? loaded / total : 1);
      request.onerror = () => reject(Problem.unreachable());
      request.onload = () => {
        const answer = parsed(request.responseText);
        if (request.status < 300) {
          resolve(answer);
        } else {
          reject(new Problem(request.status, answer));
        }
      };
      request.send(body);
    });
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** The last part of a path. */
export function nameOf(file) {
  return file.slice(file.lastIndexOf("/") + 1);
}

/** A path in a directory. */
export function within(directory, name) {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}

/** The files in what was dropped, those in directories too, each with its path from there. */
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) {
    return [...transfer.files].map((file) => ({ file, name: file.name }));
  }
  const all = [];
  const visit = async (entry, before) => {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      all.push({ file, name: before + entry.name });
      return;
    }
    const reader = entry.createReader();
    // It hands out a hundred at a time.
    for (let some = await part(reader); some.length > 0; some = await part(reader)) {
      for (const each of some) {
        await visit(each, `${before}${entry.name}/`);
      }
    }
  };
  for (const entry of entries) {
    await visit(entry, "");
  }
  return all;
}

function part(reader) {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}
