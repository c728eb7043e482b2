/**
 * Makes a path; for use as a template tag, which escapes the values.
 *
 * @param {TemplateStringsArray} parts
 * @param {...(string | number)} values
 */
export function path(parts, ...values) {
  return parts.reduce((all, part, i) => all + encodeURIComponent(values[i - 1]) + part);
}

/**
 * Makes a query: arrays are repeated; null, undefined and empty values are left out.
 *
 * @param {Record<string, unknown>} parameters
 */
export function query(parameters) {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of [value].flat()) {
      if (each !== null && each !== undefined && each !== "") {
        all.append(name, String(each));
      }
    }
  }
  const text = all.toString();
  return text ? `?${text}` : "";
}
