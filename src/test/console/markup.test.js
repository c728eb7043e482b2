import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { components, files, modules, templates, tokens, usage } from "./templates.js";

const sources = modules();

/** The same for every module: where a template is, and what it consists of. */
function* everywhere() {
  for (const { name, tree } of sources) {
    for (const template of templates(tree)) {
      yield { ...template, where: `${name}:${template.line}`, parts: tokens(template.statics) };
    }
  }
}

test("no space between words is lost at a line break", () => {
  const lost = [];
  for (const { where, parts } of everywhere()) {
    parts.forEach(({ kind, text }, i) => {
      if (kind !== "text" || text.trim() === "") {
        return;
      }
      // HTML has a space there, and so has the formatter; htm has none. Write ${" "}.
      const [before, after] = [parts[i - 1]?.kind, parts[i + 1]?.kind];
      if (/^\s*\n/.test(text) && before && before !== "open") {
        lost.push(`${where}: before “${text.trim()}”`);
      }
      if (/\n\s*$/.test(text) && after && after !== "close") {
        lost.push(`${where}: after “${text.trim()}”`);
      }
    });
  }
  assert.deepEqual(lost, []);
});

test("components are given only props that they take", () => {
  const unknown = [];
  let seen = 0;
  const exported = new Map();
  for (const { tree } of sources) {
    components(tree).forEach((props, name) => exported.set(name, props));
  }
  for (const { name, tree } of sources) {
    const own = components(tree);
    for (const { line, statics, values } of templates(tree)) {
      for (const { kind, text } of tokens(statics)) {
        const used = kind === "open" || kind === "empty" ? usage(text, values) : null;
        const takes = used && (own.get(used.component) ?? exported.get(used.component));
        if (takes) {
          seen++;
          unknown.push(
            ...used.props
              .filter((prop) => prop !== "key" && !takes.has(prop))
              .map((prop) => `${name}:${line}: ${used.component} takes no ${prop}`),
          );
        }
      }
    }
  }
  assert.ok(seen > 100, `${seen} components were seen`);
  assert.deepEqual(unknown, []);
});

test("no line is longer than 120 characters", () => {
  const long = files().flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.length > 120)
      .map((line) => `${file}: ${line.trim()}`),
  );
  assert.deepEqual(long, []);
});
