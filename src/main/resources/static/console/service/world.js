import { Store } from "../ui/store.js";
import { get, path, query } from "./api.js";
import { follow } from "./events.js";

const PAGE = 100;

/** All sandboxes that are known of, newest first; null until they were read. */
export const sandboxes = new Store(null);

/** Where the next page begins; null where there is none. */
export const more = new Store(null);

/** Whether what happens is told at the moment. */
export const connected = new Store(true);

/** Why the sandboxes cannot be read. */
export const failure = new Store(null);

/** How far an image is that a sandbox waits for, by its id. */
export const pulls = new Store({});

const listeners = new Set();
const reading = new Map();
let end = null;

/** Tells of every event of every sandbox; null says that some may have been missed. */
export function onEvent(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Begins to follow: one connection for all that this page shows. */
export function begin() {
  end ??= follow("/v1/events", {
    opened: (again, resumed) => {
      connected.value = true;
      if (!resumed || sandboxes.value === null) {
        readAll();
      }
      if (again && !resumed) {
        tell(null);
      }
    },
    event: ({ type, data }) => {
      if (type === "gap") {
        readAll();
        tell(null);
      } else {
        take(data);
      }
    },
    broken: () => (connected.value = false),
    refused: (problem) => (failure.value = problem),
  });
}

/** Ends it, and forgets what was seen with a key that is given back. */
export function forget() {
  end?.();
  end = null;
  sandboxes.value = null;
  more.value = null;
  failure.value = null;
  pulls.value = {};
  connected.value = true;
}

function tell(event) {
  for (const listener of [...listeners]) {
    listener(event);
  }
}

function take(event) {
  if (event.type === "image") {
    pulls.value = { ...pulls.value, [event.sandbox]: event.data.progress };
  } else if (event.type !== "process") {
    read(event.sandbox);
  }
  tell(event);
}

async function readAll() {
  const meanwhile = new Set();
  const end = onEvent((event) => event && meanwhile.add(event.sandbox));
  try {
    const page = await get(`/v1/sandboxes${query({ limit: PAGE })}`);
    failure.value = null;
    more.value = page.nextCursor ?? null;
    sandboxes.value = page.items;
  } catch (problem) {
    failure.value = problem;
  } finally {
    end();
  }
  // What happened to them may not be in the page yet.
  meanwhile.forEach(read);
}

/** Reads the next page. */
export async function readMore() {
  const page = await get(`/v1/sandboxes${query({ limit: PAGE, cursor: more.value })}`);
  more.value = page.nextCursor ?? null;
  const known = new Set(sandboxes.value.map(({ id }) => id));
  sandboxes.value = [...sandboxes.value, ...page.items.filter(({ id }) => !known.has(id))];
}

/** Reads one anew; however many events there are, one question is on its way and one waits. */
export function read(id) {
  const running = reading.get(id);
  if (running) {
    running.again = true;
    return running.done;
  }
  const state = { again: false };
  reading.set(id, state);
  state.done = (async () => {
    try {
      do {
        state.again = false;
        put(await get(path`/v1/sandboxes/${id}`));
      } while (state.again);
    } catch (problem) {
      if (problem.status === 404) {
        sandboxes.value = (sandboxes.value ?? []).filter((each) => each.id !== id);
      }
      return problem;
    } finally {
      reading.delete(id);
    }
    return null;
  })();
  return state.done;
}

/** This is how one is now. */
export function put(sandbox) {
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
