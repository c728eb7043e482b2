import assert from "node:assert/strict";
import { test } from "node:test";
import { path, query } from "../../main/resources/static/console/service/address.js";
import { Backoff } from "../../main/resources/static/console/service/backoff.js";
import { BLANK, creationOf } from "../../main/resources/static/console/service/creation.js";
import { pairs } from "../../main/resources/static/console/service/pairs.js";
import { nameOf, within } from "../../main/resources/static/console/service/paths.js";
import { Problem } from "../../main/resources/static/console/service/problem.js";
import { withProcess } from "../../main/resources/static/console/service/process-list.js";
import { rates } from "../../main/resources/static/console/service/usage.js";

test("what is put into a path is escaped", () => {
  assert.equal(path`/v1/sandboxes/${"sb-1"}/processes/${7}`, "/v1/sandboxes/sb-1/processes/7");
  assert.equal(path`/volumes/${"a/b?c#d e"}/x`, "/volumes/a%2Fb%3Fc%23d%20e/x");
  assert.equal(path`/plain`, "/plain");
});

test("a query has what was given", () => {
  assert.equal(query({ limit: 100, cursor: null, name: undefined, empty: "" }), "?limit=100");
  assert.equal(query({ path: "/a b&c", all: false, n: 0 }), "?path=%2Fa+b%26c&all=false&n=0");
  assert.equal(query({ label: ["a:1", "b:2"] }), "?label=a%3A1&label=b%3A2");
  assert.equal(query({}), "");
});

test("pauses double up to four seconds, and begin again after a success", () => {
  const backoff = new Backoff();
  const pauses = (n) => Array.from({ length: n }, () => backoff.next());
  assert.deepEqual(pauses(7), [250, 500, 1000, 2000, 4000, 4000, 4000]);
  backoff.reset();
  assert.deepEqual(pauses(2), [250, 500]);
});

test("lines of name=value are parsed", () => {
  assert.deepEqual(pairs("A=1\n\n  B = two words =\nC=\n", "Labels"), {
    A: "1",
    B: " two words =",
    C: "",
  });
  assert.equal(pairs(" \n\n", "Labels"), undefined);
});

test("a line that is none is named", () => {
  for (const wrong of ["novalue", "=value"]) {
    assert.throws(
      () => pairs(`A=1\n${wrong}`, "Labels"),
      (error) => error instanceof Problem && error.message.includes(`Labels: “${wrong}”`),
    );
  }
});

/** What is sent as JSON, in which undefined fields are left out. */
const sent = (form) => JSON.parse(JSON.stringify(creationOf({ ...BLANK, ...form })));

test("a blank form asks for the defaults", () => {
  assert.deepEqual(sent({}), {
    image: "debian:trixie-slim",
    docker: { enabled: true },
    ttl: "PT1H",
  });
});

test("a template decides what the form does not say", () => {
  assert.deepEqual(sent({ template: "small", memory: " 256Mi ", ttl: "" }), {
    template: "small",
    ttl: null,
    resources: { memory: "256Mi" },
  });
});

test("every field is sent", () => {
  assert.deepEqual(
    sent({
      image: " busybox ",
      name: " build ",
      dockerVersion: "28.5.1",
      cpu: "1,5",
      memory: "2Gi",
      pids: "64",
      disk: "10Gi",
      network: "none",
      isolation: "userns",
      workdir: "/workspace",
      start: true,
      labels: "team=web",
      env: "A=1",
    }),
    {
      image: "busybox",
      name: "build",
      docker: { enabled: true, version: "28.5.1" },
      ttl: "PT1H",
      resources: { cpu: 1.5, memory: "2Gi", pids: 64, disk: "10Gi" },
      network: { mode: "none" },
      isolation: "userns",
      workdir: "/workspace",
      start: "image",
      labels: { team: "web" },
      env: { A: "1" },
    },
  );
});

test("a sandbox without Docker has no version of it", () => {
  assert.deepEqual(sent({ docker: false, dockerVersion: "28.5.1" }).docker, { enabled: false });
});

test("paths are taken apart and put together", () => {
  assert.equal(nameOf("/etc/passwd"), "passwd");
  assert.equal(nameOf("/"), "");
  assert.equal(within("/", "etc"), "/etc");
  assert.equal(within("/etc", "passwd"), "/etc/passwd");
});

test("a process takes its place in the list, newest first", () => {
  const at = (pid, second) => ({ pid, startedAt: `2026-01-01T00:00:0${second}Z` });
  const all = [at(9, 3), at(8, 1)];
  const pids = (list) => list.map(({ pid }) => pid);
  assert.deepEqual(pids(withProcess(all, at(10, 4))), [10, 9, 8]);
  assert.deepEqual(pids(withProcess(all, at(7, 2))), [9, 7, 8]);
  assert.deepEqual(pids(withProcess(all, at(10, 3))), [10, 9, 8]);
  const changed = { ...at(8, 1), state: "EXITED" };
  assert.deepEqual(withProcess(all, changed), [all[0], changed]);
});

test("rates are of the time between two measurements", () => {
  const usage = (second, received, sent) => ({
    at: `2026-01-01T00:00:0${second}Z`,
    networkReceivedBytes: received,
    networkSentBytes: sent,
  });
  assert.deepEqual(rates(null, usage(1, 500, 500)), { received: 0, sent: 0 });
  assert.deepEqual(rates(usage(1, 100, 0), usage(3, 500, 50)), { received: 200, sent: 25 });
  // The counters begin anew with the network.
  assert.deepEqual(rates(usage(1, 100, 0), usage(3, 50, 2)), { received: 0, sent: 1 });
  assert.deepEqual(rates(usage(1, 100, 0), usage(1, 500, 50)), { received: 0, sent: 0 });
});
