/**
 * A server-sent event whose data is JSON.
 *
 * @typedef {{ type: string, data: any, id: string | null }} ServerEvent
 */

/** Splits text that arrives in pieces into server-sent events. */
export class EventParser {
  #rest = "";
  #type = "message";
  /** @type {string[]} */
  #data = [];
  /** @type {string | null} */
  #id = null;

  /**
   * Takes the next piece.
   *
   * @param {string} text
   * @returns {ServerEvent[]} the events that this piece completes
   */
  add(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    const events = [];
    for (const line of lines) {
      const event = this.#line(line.endsWith("\r") ? line.slice(0, -1) : line);
      if (event) {
        events.push(event);
      }
    }
    return events;
  }

  /**
   * @param {string} line
   * @returns {ServerEvent | null}
   */
  #line(line) {
    if (line === "") {
      return this.#complete();
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") {
      this.#type = value;
    } else if (field === "data") {
      this.#data.push(value);
    } else if (field === "id") {
      this.#id = value;
    }
    return null;
  }

  /** @returns {ServerEvent | null} */
  #complete() {
    const event = { type: this.#type, data: this.#data, id: this.#id };
    this.#type = "message";
    this.#data = [];
    this.#id = null;
    return event.data.length ? { ...event, data: JSON.parse(event.data.join("\n")) } : null;
  }
}
