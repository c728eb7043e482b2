import { html, useEffect, useRef, useState } from "../ui/html.js";
import { ProcessState, State, ErrorBox } from "../ui/parts.js";
import { useProblem } from "../ui/problem.js";
import "../ui/strict.js";
import { Attachment } from "../service/attachment.js";

/**
 * The element of a terminal, by which tests find what the terminal shows.
 *
 * @typedef {HTMLDivElement & { terminal?: import("../vendor/xterm.js").Terminal }} TerminalBox
 */

const ENCODER = new TextEncoder();

function theme() {
  const style = getComputedStyle(document.documentElement);
  const dark =
    style.colorScheme === "dark" ||
    (style.colorScheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  return dark
    ? {
        background: "#0b1114",
        foreground: "#d7e0e3",
        cursor: "#5eead4",
        cursorAccent: "#0b1114",
        selectionBackground: "#2b4a4f",
      }
    : {
        background: "#fbfcfc",
        foreground: "#1b2528",
        cursor: "#0f766e",
        cursorAccent: "#ffffff",
        selectionBackground: "#c5e4e0",
        black: "#1b2528",
        red: "#b42318",
        green: "#1f6f43",
        yellow: "#8a5a00",
        blue: "#1d55b5",
        magenta: "#8a2f8f",
        cyan: "#0f6f78",
        white: "#5b6b70",
        brightBlack: "#5b6b70",
        brightRed: "#c0362b",
        brightGreen: "#1d7c49",
        brightYellow: "#8f6200",
        brightBlue: "#2b62c4",
        brightMagenta: "#9a3a9f",
        brightCyan: "#117a84",
        brightWhite: "#3f4d52",
      };
}

/**
 * The terminal of a process.
 *
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.pid
 * @param {boolean} [props.focus] whether it takes the focus
 * @param {boolean} [props.watched] whether there is nothing to type
 */
export function Terminal({ id, pid, focus, watched }) {
  const box = useRef(/** @type {TerminalBox | null} */ (null));
  const after = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const attachment = useRef(/** @type {Attachment | null} */ (null));
  const [state, setState] = useState("connecting");
  const [writer, setWriter] = useState(true);
  const [ended, setEnded] = useState(/** @type {Wire.Process | null} */ (null));
  const [problem, setProblem] = useProblem();
  useEffect(() => {
    let over = false;
    let close = () => {};
    // It is large, and not every screen has a terminal.
    Promise.all([import("../vendor/xterm.js"), import("../vendor/xterm-fit.js")]).then(
      ([{ Terminal: Xterm }, { FitAddon }]) => {
        if (!over && box.current) {
          close = show(Xterm, FitAddon, box.current);
        }
      },
    );
    const show = (
      /** @type {typeof import("../vendor/xterm.js").Terminal} */ Xterm,
      /** @type {typeof import("../vendor/xterm-fit.js").FitAddon} */ FitAddon,
      /** @type {TerminalBox} */ element,
    ) => {
      const screen = new Xterm({
        fontFamily: "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace",
        fontSize: 13,
        scrollback: 10_000,
        cursorBlink: false,
        minimumContrastRatio: 4.5,
        screenReaderMode: true,
        theme: theme(),
      });
      const fit = new FitAddon();
      screen.loadAddon(fit);
      screen.open(element);
      element.terminal = screen;
      const link = new Attachment(id, pid, {
        output: (bytes) => screen.write(bytes),
        attached: () => setState("attached"),
        writer: setWriter,
        broken: () => setState("broken"),
        refused: setProblem,
        exit: (process) => {
          setState("over");
          setEnded(process);
          screen.options.disableStdin = true;
        },
      });
      attachment.current = link;
      // F6 moves the focus out of the terminal, since Tab goes to the program in it.
      screen.attachCustomKeyEventHandler((event) => {
        if (event.key === "F6") {
          if (event.type === "keydown") {
            /** @type {HTMLElement | null | undefined} */
            const other = element.closest("dialog, section")?.querySelector("button, a");
            (after.current ?? other)?.focus();
          }
          event.preventDefault();
          return false;
        }
        return true;
      });
      screen.onData((text) => link.type(ENCODER.encode(text)));
      screen.onBinary((text) => link.type(Uint8Array.from(text, (c) => c.charCodeAt(0))));
      screen.onResize(({ rows, cols }) => link.resize(rows, cols));
      const watch = new ResizeObserver(() => fit.fit());
      watch.observe(element);
      fit.fit();
      link.resize(screen.rows, screen.cols);
      const paint = () => (screen.options.theme = theme());
      const system = matchMedia("(prefers-color-scheme: dark)");
      system.addEventListener("change", paint);
      addEventListener("caisson-theme", paint);
      if (focus) {
        screen.focus();
      }
      return () => {
        watch.disconnect();
        system.removeEventListener("change", paint);
        removeEventListener("caisson-theme", paint);
        link.close();
        screen.dispose();
      };
    };
    return () => {
      over = true;
      close();
    };
  }, [id, pid]);
  return html`<div class="terminal">
    <div class="screen" ref=${box}></div>
    <div class="bar tools">
      ${
        !watched &&
        !ended &&
        html`<button type="button" ref=${after} onClick=${() => box.current?.terminal?.focus()}>
            Type in the terminal
          </button>
          <span class="quiet">F6 leaves the terminal</span>`
      }
      <span class="end pair" role="status">
        ${state === "connecting" && "connecting …"}
        ${state === "broken" && html`<span class="state warn">reconnecting</span>`}
        ${state === "attached" && html`<${State} of="RUNNING" />`}
        ${ended && html`<${ProcessState} process=${ended} />`}
        ${
          state === "attached" &&
          !writer &&
          html`<span>Someone else is typing.</span>
            <button type="button" onClick=${() => attachment.current?.takeOver()}>
              Take over
            </button>`
        }
      </span>
    </div>
    <${ErrorBox} problem=${problem} />
  </div>`;
}
