import { pairs } from "./pairs.js";

/** A blank form for a new sandbox, with the defaults of its fields. */
export const BLANK = {
  template: "",
  image: "debian:trixie-slim",
  name: "",
  docker: true,
  dockerVersion: "",
  ttl: "PT1H",
  cpu: "",
  memory: "",
  pids: "",
  disk: "",
  network: "open",
  isolation: "",
  workdir: "",
  start: false,
  labels: "",
  env: "",
};

/**
 * Makes the request for a new sandbox from its form. Fields that were left blank are left out, so
 * that the template or the service decides.
 *
 * @param {typeof BLANK} form
 * @returns {Wire.SandboxCreation}
 */
export function creationOf(form) {
  const resources = {
    cpu: number(form.cpu.replace(",", ".")),
    memory: filled(form.memory),
    pids: number(form.pids),
    disk: filled(form.disk),
  };
  return {
    template: filled(form.template),
    image: form.template ? undefined : form.image.trim(),
    name: filled(form.name),
    docker: form.template
      ? undefined
      : {
          enabled: form.docker,
          version: form.docker ? filled(form.dockerVersion) : undefined,
        },
    ttl: form.ttl || null,
    resources: Object.values(resources).some((value) => value !== undefined)
      ? resources
      : undefined,
    network: form.network === "none" ? { mode: "none" } : undefined,
    isolation: filled(form.isolation),
    workdir: filled(form.workdir),
    start: form.start ? "image" : undefined,
    labels: pairs(form.labels, "Labels"),
    env: pairs(form.env, "Environment variables"),
  };
}

/**
 * Returns the text of a field, or undefined if it is blank.
 *
 * @param {string} value
 */
export function filled(value) {
  return value.trim() === "" ? undefined : value.trim();
}

/** @param {string} value */
function number(value) {
  return filled(value) === undefined ? undefined : Number(value);
}
