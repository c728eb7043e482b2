import { html, useEffect, useState } from "./html.js";
import { clock, span, time, words } from "./format.js";

/** What several screens show in the same way. */

const TONES = {
  READY: "good",
  RUNNING: "good",
  HEALTHY: "good",
  STARTING: "busy",
  ENDING: "busy",
  BUILDING: "busy",
  RESTARTING: "busy",
  MUTE: "warn",
  BACKING_OFF: "warn",
  PAUSED: "warn",
  FAILED: "bad",
  DEAD: "bad",
};

/** A state with its colour, and in words for those who see none. */
export function State({ of, title }) {
  return html`<span class="state ${TONES[of] ?? "still"}" title=${title}>${words(of)}</span>`;
}

/** How a process has ended, or that it runs. */
export function Ending({ process }) {
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

/** A problem as the service told it, and what can be done. */
export function Trouble({ problem, again }) {
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

/** Nothing is here, and what would make it so. */
export function Empty({ title, children }) {
  return html`<div class="empty">
    <p><strong>${title}</strong></p>
    ${children}
  </div>`;
}

/** Something is read. */
export function Waiting({ what }) {
  return html`<p class="waiting" role="status">Reading ${what} …</p>`;
}

const beats = new Set();
let beat = null;

/** Draws anew each second, for what shows how much time is left or was taken. */
export function useSeconds(active = true) {
  const [, draw] = useState({});
  useEffect(() => {
    if (!active) {
      return undefined;
    }
    const listener = () => draw({});
    beats.add(listener);
    beat ??= setInterval(() => beats.forEach((each) => each()), 1000);
    return () => {
      beats.delete(listener);
      if (beats.size === 0) {
        clearInterval(beat);
        beat = null;
      }
    };
  }, [active]);
}

/** How long until then. */
export function Countdown({ until }) {
  useSeconds(Boolean(until));
  if (!until) {
    return html`<span class="quiet">no end</span>`;
  }
  const left = new Date(until) - Date.now();
  return html`<time
    class=${left < 60_000 ? "left soon" : "left"}
    datetime=${until}
    title=${`ends ${time(until)} unless something happens in it`}
    >${clock(left)}</time
  >`;
}

/** How long it took, or takes. */
export function Took({ from, to }) {
  useSeconds(Boolean(from) && !to);
  return from ? span((to ? new Date(to) : Date.now()) - new Date(from)) : "";
}

/** When it was. */
export function When({ at }) {
  return at
    ? html`<time datetime=${at} title=${new Date(at).toLocaleString()}>${time(at)}</time>`
    : "";
}

/** Names and values. */
export function Facts({ of }) {
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

/** A table that is scrolled on its own where it is too wide. */
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

/** A labelled field; what is in it is the caller's. */
export function Field({ label, hint, children, wide }) {
  return html`<label class=${wide ? "field wide" : "field"}>
    <span>${label}</span>
    ${children} ${hint && html`<small>${hint}</small>`}
  </label>`;
}

/** A switch with its words. */
export function Check({ label, checked, onChange, disabled }) {
  return html`<label class="check">
    <input
      type="checkbox"
      checked=${checked}
      disabled=${disabled}
      onChange=${(event) => onChange(event.target.checked)}
    />
    <span>${label}</span>
  </label>`;
}

/** One of a few. */
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

/** A button that says that it is at work, and shows what went wrong in the caller's place. */
export function Act({ children, act, onProblem, kind = "", label, disabled, type = "button" }) {
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    onProblem?.(null);
    try {
      await act();
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
    type=${type}
    class=${kind}
    aria-label=${label}
    aria-busy=${busy ? "true" : undefined}
    disabled=${busy || disabled}
    onClick=${run}
  >
    ${children}
  </button>`;
}
