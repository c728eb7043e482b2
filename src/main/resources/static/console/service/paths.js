/**
 * Returns the last part of a path.
 *
 * @param {string} file
 */
export function nameOf(file) {
  return file.slice(file.lastIndexOf("/") + 1);
}

/**
 * Returns the path of a name in a directory.
 *
 * @param {string} directory
 * @param {string} name
 */
export function within(directory, name) {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}
