import { key, signOut } from "./key.js";

/** What the service said no to, or that it could not be asked. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? `The service answered with ${status}.`);
    this.status = status;
    this.code = body.code ?? null;
    this.body = body;
  }

  /** That nothing answered: the service is away, or the network. */
  static unreachable() {
    return new Problem(0, {
      code: "UNREACHABLE",
      detail:
        "The service does not answer. Sandboxes run on without it; this page comes back when it does.",
    });
  }
}

/** The header that every call carries. */
export function authorization() {
  return { Authorization: `Bearer ${key.value}` };
}

/** A path with everything in it that is put in escaped. */
export function path(parts, ...values) {
  return parts.reduce((all, part, i) => all + encodeURIComponent(values[i - 1]) + part);
}

/** A query of what is given; arrays are repeated, null and undefined left out. */
export function query(parameters) {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of [value].flat()) {
      if (each !== null && each !== undefined && each !== "") {
        all.append(name, each);
      }
    }
  }
  const text = all.toString();
  return text ? `?${text}` : "";
}

/** A problem out of an answer that is one. */
export async function problem(response) {
  const body = await response.json().catch(() => ({}));
  if (response.status === 401 && body.code === "UNAUTHORIZED") {
    signOut("The service does not take this key any more.");
  }
  return new Problem(response.status, body);
}

/** Asks; the answer as it came, if it is no problem. */
export async function ask(method, address, { json, body, headers, signal } = {}) {
  let response;
  try {
    response = await fetch(address, {
      method,
      signal,
      cache: "no-store",
      headers: {
        ...authorization(),
        ...(json === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: json === undefined ? body : JSON.stringify(json),
    });
  } catch (error) {
    throw error.name === "AbortError" ? error : Problem.unreachable();
  }
  if (!response.ok) {
    throw await problem(response);
  }
  return response;
}

async function content(response) {
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

/** Asks, and reads the JSON of the answer. */
export const get = async (address, options) => content(await ask("GET", address, options));
export const post = async (address, json, options) =>
  content(await ask("POST", address, { json, ...options }));
export const put = async (address, json) => content(await ask("PUT", address, { json }));
export const patch = async (address, json) => content(await ask("PATCH", address, { json }));
export const remove = async (address) => content(await ask("DELETE", address));

/** What makes a start safe to repeat. Not randomUUID: that needs TLS or this very host. */
export function idempotencyKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
