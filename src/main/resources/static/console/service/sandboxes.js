import { Store } from "../ui/store.js";
import { path, query } from "./address.js";
import { get } from "./api.js";
import { coalesce } from "./coalesce.js";
import { follow } from "./events.js";

/** @import { Failure, Problem } from "./problem.js" */

const PAGE = 100;

/** The sandboxes that have been read, newest first; null until then. */
export const sandboxes = new Store(/** @type {Wire.Sandbox[] | null} */ (null));

/** Where the next page begins; null if there is none. */
export const nextCursor = new Store(/** @type {string | null} */ (null));

/** Whether the service sends its events at the moment. */
export const connected = new Store(true);

/** Why the sandboxes cannot be read. */
export const failure = new Store(/** @type {Failure | null} */ (null));

/** The progress of the image that a sandbox waits for, by the sandbox's ID. */
export const pulls = new Store(/** @type {Record<string, string>} */ ({}));

/** @typedef {(event: Wire.SandboxEvent | null) => void} SandboxListener */

/** @type {Set<SandboxListener>} */
const listeners = new Set();
/** @type {Map<string, () => Promise<Problem | null>>} */
const readers = new Map();
/** @type {(() => void) | null} */
let end = null;

/**
 * Calls a listener with every event of every sandbox, or with null if some may have been missed.
 *
 * @param {SandboxListener} listener
 * @returns {() => void} ends that
 */
export function onEvent(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Begins to follow the events of all sandboxes, by one connection for the whole page. */
export function startFollowing() {
  end ??= follow("/v1/events", {
    opened: (again, resumed) => {
      connected.value = true;
      if (!resumed || sandboxes.value === null) {
        readAll();
      }
      if (again && !resumed) {
        notify(null);
      }
    },
    event: ({ type, data }) => {
      if (type === "gap") {
        readAll();
        notify(null);
      } else {
        take(data);
      }
    },
    broken: () => (connected.value = false),
    refused: (problem) => (failure.value = problem),
  });
}

/** Stops following, and forgets what was read with a key that is no longer used. */
export function stopFollowing() {
  end?.();
  end = null;
  readers.clear();
  sandboxes.value = null;
  nextCursor.value = null;
  failure.value = null;
  pulls.value = {};
  connected.value = true;
}

/** @param {Wire.SandboxEvent | null} event */
function notify(event) {
  for (const listener of [...listeners]) {
    listener(event);
  }
}

/** @param {Wire.SandboxEvent} event */
function take(event) {
  if (event.type === "image") {
    pulls.value = { ...pulls.value, [event.sandbox]: event.data.progress };
  } else if (event.type !== "process") {
    refresh(event.sandbox);
  }
  notify(event);
}

const readAll = coalesce(async () => {
  /** @type {Set<string>} */
  const meanwhile = new Set();
  const stop = onEvent((event) => event && meanwhile.add(event.sandbox));
  try {
    const page = await get(`/v1/sandboxes${query({ limit: PAGE })}`);
    failure.value = null;
    nextCursor.value = page.nextCursor ?? null;
    sandboxes.value = page.items;
  } catch (problem) {
    failure.value = /** @type {Failure} */ (problem);
  } finally {
    stop();
  }
  // The page may have been read before what has happened meanwhile.
  meanwhile.forEach(refresh);
});

/** Reads the next page. */
export async function readMore() {
  const page = await get(`/v1/sandboxes${query({ limit: PAGE, cursor: nextCursor.value })}`);
  nextCursor.value = page.nextCursor ?? null;
  const before = sandboxes.value ?? [];
  const known = new Set(before.map(({ id }) => id));
  sandboxes.value = [
    ...before,
    ...page.items.filter((/** @type {Wire.Sandbox} */ { id }) => !known.has(id)),
  ];
}

/**
 * Reads one sandbox again.
 *
 * @param {string} id
 * @returns {Promise<Problem | null>} why it could not be read
 */
export function refresh(id) {
  let reader = readers.get(id);
  if (!reader) {
    reader = coalesce(() => readOne(id));
    readers.set(id, reader);
  }
  return reader();
}

/**
 * @param {string} id
 * @returns {Promise<Problem | null>}
 */
async function readOne(id) {
  try {
    update(await get(path`/v1/sandboxes/${id}`));
    return null;
  } catch (error) {
    const problem = /** @type {Problem} */ (error);
    if (problem.status === 404) {
      readers.delete(id);
      sandboxes.value = (sandboxes.value ?? []).filter((each) => each.id !== id);
    }
    return problem;
  }
}

/**
 * Takes over what a sandbox is now.
 *
 * @param {Wire.Sandbox} sandbox
 */
export function update(sandbox) {
  const all = sandboxes.value ?? [];
  const known = all.findIndex(({ id }) => id === sandbox.id);
  if (known >= 0) {
    sandboxes.value = all.with(known, sandbox);
  } else {
    sandboxes.value = [...all, sandbox].sort((a, b) =>
      a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0,
    );
  }
  if (sandbox.state !== "STARTING" && pulls.value[sandbox.id]) {
    const { [sandbox.id]: _, ...rest } = pulls.value;
    pulls.value = rest;
  }
}
