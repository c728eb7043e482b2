import assert from "node:assert/strict";
import { test } from "node:test";
import { PendingInput } from "../../main/resources/static/console/service/pending-input.js";

const bytes = (text) => new TextEncoder().encode(text);

/** Sends everything that is to be sent; what that is. */
const send = (input) => {
  let sent = "";
  for (let piece = input.next(); piece; piece = input.next()) {
    sent += new TextDecoder().decode(piece);
  }
  return sent;
};

const typed = (...pieces) => {
  const input = new PendingInput();
  pieces.forEach((piece) => input.add(bytes(piece)));
  return input;
};

test("nothing is sent before the process has told what it has taken", () => {
  const input = typed("ls\n");
  assert.equal(input.started, false);
  assert.equal(send(input), "");
  input.connected(0);
  assert.equal(send(input), "ls\n");
});

test("a piece is sent once on a connection", () => {
  const input = typed("a");
  input.connected(0);
  assert.equal(send(input), "a");
  assert.equal(send(input), "");
  input.add(bytes("b"));
  assert.equal(send(input), "b");
});

test("what the process has not taken is sent again on the next connection", () => {
  const input = typed("one ", "two ", "three");
  input.connected(0);
  assert.equal(send(input), "one two three");
  input.takenUpTo(4);
  input.connected(4);
  assert.equal(send(input), "two three");
});

test("a piece that was taken in part is sent from where that ended", () => {
  const input = typed("abcdef", "gh");
  input.connected(0);
  send(input);
  input.connected(2);
  assert.equal(send(input), "cdefgh");
  input.connected(7);
  assert.equal(send(input), "h");
  input.connected(8);
  assert.equal(send(input), "");
});

test("what was taken before this page came is not counted against what is typed in it", () => {
  const input = typed("mine");
  input.connected(1000);
  assert.equal(send(input), "mine");
  input.takenUpTo(1002);
  input.connected(1002);
  assert.equal(send(input), "ne");
});

test("a count that comes late takes nothing back", () => {
  const input = typed("abcd");
  input.connected(0);
  send(input);
  input.takenUpTo(3);
  input.takenUpTo(2);
  input.connected(3);
  assert.equal(send(input), "d");
});

test("what is typed while nothing is connected follows what was not taken", () => {
  const input = typed("a");
  input.connected(0);
  send(input);
  input.add(bytes("b"));
  input.connected(0);
  assert.equal(send(input), "ab");
});

test("counts that arrive between pieces leave those that are still to be sent", () => {
  const input = typed("a", "b", "c");
  input.connected(0);
  assert.equal(new TextDecoder().decode(input.next()), "a");
  input.takenUpTo(1);
  assert.equal(send(input), "bc");
});

test("nothing is left after somebody else has become the writer", () => {
  const input = typed("mine");
  input.connected(0);
  input.clear();
  input.takenUpTo(9);
  input.add(bytes("later"));
  assert.equal(send(input), "later");
  input.connected(12);
  assert.equal(send(input), "er");
});

test("at whatever byte each of three connections breaks, the process gets every byte once", () => {
  const text = "echo 'ü'; exit\n";
  const whole = bytes(text).length;
  for (let first = 0; first <= whole; first++) {
    for (let second = first; second <= whole; second++) {
      const input = typed(...text.match(/.{1,4}|\n/gsu));
      const stdin = [];
      const takes = (upTo) => {
        const arrived = [];
        for (let piece = input.next(); piece; piece = input.next()) {
          arrived.push(...piece);
        }
        stdin.push(...arrived.slice(0, upTo - stdin.length));
      };
      input.connected(0);
      takes(first);
      input.connected(first);
      takes(second);
      input.connected(second);
      takes(whole);
      assert.equal(new TextDecoder().decode(Uint8Array.from(stdin)), text, `${first}, ${second}`);
    }
  }
});
