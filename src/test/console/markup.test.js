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

/**
 * Lists the children of each element of a template that has text among them, and those at its top.
 *
 * @param {ReturnType<typeof tokens>} parts
 */
const mixed = (parts) => {
  const all = [[]];
  const open = [all[0]];
  for (const part of parts) {
    if (part.kind === "close") {
      open.pop();
    } else {
      open.at(-1)?.push(part);
      if (part.kind === "open") {
        all.push([]);
        open.push(all.at(-1));
      }
    }
  }
  return all.filter((children) =>
    children.some(({ kind, text }) => kind === "text" && text.trim() !== ""),
  );
};

test("no space between words is lost at a line break", () => {
  const lost = [];
  for (const { where, parts } of everywhere()) {
    for (const children of mixed(parts)) {
      children.forEach(({ kind, text }, i) => {
        // HTML has a space there, and so has the formatter; htm has none. Write ${" "}.
        const breaks = [
          i > 0 && !children[i - 1].text.startsWith("<br") && /^\s*\n/.test(text),
          children[i + 1] && /\n\s*$/.test(text),
        ];
        if (
          kind === "text" &&
          (text.trim() === "" ? breaks[0] && breaks[1] : breaks.some(Boolean))
        ) {
          lost.push(`${where}: “${text}” after ${children[i - 1]?.text}`);
        }
      });
    }
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
