import { useEffect, useState } from "./html.js";

/** A value that tells when it is another one. */
export class Store {
  #value;
  #listeners = new Set();

  constructor(value) {
    this.#value = value;
  }

  get value() {
    return this.#value;
  }

  set value(next) {
    if (next !== this.#value) {
      this.#value = next;
      for (const listener of [...this.#listeners]) {
        listener(next);
      }
    }
  }

  /** Tells this listener from now on; what is returned ends that. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The value, drawn anew whenever it is another one. */
export function useStore(store) {
  const [, draw] = useState({});
  useEffect(() => {
    // It may have changed between the drawing and this.
    draw({});
    return store.subscribe(() => draw({}));
  }, [store]);
  return store.value;
}
