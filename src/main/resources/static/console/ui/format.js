/** How figures and times are written. */

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** 1536 as 1.5 KiB. */
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

/** A span of milliseconds in its two largest units. */
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

/** What is left, as a clock shows it: it is read while it moves. */
export function clock(millis) {
  const seconds = Math.max(0, Math.ceil(millis / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

/** An instant as people here write it; today's without its day. */
export function time(instant) {
  if (!instant) {
    return "";
  }
  const date = new Date(instant);
  const today = date.toDateString() === new Date().toDateString();
  return today ? date.toLocaleTimeString() : date.toLocaleString();
}

/** A state as it is said: BACKING_OFF as backing off. */
export function words(state) {
  return state ? state.toLowerCase().replaceAll("_", " ") : "";
}

/** A command as one would type it. */
export function command(process) {
  if (process.shell) {
    return process.shell;
  }
  return (process.command ?? [])
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}

/** 1 image, 2 images. */
export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
