const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/**
 * Writes a size: 1536 as 1.5 KiB.
 *
 * @param {number | null | undefined} bytes
 */
export function size(bytes) {
  if (bytes === null || bytes === undefined) {
    return "";
  }
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/**
 * Writes a span of milliseconds in its two largest units.
 *
 * @param {number} millis
 */
export function span(millis) {
  const ms = Math.max(0, millis);
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) {
    return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min ${seconds % 60} s`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${hours} h ${minutes % 60} min`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/**
 * Writes what is left as a clock does, which is read while it runs.
 *
 * @param {number} millis
 */
export function clock(millis) {
  const seconds = Math.max(0, Math.ceil(millis / 1000));
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: "numeric", minute: "numeric", second: "numeric" };
const TIME = new Intl.DateTimeFormat(undefined, CLOCK);
const DATE_AND_TIME = new Intl.DateTimeFormat(undefined, {
  year: "numeric",
  month: "numeric",
  day: "numeric",
  ...CLOCK,
});

/**
 * Writes an instant with its date, in the language of the browser.
 *
 * @param {string} instant
 */
export function dateAndTime(instant) {
  return DATE_AND_TIME.format(new Date(instant));
}

/**
 * Writes an instant in the language of the browser; without the date if it is today.
 *
 * @param {string | null | undefined} instant
 */
export function time(instant) {
  if (!instant) {
    return "";
  }
  const date = new Date(instant);
  const today = date.toDateString() === new Date().toDateString();
  return (today ? TIME : DATE_AND_TIME).format(date);
}

/**
 * Writes a constant in words: BACKING_OFF as backing off.
 *
 * @param {string | null | undefined} state
 */
export function words(state) {
  return state ? state.toLowerCase().replaceAll("_", " ") : "";
}

/**
 * Writes a command as it is typed in a shell.
 *
 * @param {Pick<Wire.Process, "shell" | "command">} process
 */
export function command(process) {
  if (process.shell) {
    return process.shell;
  }
  return (process.command ?? [])
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}

/**
 * Writes a number with its noun: 1 image, 2 images.
 *
 * @param {number} number
 * @param {string} singular
 * @param {string} plural
 */
export function count(number, singular, plural = `${singular}s`) {
  return `${number} ${number === 1 ? singular : plural}`;
}
