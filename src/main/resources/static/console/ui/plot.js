import { html } from "./html.js";

const WIDTH = 240;
const HEIGHT = 48;

/**
 * A line plot of the latest values, the newest at the right.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {number[]} props.values the newest last
 * @param {number | null} [props.most] the limit, which is shown
 * @param {(value: number) => string} props.format
 * @param {number} [props.floor] the least value of the top of the plot, so that small values look
 *   small
 * @param {number} [props.slots] how many values fit in
 */
export function Plot({ label, values, most, format, floor = 1, slots = 90 }) {
  const last = values.at(-1);
  const top = Math.max(floor, ...values) * 1.25;
  const x = (/** @type {number} */ i) => ((slots - values.length + i) / (slots - 1)) * WIDTH;
  const y = (/** @type {number} */ value) => HEIGHT - 1 - (value / top) * (HEIGHT - 4);
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

/**
 * Appends a value, and drops the oldest when there are too many.
 *
 * @param {number[]} values
 * @param {number} value
 * @param {number} slots
 */
export function push(values, value, slots = 90) {
  return [...values.slice(-(slots - 1)), value];
}
