const MOST = 50_000;
const LONGEST = 4_000;

// What programs write to colour and move: CSI, OSC, and other two-character sequences.
const SEQUENCES =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** A line of output, which may still grow. */
export class Line {
  #raw = "";
  /** @type {string | null} */
  #plain = null;

  /**
   * @param {number | null} number
   * @param {string} stream
   * @param {string | null} at
   */
  constructor(number, stream, at) {
    this.number = number;
    this.stream = stream;
    this.at = at;
  }

  /** @param {string} text */
  add(text) {
    // A progress bar overwrites its line again and again.
    this.#raw = (this.#raw + text).slice(-LONGEST * 4);
    this.#plain = null;
  }

  /** Returns what is seen of it: without colours, and without what was overwritten. */
  get text() {
    if (this.#plain === null) {
      const seen = this.#raw.split("\r").filter((part) => part !== "");
      this.#plain = (seen.at(-1) ?? "").replace(SEQUENCES, "").slice(0, LONGEST);
    }
    return this.#plain;
  }
}

/** Output as lines, each of one stream, in the order in which they began. */
export class Lines {
  /** @type {Record<string, Line | null>} */
  #open = {};
  /** @type {Set<() => void>} */
  #listeners = new Set();
  #due = false;
  #next = 1;
  /** @type {Line[]} */
  all = [];
  /** How many older lines were dropped. */
  dropped = 0;

  /**
   * Takes a piece of output, whole lines or not.
   *
   * @param {string} stream
   * @param {string} data
   * @param {string | null} at
   */
  add(stream, data, at) {
    // A carriage return before a line feed is dropped with all that is overwritten.
    const parts = data.split("\n");
    parts.forEach((part, i) => {
      if (i > 0) {
        this.#open[stream] ??= this.#begin(stream, at);
        this.#open[stream] = null;
      }
      if (part !== "") {
        this.#open[stream] ??= this.#begin(stream, at);
        this.#open[stream].add(part);
      }
    });
    this.#changed();
  }

  /**
   * Adds a note about the output, in its place.
   *
   * @param {string} text
   */
  note(text) {
    const line = new Line(null, "note", null);
    line.add(text);
    this.all.push(line);
    this.#changed();
  }

  clear() {
    this.#open = {};
    this.all = [];
    this.dropped = 0;
    this.#next = 1;
    this.#changed();
  }

  /**
   * @param {string} stream
   * @param {string | null} at
   */
  #begin(stream, at) {
    const line = new Line(this.#next++, stream, at);
    this.all.push(line);
    if (this.all.length > MOST + MOST / 10) {
      this.dropped += this.all.length - MOST;
      this.all = this.all.slice(-MOST);
    }
    return line;
  }

  /**
   * Calls a listener after changes, once for each frame that the browser draws.
   *
   * @param {() => void} listener
   * @returns {() => void} ends that
   */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed() {
    if (!this.#due) {
      this.#due = true;
      requestAnimationFrame(() => {
        this.#due = false;
        this.#listeners.forEach((listener) => listener());
      });
    }
  }
}
