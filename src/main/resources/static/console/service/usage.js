/**
 * Computes the network rates between two measurements, in bytes per second.
 *
 * @param {Wire.Usage | null} before
 * @param {Wire.Usage} now
 */
export function rates(before, now) {
  const seconds = before ? (Date.parse(now.at) - Date.parse(before.at)) / 1000 : 0;
  const rate = (/** @type {"networkReceivedBytes" | "networkSentBytes"} */ name) =>
    before && seconds > 0 ? Math.max(0, (now[name] - before[name]) / seconds) : 0;
  return { received: rate("networkReceivedBytes"), sent: rate("networkSentBytes") };
}
