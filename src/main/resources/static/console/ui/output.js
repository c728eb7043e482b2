import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "./html.js";
import { count } from "./format.js";
import { Choice, withValue } from "./parts.js";

/** @import { ComponentChildren } from "preact" */
/** @import { Line, Lines } from "../service/lines.js" */

const ROW = 18;
const AROUND = 20;

/**
 * Lines of output, of one stream or both, to be searched and followed. Only the visible rows are
 * rendered, so that a hundred thousand cost no more than fifty.
 *
 * @param {object} props
 * @param {Lines} props.lines
 * @param {string} props.label
 * @param {boolean} [props.streams] whether there are two streams to choose from
 * @param {ComponentChildren} [props.state] what is shown beside the tools
 * @param {ComponentChildren} [props.children] more tools
 */
export function Output({ lines, label, streams = true, state, children }) {
  const [version, setVersion] = useState(0);
  const [stream, setStream] = useState("both");
  const [text, setText] = useState("");
  const [hit, setHit] = useState(0);
  const [following, setFollowing] = useState(true);
  const [view, setView] = useState({ top: 0, height: 400 });
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => lines.subscribe(() => setVersion((n) => n + 1)), [lines]);

  const shown = useMemo(
    () =>
      stream === "both"
        ? lines.all
        : lines.all.filter((line) => line.stream === stream || line.stream === "note"),
    [lines, version, stream],
  );
  const hits = useMemo(() => {
    const wanted = text.toLowerCase();
    return wanted === ""
      ? []
      : shown.flatMap((line, i) => (line.text.toLowerCase().includes(wanted) ? [i] : []));
  }, [shown, version, text]);

  const measure = () => {
    if (box.current) {
      const { scrollTop, clientHeight } = box.current;
      setView({ top: scrollTop, height: clientHeight });
    }
  };
  useEffect(() => {
    const watch = new ResizeObserver(measure);
    if (box.current) {
      watch.observe(box.current);
    }
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (following && box.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
    measure();
  }, [version, following, stream]);

  const scrolled = () => {
    if (box.current) {
      const { scrollTop, clientHeight, scrollHeight } = box.current;
      setFollowing(scrollTop + clientHeight >= scrollHeight - ROW);
      measure();
    }
  };
  const jump = (/** @type {number} */ step) => {
    if (hits.length > 0) {
      const next = (hit + step + hits.length) % hits.length;
      setHit(next);
      show(next);
    }
  };
  const show = (/** @type {number} */ which) => {
    setFollowing(false);
    if (!box.current) {
      return;
    }
    box.current.scrollTop = Math.max(0, hits[which] * ROW - box.current.clientHeight / 2);
  };
  useEffect(() => {
    setHit(0);
    if (hits.length > 0) {
      show(0);
    }
  }, [text]);

  const first = Math.max(0, Math.floor(view.top / ROW) - AROUND);
  const last = Math.min(shown.length, Math.ceil((view.top + view.height) / ROW) + AROUND);
  const current = hits[hit];
  return html`<div class=${streams ? "output" : "output one"}>
    <div class="bar tools">
      ${
        streams &&
        html`<${Choice}
          label="Stream"
          value=${stream}
          onChange=${setStream}
          of=${[
            ["both", "Merged"],
            ["stdout", "stdout"],
            ["stderr", "stderr"],
          ]}
        />`
      }
      <input
        type="search"
        aria-label="Search the output"
        placeholder="Search"
        value=${text}
        onInput=${withValue(setText)}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            jump(event.shiftKey ? -1 : 1);
          }
        }}
      />
      ${
        text &&
        html`<span class="pair" role="status"
          >${hits.length ? `${hit + 1} of ${hits.length}` : "no matches"}
          <button type="button" aria-label="Previous match" onClick=${() => jump(-1)}>↑</button>
          <button type="button" aria-label="Next match" onClick=${() => jump(1)}>↓</button></span
        >`
      }
      <span class="end pair">
        ${state}
        <button
          type="button"
          aria-pressed=${String(following)}
          onClick=${() => setFollowing(!following)}
        >
          Follow
        </button>
        ${children}
      </span>
    </div>
    <div
      class="lines"
      ref=${box}
      onScroll=${scrolled}
      tabindex="0"
      role="log"
      aria-label=${label}
      aria-live="off"
    >
      <div class="sheet" style=${{ height: `${shown.length * ROW}px` }}>
        <div style=${{ transform: `translateY(${first * ROW}px)` }}>
          ${shown
            .slice(first, last)
            .map(
              (line, i) =>
                html`<div
                  class=${`line ${line.stream}${first + i === current ? " hit" : ""}`}
                  key=${first + i}
                >
                  <span class="at" aria-hidden="true">${line.number}</span>${marked(line, text)}
                </div>`,
            )}
        </div>
      </div>
    </div>
    ${
      lines.dropped > 0 &&
      html`<p class="quiet">
        ${count(lines.dropped, "older line")} not shown. Download the output to see all that is
        kept.
      </p>`
    }
  </div>`;
}

/**
 * @param {Line} line
 * @param {string} text
 */
function marked(line, text) {
  const plain = line.text;
  if (text === "") {
    return plain;
  }
  /** @type {ComponentChildren[]} */
  const parts = [];
  const lower = plain.toLowerCase();
  const wanted = text.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    parts.push(plain.slice(from, at), html`<mark>${plain.slice(at, at + wanted.length)}</mark>`);
    from = at + wanted.length;
  }
  return [...parts, plain.slice(from)];
}
