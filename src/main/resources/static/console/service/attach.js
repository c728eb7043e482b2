import { key } from "./key.js";
import { get, path, query } from "./api.js";

const SHORTEST = 250;
const LONGEST = 4000;
const HEAD = 9;

/**
 * A terminal over a WebSocket, see openapi/attach.md: opened again where it was when it breaks, and
 * what was typed meanwhile is sent then.
 *
 * @param listener output(bytes), attached(process), writer(is), exit(process), broken(),
 *   refused(problem)
 */
export class Attachment {
  #listener;
  #process;
  #socket = null;
  #after = 0n;
  #wait = SHORTEST;
  #timer = null;
  #over = false;
  #size = null;
  #writer = false;
  #attached = false;
  /** What was typed and not yet taken, and how much the process had taken before that. */
  #pending = [];
  #taken = null;
  #sent = 0;

  constructor(id, pid, listener) {
    this.#listener = listener;
    this.#process = path`/v1/sandboxes/${id}/processes/${pid}`;
    this.#open();
  }

  #open() {
    const url = new URL(
      `${this.#process}/attach` + query({ after: this.#after > 0n ? String(this.#after) : null }),
      location.href,
    );
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url, ["caisson.attach.v1", `caisson.key.${key.value}`]);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) =>
      typeof data === "string" ? this.#control(JSON.parse(data)) : this.#data(data);
    socket.onclose = ({ code }) => this.#closed(code);
    this.#socket = socket;
  }

  #data(buffer) {
    this.#after = new DataView(buffer).getBigUint64(1);
    this.#listener.output?.(new Uint8Array(buffer, HEAD));
  }

  #control(message) {
    switch (message.type) {
      case "attached":
        this.#wait = SHORTEST;
        this.#attached = true;
        this.#writer = message.writer;
        this.#resume(message.process.stdin?.bytes ?? 0);
        this.#listener.attached?.(message.process);
        this.#listener.writer?.(message.writer);
        break;
      case "taken":
        this.#take(message.bytes);
        break;
      case "writer":
        this.#writer = message.writer;
        this.#listener.writer?.(message.writer);
        break;
      case "exit":
        this.#over = true;
        this.#listener.exit?.(message.process);
        break;
      default:
    }
  }

  /** Sends what the process has not taken, and the size it should have. */
  #resume(bytes) {
    if (this.#taken === null) {
      this.#taken = bytes;
    } else {
      this.#take(bytes);
    }
    this.#sent = 0;
    if (this.#writer) {
      this.#flush();
      if (this.#size) {
        this.#tell({ type: "resize", ...this.#size });
      }
    }
  }

  #take(bytes) {
    let done = Math.max(0, bytes - (this.#taken ?? bytes));
    this.#taken = Math.max(this.#taken ?? 0, bytes);
    while (done > 0 && this.#pending.length > 0) {
      const [first] = this.#pending;
      if (first.length <= done) {
        done -= first.length;
        this.#pending.shift();
        this.#sent = Math.max(0, this.#sent - 1);
      } else {
        this.#pending[0] = first.subarray(done);
        done = 0;
      }
    }
  }

  #flush() {
    while (this.#sent < this.#pending.length && this.#isOpen()) {
      this.#socket.send(this.#pending[this.#sent++]);
    }
  }

  #isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN && this.#taken !== null;
  }

  #tell(message) {
    if (this.#isOpen()) {
      this.#socket.send(JSON.stringify(message));
    }
  }

  /** What is typed. */
  type(bytes) {
    if (!this.#over) {
      this.#pending.push(bytes);
      if (this.#writer) {
        this.#flush();
      }
    }
  }

  resize(rows, cols) {
    this.#size = { rows, cols };
    if (this.#writer) {
      this.#tell({ type: "resize", rows, cols });
    }
  }

  takeOver() {
    this.#pending = [];
    this.#sent = 0;
    this.#tell({ type: "take-over" });
  }

  #closed(code) {
    if (this.#over || code === 1000) {
      return;
    }
    this.#writer = false;
    this.#listener.broken?.();
    this.#timer = setTimeout(() => this.#again(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST);
  }

  /** A browser does not say why a socket did not open: the process itself is asked first. */
  async #again() {
    try {
      if (!this.#attached) {
        await get(this.#process);
      }
    } catch (problem) {
      if (problem.code !== "UNREACHABLE" && problem.status < 500) {
        this.#over = true;
        this.#listener.refused?.(problem);
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
