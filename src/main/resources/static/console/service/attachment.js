import { Backoff } from "./backoff.js";
import { key } from "./key.js";
import { path, query } from "./address.js";
import { get } from "./api.js";
import { PendingInput } from "./pending-input.js";

/** @import { Problem } from "./problem.js" */

/** The header of a message with output: its kind, and the position behind it. */
const HEADER_BYTES = 9;

/**
 * Who is called about a terminal.
 *
 * @typedef {object} TerminalListener
 * @property {(bytes: Uint8Array) => void} output
 * @property {(process: Wire.Process) => void} attached
 * @property {(writer: boolean) => void} writer whether what is typed here goes to the process
 * @property {(process: Wire.Process) => void} exit the process has ended, and all of its output
 *   has arrived
 * @property {() => void} broken the connection broke, and will be opened again
 * @property {(problem: Problem) => void} refused the service does not give the terminal
 */

/**
 * The connection to a process that has a terminal, by WebSocket; see openapi/attach.md. When it
 * breaks it is opened again where it was, and what was typed meanwhile is sent.
 */
export class Attachment {
  /** @type {TerminalListener} */
  #listener;
  /** @type {string} */
  #process;
  /** @type {WebSocket | null} */
  #socket = null;
  #after = 0n;
  #backoff = new Backoff();
  #timer = 0;
  #over = false;
  /** @type {{ rows: number, cols: number } | null} */
  #size = null;
  #writer = false;
  /** Whether somebody else is the writer, who is not to be interrupted by what is typed here. */
  #watching = false;
  #attached = false;
  #input = new PendingInput();

  /**
   * @param {string} id of the sandbox
   * @param {string} pid
   * @param {TerminalListener} listener
   */
  constructor(id, pid, listener) {
    this.#listener = listener;
    this.#process = path`/v1/sandboxes/${id}/processes/${pid}`;
    this.#open();
  }

  #open() {
    const after = this.#after > 0n ? String(this.#after) : null;
    const url = new URL(`${this.#process}/attach${query({ after })}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url, ["caisson.attach.v1", `caisson.key.${key.value}`]);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) =>
      typeof data === "string" ? this.#control(JSON.parse(data)) : this.#data(data);
    socket.onclose = ({ code }) => this.#closed(code);
    this.#socket = socket;
  }

  /** @param {ArrayBuffer} buffer */
  #data(buffer) {
    this.#after = new DataView(buffer).getBigUint64(1);
    this.#listener.output(new Uint8Array(buffer, HEADER_BYTES));
  }

  /** @param {any} message */
  #control(message) {
    switch (message.type) {
      case "attached":
        this.#backoff.reset();
        this.#attached = true;
        this.#setWriter(message.writer);
        this.#resume(message.process.stdin?.bytes ?? 0);
        this.#listener.attached(message.process);
        this.#listener.writer(message.writer);
        break;
      case "taken":
        this.#input.takenUpTo(message.bytes);
        break;
      case "writer":
        this.#setWriter(message.writer);
        this.#listener.writer(message.writer);
        break;
      case "exit":
        this.#over = true;
        this.#listener.exit(message.process);
        break;
      default:
    }
  }

  /** @param {boolean} writer */
  #setWriter(writer) {
    this.#writer = writer;
    this.#watching = !writer;
    if (!writer) {
      this.#input.clear();
    }
  }

  /**
   * Sends what the process has not taken, and the size it should have.
   *
   * @param {number} taken how many bytes of input the process has taken
   */
  #resume(taken) {
    this.#input.connected(taken);
    if (this.#writer) {
      this.#flush();
      if (this.#size) {
        this.#tell({ type: "resize", ...this.#size });
      }
    }
  }

  #flush() {
    const socket = this.#openSocket();
    for (let piece = socket && this.#input.next(); piece; piece = this.#input.next()) {
      socket?.send(/** @type {Uint8Array<ArrayBuffer>} */ (piece));
    }
  }

  #openSocket() {
    const socket = this.#socket;
    return socket?.readyState === WebSocket.OPEN && this.#input.started ? socket : null;
  }

  /** @param {object} message */
  #tell(message) {
    this.#openSocket()?.send(JSON.stringify(message));
  }

  /**
   * Sends what was typed, now or when the connection is back.
   *
   * @param {Uint8Array} bytes
   */
  type(bytes) {
    if (!this.#over && !this.#watching) {
      this.#input.add(bytes);
      if (this.#writer) {
        this.#flush();
      }
    }
  }

  /**
   * Gives the terminal another size.
   *
   * @param {number} rows
   * @param {number} cols
   */
  resize(rows, cols) {
    this.#size = { rows, cols };
    if (this.#writer) {
      this.#tell({ type: "resize", rows, cols });
    }
  }

  /** Makes this the connection whose input goes to the process. */
  takeOver() {
    this.#tell({ type: "take-over" });
  }

  /** @param {number} code */
  #closed(code) {
    if (this.#over || code === 1000) {
      return;
    }
    this.#writer = false;
    this.#watching = false;
    this.#listener.broken();
    this.#timer = setTimeout(() => this.#again(), this.#backoff.next());
  }

  /** Asks for the process first: a browser does not say why a socket did not open. */
  async #again() {
    try {
      if (!this.#attached) {
        await get(this.#process);
      }
    } catch (error) {
      const problem = /** @type {Problem} */ (error);
      if (problem.code !== "UNREACHABLE" && problem.status < 500) {
        this.#over = true;
        this.#listener.refused(problem);
      }
    }
    if (!this.#over) {
      this.#attached = false;
      this.#open();
    }
  }

  close() {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#socket?.close(1000);
  }
}
