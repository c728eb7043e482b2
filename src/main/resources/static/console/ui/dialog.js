import { html, useEffect, useRef, useState } from "./html.js";
import { Trouble } from "./parts.js";

/** Something that is asked in front of everything else; Escape leaves it. */
export function Dialog({ title, onClose, wide, children }) {
  const dialog = useRef();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    // Not on what closes it: the first field, else the button that does no harm.
    dialog.current.querySelector(":is(input, select, textarea), footer button")?.focus();
    return () => before?.isConnected && before.focus();
  }, []);
  return html`<dialog
    ref=${dialog}
    class=${wide ? "wide" : ""}
    aria-label=${title}
    onClose=${onClose}
    onClick=${(event) => event.target === dialog.current && onClose()}
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

/** A form in a dialog: what it sends either works, which closes it, or says why not. */
export function FormDialog({ title, send, onClose, submit, danger, wide, children, ready = true }) {
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const onSubmit = async (event) => {
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
      <${Trouble} problem=${problem} />
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
