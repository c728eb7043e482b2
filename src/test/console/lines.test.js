import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Lines } from "../../main/resources/static/console/service/lines.js";

/** What the browser draws next. */
let frame = [];
globalThis.requestAnimationFrame = (draw) => frame.push(draw);
const draw = () => frame.splice(0).forEach((each) => each());

const texts = (lines) => lines.all.map(({ stream, text }) => `${stream}: ${text}`);

beforeEach(() => draw());

test("pieces are joined to lines, wherever they are cut", () => {
  const text = "one\ntwo\r\n\nlast";
  for (let at = 0; at <= text.length; at++) {
    const lines = new Lines();
    lines.add("stdout", text.slice(0, at), null);
    lines.add("stdout", text.slice(at), null);
    assert.deepEqual(
      texts(lines),
      ["stdout: one", "stdout: two", "stdout: ", "stdout: last"],
      `cut at ${at}`,
    );
  }
});

test("streams do not cut each other's lines, and lines are in the order of their beginnings", () => {
  const lines = new Lines();
  lines.add("stdout", "begun ", null);
  lines.add("stderr", "error\n", null);
  lines.add("stdout", "and ended\nnext", null);
  assert.deepEqual(texts(lines), ["stdout: begun and ended", "stderr: error", "stdout: next"]);
  assert.deepEqual(
    lines.all.map(({ number }) => number),
    [1, 2, 3],
  );
});

test("a line shows what a terminal would", () => {
  const lines = new Lines();
  lines.add("stdout", "\x1b[1;31mred\x1b[0m and \x1b]0;title\x07plain\x08\n", null);
  lines.add("stdout", " 10 %\r 50 %\r100 %\n", null);
  lines.add("stdout", "tab\tstays\n", null);
  assert.deepEqual(texts(lines), ["stdout: red and plain", "stdout: 100 %", "stdout: tab\tstays"]);
});

test("a line that is overwritten many times shows the last", () => {
  const lines = new Lines();
  for (let i = 0; i < 10_000; i++) {
    lines.add("stdout", `\r${i} of 10000 ${"=".repeat(100)}`, null);
  }
  assert.equal(lines.all.length, 1);
  assert.match(lines.all[0].text, /^9999 of 10000 =+$/);
});

test("a line of any length is cut", () => {
  const lines = new Lines();
  lines.add("stdout", "x".repeat(100_000), null);
  assert.equal(lines.all[0].text.length, 4_000);
});

test("the oldest of too many lines are dropped, and counted", () => {
  const lines = new Lines();
  for (let i = 1; i <= 60_000; i++) {
    lines.add("stdout", `${i}\n`, null);
  }
  assert.equal(lines.dropped + lines.all.length, 60_000);
  assert.ok(lines.all.length >= 50_000 && lines.all.length <= 55_000, `${lines.all.length}`);
  assert.equal(lines.all[0].number, lines.dropped + 1);
  assert.equal(lines.all.at(-1).text, "60000");
});

test("a note has no number, and cuts no line", () => {
  const lines = new Lines();
  lines.add("stdout", "be", null);
  lines.note("something is missing");
  lines.add("stdout", "gun\nnext\n", null);
  assert.deepEqual(
    lines.all.map(({ number, text }) => [number, text]),
    [
      [1, "begun"],
      [null, "something is missing"],
      [2, "next"],
    ],
  );
});

test("listeners are called once a frame, however much arrives", () => {
  const lines = new Lines();
  let calls = 0;
  const end = lines.subscribe(() => calls++);
  lines.add("stdout", "a\n", null);
  lines.add("stdout", "b\n", null);
  assert.equal(calls, 0);
  draw();
  assert.equal(calls, 1);
  draw();
  assert.equal(calls, 1);
  lines.clear();
  draw();
  assert.equal(calls, 2);
  assert.equal(lines.all.length, 0);
  end();
  lines.add("stdout", "c\n", null);
  draw();
  assert.equal(calls, 2);
});
