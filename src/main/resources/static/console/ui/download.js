import { ask } from "../service/api.js";

/** Saves what is at an address under this name: a link could not carry the key. */
export async function download(address, name) {
  save(await (await ask("GET", address)).blob(), name);
}

/** Saves something that is here already. */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it when the click returns, and needs the name a little longer.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
