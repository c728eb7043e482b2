import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode } from "../../main/resources/static/console/service/text-file.js";

const bytes = (text) => new TextEncoder().encode(text);

for (const text of ["", "one\ntwo\n", "one\r\ntwo\r\n", "no end", "ü €\n", "\ufeffwith a mark\n"]) {
  test(`${JSON.stringify(text)} is the same when it is saved unchanged`, () => {
    const file = decode(bytes(text));
    assert.equal(file.why, null);
    assert.doesNotMatch(file.text, /\r/);
    assert.deepEqual(bytes(encode(file.text, file.windows)), bytes(text));
  });
}

for (const text of ["a\nb\r\n", "a\rb", "a\r\nb\rc", "a\r\r\nb"]) {
  test(`${JSON.stringify(text)} mixes line endings, and is not opened`, () => {
    assert.match(decode(bytes(text)).why, /line endings/);
  });
}

for (const data of [[0xff, 0xfe], [0x61, 0, 0x62], [0xc3]]) {
  test(`the bytes ${data} are not text`, () => {
    const file = decode(Uint8Array.from(data));
    assert.equal(file.text, null);
    assert.match(file.why, /not a text file/);
  });
}
