import { useState } from "./html.js";

/** @import { Failure } from "../service/problem.js" */

/**
 * Keeps what went wrong last, to be shown in an ErrorBox; for use in a component.
 *
 * @returns {[Failure | null, (problem: unknown) => void]}
 */
export function useProblem() {
  const [problem, setProblem] = useState(/** @type {Failure | null} */ (null));
  return [problem, (thrown) => setProblem(/** @type {Failure | null} */ (thrown))];
}
