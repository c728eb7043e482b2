const MOST = 50_000;
const LONGEST = 4_000;

// What programs write to colour and move: CSI, OSC, and other two-character sequences.
// eslint-disable-next-line no-control-regex
const SEQUENCES =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** One line of output; it may still grow. */
class Line {
  #raw = "";
  #plain = null;

  constructor(number, stream, at) {
    this.number = number;
    this.stream = stream;
    this.at = at;
  }

  add(text) {
    // What a bar of progress draws over and over counts once.
    this.#raw = (this.#raw + text).slice(-LONGEST * 4);
    this.#plain = null;
  }

  /** As a person reads it: without colours, and with what was written over something in its place. */
  get text() {
    if (this.#plain === null) {
      const seen = this.#raw.split("\r").filter((part) => part !== "");
      this.#plain = (seen.at(-1) ?? "").replace(SEQUENCES, "").slice(0, LONGEST);
    }
    return this.#plain;
  }
}

/** Output as lines, each of one stream, in the order in which they were begun. */
export class Lines {
  #open = {};
  #listeners = new Set();
  #due = false;
  all = [];
  /** How many are not here any more, or never were. */
  dropped = 0;

  #next = 1;

  /** Takes a piece of output, whole lines or not. */
  add(stream, data, at) {
    const parts = data.replaceAll("\r\n", "\n").split("\n");
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

  /** Says something about the output in its place. */
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

  #begin(stream, at) {
    const line = new Line(this.#next++, stream, at);
    this.all.push(line);
    if (this.all.length > MOST + MOST / 10) {
      this.dropped += this.all.length - MOST;
      this.all = this.all.slice(-MOST);
    }
    return line;
  }

  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** However much comes, it is drawn once a frame. */
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
