/**
 * What was typed into a terminal and the process has not taken yet, in pieces as they are sent. The
 * process counts the bytes that it takes, over all connections: after a connection broke, what it
 * has not counted is sent again, and nothing twice.
 */
export class PendingInput {
  /** @type {Uint8Array[]} */
  #pieces = [];
  /** How many of the pieces were sent on this connection. */
  #sent = 0;
  /**
   * How many bytes the process had taken before the first piece; null until it has reported that.
   *
   * @type {number | null}
   */
  #taken = null;

  /** Whether the process has reported what it has taken, before which nothing may be sent. */
  get started() {
    return this.#taken !== null;
  }

  /**
   * Adds what was typed.
   *
   * @param {Uint8Array} bytes
   */
  add(bytes) {
    if (bytes.length > 0) {
      this.#pieces.push(bytes);
    }
  }

  /**
   * Begins a connection, on which nothing has been sent yet.
   *
   * @param {number} taken how many bytes the process has taken
   */
  connected(taken) {
    this.#taken ??= taken;
    this.takenUpTo(taken);
    this.#sent = 0;
  }

  /**
   * Drops what the process has taken.
   *
   * @param {number} taken how many bytes the process has taken
   */
  takenUpTo(taken) {
    if (this.#taken === null) {
      return;
    }
    let done = Math.max(0, taken - this.#taken);
    this.#taken = Math.max(this.#taken, taken);
    while (done > 0 && this.#pieces.length > 0) {
      const [first] = this.#pieces;
      if (first.length <= done) {
        done -= first.length;
        this.#pieces.shift();
        this.#sent = Math.max(0, this.#sent - 1);
      } else {
        this.#pieces[0] = first.subarray(done);
        done = 0;
      }
    }
  }

  /**
   * Returns the next piece to be sent, which counts as sent from now on.
   *
   * @returns {Uint8Array | null} null if all were sent
   */
  next() {
    return this.started && this.#sent < this.#pieces.length ? this.#pieces[this.#sent++] : null;
  }

  /** Drops everything, since somebody else is the writer. */
  clear() {
    this.#pieces = [];
    this.#sent = 0;
  }
}
