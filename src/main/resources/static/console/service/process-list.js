/**
 * Puts a process into a list in its place.
 *
 * @param {Wire.Process[]} all newest first
 * @param {Wire.Process} process
 * @returns {Wire.Process[]}
 */
export function withProcess(all, process) {
  const known = all.findIndex(({ pid }) => pid === process.pid);
  return known >= 0 ? all.with(known, process) : [process, ...all].sort(newestFirst);
}

/**
 * @param {Wire.Process} a
 * @param {Wire.Process} b
 */
function newestFirst(a, b) {
  return a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : b.pid - a.pid;
}
