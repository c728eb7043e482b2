import { Store } from "./store.js";

/** Where somebody is: the parts of the address behind the #, decoded. */
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

/** The address of these parts. */
export function to(...parts) {
  return `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
}

/** Goes there; without a step back to where one is, where that is said. */
export function go(address, { replace } = {}) {
  if (replace) {
    history.replaceState(null, "", address);
    route.value = read();
  } else {
    location.hash = address;
  }
}
