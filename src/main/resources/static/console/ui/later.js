import { html, useEffect, useState } from "./html.js";
import { Loading } from "./parts.js";

/**
 * Makes a screen of one that is loaded when it is first shown. If it cannot be loaded, the page
 * says so as it does for its own scripts.
 *
 * @template {object} Props
 * @param {() => Promise<(props: Props) => unknown>} load
 * @returns {(props: Props) => unknown}
 */
export function later(load) {
  /** @type {((props: Props) => unknown) | null} */
  let screen = null;
  return function Later(props) {
    const [awaited] = useState(screen === null);
    const [, draw] = useState({});
    useEffect(() => {
      if (awaited) {
        load().then(
          (loaded) => {
            screen = loaded;
            draw({});
          },
          () => dispatchEvent(new Event("unloaded")),
        );
      }
    }, []);
    const arrived = awaited && screen !== null;
    useEffect(() => {
      if (arrived) {
        // As main.js does for screens that are there at once.
        document.querySelector("h1")?.focus();
      }
    }, [arrived]);
    return screen ? html`<${screen} ...${props} />` : html`<${Loading} what="the page" />`;
  };
}
