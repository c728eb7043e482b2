import { Problem } from "./problem.js";

/**
 * Parses lines of name=value.
 *
 * @param {string} text
 * @param {string} field the name of the field, for the error
 * @returns {Record<string, string> | undefined} undefined if there are none
 */
export function pairs(text, field) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) {
    return undefined;
  }
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf("=");
      if (at < 1) {
        throw new Problem(0, { detail: `${field}: “${line}” is not in the form name=value.` });
      }
      return [line.slice(0, at).trim(), line.slice(at + 1)];
    }),
  );
}
