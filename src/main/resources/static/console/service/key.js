import { Store } from "../ui/store.js";

const NAME = "caisson.key";

/** The key that this tab has signed in with, until it is closed; null if it has not. */
export const key = new Store(sessionStorage.getItem(NAME));

/** Why this tab was signed out, to be shown at the sign-in. */
export const signedOut = new Store(/** @type {string | null} */ (null));

/** @param {string} text the key */
export function signIn(text) {
  sessionStorage.setItem(NAME, text);
  signedOut.value = null;
  key.value = text;
}

/** @param {string | null} reason to be shown; null if the user wanted it */
export function signOut(reason = null) {
  sessionStorage.removeItem(NAME);
  signedOut.value = reason;
  key.value = null;
}
