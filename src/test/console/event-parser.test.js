import assert from "node:assert/strict";
import { test } from "node:test";
import { EventParser } from "../../main/resources/static/console/service/event-parser.js";

const STREAM = [
  ": comment",
  "",
  "event: output",
  "id: 7",
  'data: {"stream":"stdout",',
  'data: "data":"a: b"}',
  "",
  'data:"no space"',
  "",
  "event: end",
  "data: {}",
  "",
  "",
].join("\n");

const EVENTS = [
  { type: "output", data: { stream: "stdout", data: "a: b" }, id: "7" },
  { type: "message", data: "no space", id: null },
  { type: "end", data: {}, id: null },
];

test("events are complete with their empty line, wherever the text is cut", () => {
  for (let at = 0; at <= STREAM.length; at++) {
    const parser = new EventParser();
    const events = [...parser.add(STREAM.slice(0, at)), ...parser.add(STREAM.slice(at))];
    assert.deepEqual(events, EVENTS, `cut at ${at}`);
  }
});

test("lines may end with CR LF", () => {
  assert.deepEqual(new EventParser().add(STREAM.replaceAll("\n", "\r\n")), EVENTS);
});

test("what has no data is no event", () => {
  assert.deepEqual(new EventParser().add("event: ping\nid: 3\n\n: keep-alive\n\n"), []);
});

test("data that is not JSON is an error", () => {
  assert.throws(() => new EventParser().add("data: {\n\n"), SyntaxError);
});
