import { Store } from "../ui/store.js";

const NAME = "caisson.key";

/** The key somebody signed in with: this tab has it until it is closed, and nobody else. */
export const key = new Store(sessionStorage.getItem(NAME));

/** Why there is none any more, for whoever signs in again. */
export const signedOut = new Store(null);

export function signIn(text) {
  sessionStorage.setItem(NAME, text);
  signedOut.value = null;
  key.value = text;
}

export function signOut(reason = null) {
  sessionStorage.removeItem(NAME);
  signedOut.value = reason;
  key.value = null;
}
