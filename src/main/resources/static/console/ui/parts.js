import { html, useEffect, useState } from "./html.js";
import { clock, dateAndTime, span, time, words } from "./format.js";

/** @import { ComponentChildren } from "preact" */
/** @import { Failure } from "../service/problem.js" */

/**
 * The colour of each state; others are neutral.
 *
 * @type {Record<string, string>}
 */
const TONES = {
  READY: "good",
  LISTENING: "good",
  RUNNING: "good",
  HEALTHY: "good",
  PENDING: "busy",
  STARTING: "busy",
  ENDING: "busy",
  BUILDING: "busy",
  RESTARTING: "busy",
  REMOVING: "busy",
  MUTE: "warn",
  BACKING_OFF: "warn",
  PAUSED: "warn",
  FAILED: "bad",
  UNSUPPORTED: "bad",
  DEAD: "bad",
};

/**
 * A state in words and in a colour.
 *
 * @param {{ of: string, title?: string | null }} props
 */
export function State({ of, title }) {
  return html`<span class="state ${TONES[of] ?? "still"}" title=${title}>${words(of)}</span>`;
}

/**
 * The state of a process, or how it has ended.
 *
 * @param {{ process: Wire.Process }} props
 */
export function ProcessState({ process }) {
  const { exit, state } = process;
  if (!exit) {
    return html`<${State} of=${state} />`;
  }
  const well = exit.cause === "EXITED" && exit.code === 0;
  const text =
    exit.cause === "EXITED"
      ? `exit ${exit.code}`
      : exit.cause === "SIGNALED"
        ? `signal ${exit.signal ?? exit.code}`
        : words(exit.cause);
  const tone = well ? "still" : exit.cause === "KILLED_BY_USER" ? "warn" : "bad";
  return html`<span class="state ${tone}">${text}</span>`;
}

/**
 * A problem that the service reported, and what to do about it.
 *
 * @param {{ problem: Failure | null, again?: () => void }} props
 */
export function ErrorBox({ problem, again }) {
  if (!problem) {
    return null;
  }
  const { remedy, logTail } = problem.body ?? {};
  return html`<div class="trouble" role="alert">
    <p><strong>${problem.message}</strong></p>
    ${remedy && html`<p>${remedy}</p>`}
    ${logTail && html`<pre tabindex="0" aria-label="Last lines of the log">${logTail}</pre>`}
    ${problem.code && html`<p class="quiet">${problem.code}</p>`}
    ${again && html`<p><button type="button" onClick=${again}>Try again</button></p>`}
  </div>`;
}

/**
 * A placeholder for an empty list, which says how to fill it.
 *
 * @param {{ title: string, children?: ComponentChildren }} props
 */
export function Empty({ title, children }) {
  return html`<div class="empty">
    <p><strong>${title}</strong></p>
    ${children}
  </div>`;
}

/**
 * A placeholder for what is being loaded.
 *
 * @param {{ what: string }} props
 */
export function Loading({ what }) {
  return html`<p class="waiting" role="status">Loading ${what} …</p>`;
}

/** @type {Set<() => void>} */
const ticks = new Set();
let timer = 0;

/**
 * Renders a component again every second, which shows how much time is left or has passed.
 *
 * @param {boolean} active
 */
export function useSeconds(active = true) {
  const [, draw] = useState({});
  useEffect(() => {
    if (!active) {
      return undefined;
    }
    const listener = () => draw({});
    ticks.add(listener);
    timer ||= setInterval(() => ticks.forEach((each) => each()), 1000);
    return () => {
      ticks.delete(listener);
      if (ticks.size === 0) {
        clearInterval(timer);
        timer = 0;
      }
    };
  }, [active]);
}

/**
 * A countdown to an instant.
 *
 * @param {{ until: string | null }} props
 */
export function Countdown({ until }) {
  useSeconds(Boolean(until));
  if (!until) {
    return html`<span class="quiet">unlimited</span>`;
  }
  const left = Date.parse(until) - Date.now();
  return html`<time
    class=${left < 60_000 ? "left soon" : "left"}
    datetime=${until}
    title=${`Expires ${time(until)} if there is no activity`}
    >${clock(left)}</time
  >`;
}

/**
 * The time from one instant to another, or until now.
 *
 * @param {{ from: string | null, to: string | null }} props
 */
export function Elapsed({ from, to }) {
  useSeconds(Boolean(from) && !to);
  return from ? span((to ? Date.parse(to) : Date.now()) - Date.parse(from)) : "";
}

/**
 * An instant, in the language of the browser.
 *
 * @param {{ at: string | null }} props
 */
export function Timestamp({ at }) {
  return at ? html`<time datetime=${at} title=${dateAndTime(at)}>${time(at)}</time>` : "";
}

/**
 * A list of names and values.
 *
 * @param {object} props
 * @param {[name: string, value: ComponentChildren][]} props.of those without a value are left out
 */
export function FactList({ of }) {
  return html`<dl class="facts">
    ${of
      .filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(
        ([name, value]) =>
          html`<div key=${name}>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
  </dl>`;
}

/**
 * A table, which scrolls by itself if it is too wide.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {string[]} props.heads a head that begins with # is of numbers
 * @param {ComponentChildren} [props.children] the rows
 */
export function Table({ label, heads, children }) {
  return html`<div class="table" tabindex="0" role="region" aria-label=${label}>
    <table>
      <thead>
        <tr>
          ${heads.map((head) =>
            head
              ? html`<th scope="col" class=${head.startsWith("#") ? "number" : ""}>
                  ${head.replace("#", "")}
                </th>`
              : html`<td></td>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${children}
      </tbody>
    </table>
  </div>`;
}

/**
 * A label and a hint for an input, which the caller provides.
 *
 * @param {{ label: string, hint?: string, children?: ComponentChildren, wide?: boolean }} props
 */
export function Field({ label, hint, children, wide }) {
  return html`<label class=${wide ? "field wide" : "field"}>
    <span>${label}</span>
    ${children} ${hint && html`<small>${hint}</small>`}
  </label>`;
}

/**
 * A checkbox with its label.
 *
 * @param {object} props
 * @param {ComponentChildren} props.label
 * @param {boolean} props.checked
 * @param {(checked: boolean) => void} props.onChange
 * @param {boolean} [props.disabled]
 */
export function Check({ label, checked, onChange, disabled }) {
  return html`<label class="check">
    <input
      type="checkbox"
      checked=${checked}
      disabled=${disabled}
      onChange=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) =>
        onChange(event.currentTarget.checked)}
    />
    <span>${label}</span>
  </label>`;
}

/**
 * A choice of one among a few.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {[name: string, text: string][]} props.of
 * @param {string} props.value
 * @param {(name: string) => void} props.onChange
 */
export function Choice({ label, of, value, onChange }) {
  return html`<div class="choice" role="group" aria-label=${label}>
    ${of.map(
      ([name, text]) =>
        html`<button
          type="button"
          key=${name}
          aria-pressed=${String(name === value)}
          onClick=${() => onChange(name)}
        >
          ${text}
        </button>`,
    )}
  </div>`;
}

/**
 * A button that is busy while its action runs.
 *
 * @param {object} props
 * @param {ComponentChildren} props.children
 * @param {() => Promise<unknown>} props.action
 * @param {(problem: unknown) => void} [props.onProblem] called with what went wrong, and with null
 *   when it begins
 * @param {string} [props.kind] the class of the button
 * @param {string} [props.label] the name of the button, where its text alone is not enough
 * @param {boolean} [props.disabled]
 */
export function ActionButton({ children, action, onProblem, kind = "", label, disabled }) {
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    onProblem?.(null);
    try {
      await action();
    } catch (problem) {
      if (!onProblem) {
        throw problem;
      }
      onProblem(problem);
    } finally {
      setBusy(false);
    }
  };
  return html`<button
    type="button"
    class=${kind}
    aria-label=${label}
    aria-busy=${busy ? "true" : undefined}
    disabled=${busy || disabled}
    onClick=${run}
  >
    ${children}
  </button>`;
}

/**
 * Makes a handler of an event of a field, which passes on the field's value.
 *
 * @param {(value: string) => void} set
 * @returns {(event: { currentTarget: { value: string } }) => void}
 */
export function withValue(set) {
  return ({ currentTarget }) => set(currentTarget.value);
}
