/** Why a request failed: the service refused it, or could not be reached. */
export class Problem extends Error {
  /**
   * @param {number} status of HTTP; 0 if there was no answer
   * @param {Partial<Wire.Problem> & { message?: string }} body
   */
  constructor(status, body) {
    super(body.detail ?? body.title ?? `The service responded with HTTP status ${status}.`);
    this.status = status;
    this.code = body.code ?? null;
    this.body = body;
  }

  /** Returns the problem that the service could not be reached. */
  static unreachable() {
    return new Problem(0, {
      code: "UNREACHABLE",
      detail:
        "The service is not responding. Sandboxes keep running, and this page reconnects on its own.",
    });
  }
}

/**
 * Whatever is thrown by a request or by the page itself.
 *
 * @typedef {Error & Partial<Pick<Problem, "status" | "code" | "body">>} Failure
 */
