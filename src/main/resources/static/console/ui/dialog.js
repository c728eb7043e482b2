import { html, useEffect, useRef, useState } from "./html.js";
import { ErrorBox } from "./parts.js";
import { useProblem } from "./problem.js";

/** @import { ComponentChildren } from "preact" */

/**
 * A dialog in front of everything else; Escape closes it.
 *
 * @param {object} props
 * @param {string} props.title
 * @param {() => void} props.onClose
 * @param {boolean} [props.wide]
 * @param {ComponentChildren} [props.children]
 */
export function Dialog({ title, onClose, wide, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // Not the button that closes it: the first field, or else the button that cancels.
    /** @type {HTMLElement | null | undefined} */
    const first = dialog.current?.querySelector(":is(input, select, textarea), footer button");
    first?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus();
      }
    };
  }, []);
  return html`<dialog
    ref=${dialog}
    class=${wide ? "wide" : ""}
    aria-label=${title}
    onClose=${onClose}
    onClick=${(/** @type {Event} */ event) => event.target === dialog.current && onClose()}
  >
    <div class="dialog">
      <header>
        <h2>${title}</h2>
        <button type="button" class="plain" aria-label="Close" onClick=${onClose}>✕</button>
      </header>
      ${children}
    </div>
  </dialog>`;
}

/**
 * A form in a dialog: sending it closes the dialog, or shows why it failed.
 *
 * @param {object} props
 * @param {string} props.title
 * @param {() => Promise<unknown>} props.send closes the dialog if it succeeds
 * @param {() => void} props.onClose
 * @param {string} props.submit the text of the button
 * @param {boolean} [props.danger]
 * @param {boolean} [props.wide]
 * @param {ComponentChildren} [props.children]
 * @param {boolean} [props.ready] whether it can be sent
 */
export function FormDialog({ title, send, onClose, submit, danger, wide, children, ready = true }) {
  const [problem, setProblem] = useProblem();
  const [busy, setBusy] = useState(false);
  const onSubmit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await send();
      onClose();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${title} onClose=${onClose} wide=${wide}>
    <form onSubmit=${onSubmit}>
      ${children}
      <${ErrorBox} problem=${problem} />
      <footer>
        <button type="button" onClick=${onClose}>Cancel</button>
        <button
          type="submit"
          class=${danger ? "danger" : "primary"}
          disabled=${busy || !ready}
          aria-busy=${busy ? "true" : undefined}
        >
          ${submit}
        </button>
      </footer>
    </form>
  <//>`;
}
