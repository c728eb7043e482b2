import { key, signOut } from "./key.js";
import { Problem } from "./problem.js";

/** Returns the header that every request carries. */
export function authorization() {
  return { Authorization: `Bearer ${key.value}` };
}

/**
 * Reads a problem from an answer; signs out if the key is no longer accepted.
 *
 * @param {Response} response
 */
export async function problem(response) {
  const body = await response.json().catch(() => ({}));
  if (response.status === 401 && body.code === "UNAUTHORIZED") {
    signOut("The service no longer accepts this key.");
  }
  return new Problem(response.status, body);
}

/**
 * @typedef {object} RequestOptions
 * @property {unknown} [json] the body, as JSON
 * @property {BodyInit} [body]
 * @property {Record<string, string>} [headers]
 * @property {AbortSignal} [signal]
 */

/**
 * Sends a request.
 *
 * @param {string} method
 * @param {string} address
 * @param {RequestOptions} options
 * @returns {Promise<Response>} the answer; a failure is thrown as a Problem
 */
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
    throw signal?.aborted ? error : Problem.unreachable();
  }
  if (!response.ok) {
    throw await problem(response);
  }
  return response;
}

/** @param {Response} response */
async function content(response) {
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

/**
 * Sends a request and reads the JSON of the answer, which is typed where it is used.
 *
 * @param {string} address
 * @param {RequestOptions} [options]
 * @returns {Promise<any>}
 */
export const get = async (address, options) => content(await ask("GET", address, options));

/**
 * @param {string} address
 * @param {unknown} [json]
 * @param {RequestOptions} [options]
 * @returns {Promise<any>}
 */
export const post = async (address, json, options) =>
  content(await ask("POST", address, { json, ...options }));

/**
 * @param {string} address
 * @param {unknown} json
 * @returns {Promise<any>}
 */
export const put = async (address, json) => content(await ask("PUT", address, { json }));

/**
 * @param {string} address
 * @param {unknown} json
 * @returns {Promise<any>}
 */
export const patch = async (address, json) => content(await ask("PATCH", address, { json }));

/**
 * @param {string} address
 * @returns {Promise<any>}
 */
export const remove = async (address) => content(await ask("DELETE", address));

/** Makes a key by which a request can be repeated safely; randomUUID needs TLS or localhost. */
export function idempotencyKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
