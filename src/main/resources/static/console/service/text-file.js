/**
 * A file as text that can be edited, or why it cannot be.
 *
 * @typedef {object} TextFile
 * @property {string | null} text null if it cannot be edited
 * @property {boolean} windows whether its lines end with CR LF
 * @property {string | null} why null if it can be edited
 */

/**
 * Decodes a file for an editor, which knows one kind of line end.
 *
 * @param {ArrayBuffer | Uint8Array} bytes
 * @returns {TextFile}
 */
export function decode(bytes) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return unreadable("This is not a text file. Download it to view it.");
  }
  if (text.includes("\0")) {
    return unreadable("This is not a text file. Download it to view it.");
  }
  const windows = text.includes("\r\n");
  const lines = windows ? text.replaceAll("\r\n", "\n") : text;
  // An editor in a page would make all line ends the same.
  if (lines.includes("\r") || encode(lines, windows) !== text) {
    return unreadable(
      "This file mixes line endings, which editing it here would change. Download it to edit it.",
    );
  }
  return { text: lines, windows, why: null };
}

/**
 * Encodes what was edited, with the line ends that the file had.
 *
 * @param {string} text
 * @param {boolean} windows
 */
export function encode(text, windows) {
  return windows ? text.replaceAll("\n", "\r\n") : text;
}

/**
 * Says why a file cannot be edited.
 *
 * @param {string} why
 * @returns {TextFile}
 */
export function unreadable(why) {
  return { text: null, windows: false, why };
}
