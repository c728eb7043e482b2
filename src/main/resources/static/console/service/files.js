import { path, query } from "./address.js";
import { authorization, get, post, remove } from "./api.js";
import { Problem } from "./problem.js";

/** The files of a sandbox. */
export class Files {
  #at;

  /** @param {string} id of the sandbox */
  constructor(id) {
    this.#at = path`/v1/sandboxes/${id}/files`;
  }

  /**
   * Lists a directory: directories first, then by name.
   *
   * @param {string} directory
   * @returns {Promise<{ entries: Wire.FileEntry[], truncated: boolean }>}
   */
  async list(directory) {
    const { entries, truncated } = await get(this.#at + query({ path: directory, depth: 1 }));
    const order = (/** @type {Wire.FileEntry} */ file) => (file.type === "DIRECTORY" ? 0 : 1);
    entries.sort(
      (/** @type {Wire.FileEntry} */ a, /** @type {Wire.FileEntry} */ b) =>
        order(a) - order(b) || (a.path < b.path ? -1 : 1),
    );
    return { entries, truncated };
  }

  /**
   * @param {string} file
   * @returns {Promise<Wire.FileEntry>}
   */
  stat(file) {
    return get(`${this.#at}/stat${query({ path: file })}`);
  }

  /** @param {string} file */
  content(file) {
    return `${this.#at}/content${query({ path: file })}`;
  }

  /** @param {string} directory */
  archive(directory) {
    return `${this.#at}/archive${query({ path: directory })}`;
  }

  /** @param {string} directory */
  watch(directory) {
    return `${this.#at}/watch${query({ path: directory })}`;
  }

  /** @param {string} directory */
  makeDirectory(directory) {
    return post(`${this.#at}/directories`, { path: directory });
  }

  /**
   * @param {string} from
   * @param {string} to
   */
  move(from, to) {
    return post(`${this.#at}/move`, { from, to });
  }

  /**
   * @param {string} file
   * @param {boolean} recursive
   */
  remove(file, recursive) {
    return remove(this.#at + query({ path: file, recursive }));
  }

  /**
   * Writes a file, whole or not at all. By XMLHttpRequest, since fetch does not report progress.
   *
   * @param {string} file
   * @param {XMLHttpRequestBodyInit} body
   * @param {{ overwrite?: boolean, progress?: (share: number) => void }} options `progress` is
   *   called with the share that has been sent, from 0 to 1
   * @returns {Promise<Wire.FileEntry>} what the file is then
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

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * @typedef {{ file: File, name: string }} Upload a file, and its path in the directory
 */

/**
 * Finds the files in what was dropped, those in directories too.
 *
 * @param {DataTransfer} transfer
 * @returns {Promise<Upload[]>}
 */
export async function dropped(transfer) {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry?.())
    .filter((entry) => entry !== null && entry !== undefined);
  if (entries.length === 0) {
    return [...transfer.files].map((file) => ({ file, name: file.name }));
  }
  /** @type {Upload[]} */
  const all = [];
  const visit = async (/** @type {FileSystemEntry} */ entry, /** @type {string} */ before) => {
    if (isFile(entry)) {
      /** @type {File} */
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      all.push({ file, name: before + entry.name });
      return;
    }
    const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
    // It returns a hundred at a time.
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

/**
 * @param {FileSystemEntry} entry
 * @returns {entry is FileSystemFileEntry}
 */
function isFile(entry) {
  return entry.isFile;
}

/**
 * @param {FileSystemDirectoryReader} reader
 * @returns {Promise<FileSystemEntry[]>}
 */
function part(reader) {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}
