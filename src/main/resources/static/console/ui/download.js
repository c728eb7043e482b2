import { ask } from "../service/api.js";

/**
 * Downloads a file under a name. By script, since a link cannot carry the key.
 *
 * @param {string} address
 * @param {string} name
 */
export async function download(address, name) {
  save(await (await ask("GET", address)).blob(), name);
}

/**
 * Saves data as a download.
 *
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser still reads it for a while after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
