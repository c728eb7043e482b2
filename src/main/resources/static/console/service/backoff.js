const SHORTEST = 250;
const LONGEST = 4000;

/** The pauses between attempts: each twice as long as the one before, up to four seconds. */
export class Backoff {
  #wait = SHORTEST;

  /** Returns the next pause in milliseconds. */
  next() {
    const wait = this.#wait;
    this.#wait = Math.min(wait * 2, LONGEST);
    return wait;
  }

  /** Begins with the shortest pause again, after an attempt that succeeded. */
  reset() {
    this.#wait = SHORTEST;
  }
}
