import { Store } from "./store.js";

/** Where the user is: the parts of the address after the #, decoded. */
export const route = new Store(read());

function read() {
  const text = location.hash.replace(/^#\/?/, "");
  return text.split("/").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}

addEventListener("hashchange", () => (route.value = read()));

/**
 * Returns the address of a screen.
 *
 * @param {...string} parts
 */
export function to(...parts) {
  return `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
}

/**
 * Goes to an address; with `replace`, Back does not return to the present one.
 *
 * @param {string} address
 * @param {{ replace?: boolean }} options
 */
export function go(address, { replace } = {}) {
  if (replace) {
    history.replaceState(null, "", address);
    route.value = read();
  } else {
    location.hash = address;
  }
}
