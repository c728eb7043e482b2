import { html } from "./html.js";

const WIDTH = 240;
const HEIGHT = 48;

/**
 * The last values of something as a line, the newest at the right.
 *
 * @param most there can be, which is said
 * @param floor what the line's top is at least, so that a little is seen to be little
 */
export function Plot({ label, values, most, format, floor = 1, slots = 90 }) {
  const last = values.at(-1);
  const top = Math.max(floor, ...values) * 1.25;
  const x = (i) => ((slots - values.length + i) / (slots - 1)) * WIDTH;
  const y = (value) => HEIGHT - 1 - (value / top) * (HEIGHT - 4);
  const line = values
    .map((value, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`)
    .join("");
  const text = last === undefined ? "…" : format(last);
  return html`<figure class="plot">
    <figcaption>
      <span>${label}</span> <b>${text}</b>
      ${most ? html`<span class="quiet"> of ${format(most)}</span>` : ""}
    </figcaption>
    <svg
      viewBox=${`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label=${`${label}: ${text}`}
    >
      ${
        values.length > 1 &&
        html`<path class="area" d=${`${line}L${WIDTH} ${HEIGHT}L${x(0).toFixed(1)} ${HEIGHT}Z`} />
          <path class="line" d=${line} vector-effect="non-scaling-stroke" />`
      }
    </svg>
  </figure>`;
}

/** Keeps the last values. */
export function push(values, value, slots = 90) {
  return [...values.slice(-(slots - 1)), value];
}
