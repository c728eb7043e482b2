import { useState } from "./html.js";
import { within } from "../service/paths.js";

/** @import { Files, Upload } from "../service/files.js" */

/**
 * Uploads files to a directory, one after the other; for use in a component.
 *
 * @param {Files} files
 * @param {string} directory
 * @param {(problem: unknown) => void} onProblem called with the problem of each file that fails,
 *   and with null when an upload begins
 */
export function useUploads(files, directory, onProblem) {
  const [uploads, setUploads] = useState(/** @type {{ name: string, share: number }[]} */ ([]));
  const upload = async (/** @type {Upload[]} */ all) => {
    onProblem(null);
    for (const { file, name } of all) {
      const others = (/** @type {typeof uploads} */ now) =>
        now.filter((each) => each.name !== name);
      const progress = (/** @type {number} */ share) =>
        setUploads((now) => [...others(now), { name, share }]);
      progress(0);
      try {
        await files.write(within(directory, name), file, { progress });
      } catch (problem) {
        onProblem(problem);
      } finally {
        setUploads(others);
      }
    }
  };
  return { uploads, upload };
}
