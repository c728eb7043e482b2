import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clock,
  command,
  count,
  size,
  span,
  time,
  words,
} from "../../main/resources/static/console/ui/format.js";

const cases = (format, table) => {
  for (const [given, expected] of table) {
    test(`${format.name} of ${JSON.stringify(given)} is “${expected}”`, () =>
      assert.equal(format(given), expected));
  }
};

cases(size, [
  [null, ""],
  [undefined, ""],
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [1536, "1.5 KiB"],
  [100 * 1024, "100 KiB"],
  [2 ** 20, "1.0 MiB"],
  [10 * 2 ** 30, "10.0 GiB"],
  [2 ** 50, "1024 TiB"],
]);

cases(span, [
  [-5, "0 ms"],
  [999, "999 ms"],
  [1000, "1.0 s"],
  [9_940, "9.9 s"],
  [10_000, "10 s"],
  [59_999, "59 s"],
  [60_000, "1 min 0 s"],
  [3_599_000, "59 min 59 s"],
  [3_600_000, "1 h 0 min"],
  [47 * 3_600_000, "47 h 0 min"],
  [49 * 3_600_000, "2 d 1 h"],
]);

cases(clock, [
  [-1, "0:00"],
  [1, "0:01"],
  [61_000, "1:01"],
  [3_600_000, "1:00:00"],
  [3_661_000, "1:01:01"],
]);

cases(words, [
  [null, ""],
  ["READY", "ready"],
  ["BACKING_OFF", "backing off"],
  ["KILLED_BY_USER", "killed by user"],
]);

cases(command, [
  [{ shell: "echo $HOME | wc", command: ["sh", "-c", "echo $HOME | wc"] }, "echo $HOME | wc"],
  [{ shell: null, command: ["ls", "-l", "/etc/passwd"] }, "ls -l /etc/passwd"],
  [{ shell: null, command: ["echo", "two words", "", "it's"] }, "echo 'two words' '' 'it'\\''s'"],
]);

test("a noun follows its number", () => {
  assert.equal(count(0, "image"), "0 images");
  assert.equal(count(1, "image"), "1 image");
  assert.equal(count(1, "entry", "entries"), "1 entry");
  assert.equal(count(2, "entry", "entries"), "2 entries");
});

test("an instant of today has no date", () => {
  const now = new Date();
  assert.equal(time(now.toISOString()), now.toLocaleTimeString());
  const past = new Date("2001-02-03T04:05:06Z");
  assert.equal(time(past.toISOString()), past.toLocaleString());
  assert.equal(time(null), "");
});
