import { useEffect, useState } from "./html.js";

/**
 * A value that calls its listeners when it changes.
 *
 * @template T
 */
export class Store {
  /** @type {T} */
  #value;
  /** @type {Set<(value: T) => void>} */
  #listeners = new Set();

  /** @param {T} value */
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

  /**
   * Calls a listener with each new value.
   *
   * @param {(value: T) => void} listener
   * @returns {() => void} ends that
   */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/**
 * Reads a store, and renders the component again when its value changes.
 *
 * @template T
 * @param {Store<T>} store
 * @returns {T}
 */
export function useStore(store) {
  const { value } = store;
  const [, draw] = useState({});
  useEffect(() => {
    if (store.value !== value) {
      // It has changed since the component was rendered.
      draw({});
    }
    return store.subscribe(() => draw({}));
  }, [store]);
  return value;
}
