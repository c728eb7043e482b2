import assert from "node:assert/strict";
import { test } from "node:test";
import { coalesce } from "../../main/resources/static/console/service/coalesce.js";

/** A reading whose answers are given by the test. */
const reading = () => {
  const asked = [];
  const read = coalesce(() => new Promise((resolve, reject) => asked.push({ resolve, reject })));
  return { asked, read };
};

test("one reading is on its way and one waits, however often it is asked for", async () => {
  const { asked, read } = reading();
  const first = read();
  const others = [read(), read(), read()];
  assert.equal(asked.length, 1);
  asked[0].resolve("old");
  assert.equal(await first, "old");
  await Promise.resolve();
  assert.equal(asked.length, 2);
  asked[1].resolve("new");
  assert.deepEqual(await Promise.all(others), ["new", "new", "new"]);
  assert.equal(asked.length, 2);
});

test("each call is answered by a reading that began after it", async () => {
  const { asked, read } = reading();
  read();
  const second = read();
  asked[0].resolve();
  await new Promise(setImmediate);
  const third = read();
  assert.equal(asked.length, 2);
  asked[1].resolve("second");
  assert.equal(await second, "second");
  await new Promise(setImmediate);
  asked[2].resolve("third");
  assert.equal(await third, "third");
});

test("a reading that fails does not end those that follow", async () => {
  const { asked, read } = reading();
  const first = read();
  const second = read();
  asked[0].reject(new Error("away"));
  await assert.rejects(first, /away/);
  await new Promise(setImmediate);
  asked[1].resolve("back");
  assert.equal(await second, "back");
  const third = read();
  assert.equal(asked.length, 3);
  asked[2].resolve("again");
  assert.equal(await third, "again");
});
