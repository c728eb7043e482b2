import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "./html.js";
import { Choice } from "./parts.js";

const ROW = 18;
const AROUND = 20;

/**
 * Lines of output: of one stream or of both, searched, followed. Only the rows that are seen are
 * drawn, so a hundred thousand cost no more than fifty.
 *
 * @param lines a Lines
 * @param streams whether there are two to choose from
 * @param state what is said beside the tools
 */
export function Output({ lines, label, streams = true, state, children }) {
  const [version, setVersion] = useState(0);
  const [stream, setStream] = useState("both");
  const [text, setText] = useState("");
  const [hit, setHit] = useState(0);
  const [following, setFollowing] = useState(true);
  const [view, setView] = useState({ top: 0, height: 400 });
  const box = useRef();
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
    const { scrollTop, clientHeight } = box.current;
    setView({ top: scrollTop, height: clientHeight });
  };
  useEffect(() => {
    const watch = new ResizeObserver(measure);
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (following) {
      box.current.scrollTop = box.current.scrollHeight;
    }
    measure();
  }, [version, following, stream]);

  const scrolled = () => {
    const { scrollTop, clientHeight, scrollHeight } = box.current;
    setFollowing(scrollTop + clientHeight >= scrollHeight - ROW);
    measure();
  };
  const jump = (step) => {
    if (hits.length > 0) {
      const next = (hit + step + hits.length) % hits.length;
      setHit(next);
      show(next);
    }
  };
  const show = (which) => {
    setFollowing(false);
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
        aria-label="Search in the output"
        placeholder="Search"
        value=${text}
        onInput=${(event) => setText(event.target.value)}
        onKeyDown=${(event) => {
          if (event.key === "Enter") {
            event.preventDefault();
            jump(event.shiftKey ? -1 : 1);
          }
        }}
      />
      ${
        text &&
        html`<span class="pair" role="status"
          >${hits.length ? `${hit + 1} of ${hits.length}` : "none"}
          <button type="button" aria-label="Previous" onClick=${() => jump(-1)}>↑</button>
          <button type="button" aria-label="Next" onClick=${() => jump(1)}>↓</button></span
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
        ${lines.dropped} older lines are not shown; a download has what is kept.
      </p>`
    }
  </div>`;
}

function marked(line, text) {
  const plain = line.text;
  if (text === "") {
    return plain;
  }
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
