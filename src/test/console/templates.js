import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ts = createRequire(import.meta.url)("../../../target/contract/node_modules/typescript");

/** Where the console's files are. */
export const CONSOLE = fileURLToPath(
  new URL("../../main/resources/static/console", import.meta.url),
);

/**
 * Reads the console's modules, without the vendored ones.
 *
 * @returns {{ name: string, tree: any }[]} `tree` is as TypeScript parses it
 */
export function modules() {
  return readdirSync(CONSOLE, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js") && !name.startsWith("vendor"))
    .map((name) => ({
      name,
      tree: ts.createSourceFile(
        name,
        readFileSync(join(CONSOLE, name), "utf8"),
        ts.ScriptTarget.Latest,
        true,
      ),
    }));
}

/**
 * Lists the console's own files, whose lines the formatter breaks, unless it cannot.
 *
 * @returns {string[]}
 */
export function files() {
  return readdirSync(CONSOLE, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(js|css)$/.test(name) && !name.startsWith("vendor"))
    .map((name) => join(CONSOLE, name));
}

/** @param {any} node */
function* descendants(node) {
  const children = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) {
    yield child;
    yield* descendants(child);
  }
}

/**
 * Finds the html`…` templates of a module, those nested in others too.
 *
 * @param {any} tree
 * @returns {{ line: number, statics: string[], values: string[] }[]} `values` are the expressions
 *   between the static parts
 */
export function templates(tree) {
  return [...descendants(tree)]
    .filter((node) => ts.isTaggedTemplateExpression(node) && node.tag.getText() === "html")
    .map(({ template, pos }) => {
      const spans = template.templateSpans ?? [];
      return {
        line: tree.getLineAndCharacterOfPosition(template.getStart()).line + 1,
        statics: [(template.head ?? template).text, ...spans.map((span) => span.literal.text)],
        values: spans.map((span) => span.expression.getText()),
      };
    });
}

/**
 * Finds the components of a module, and the props that each takes.
 *
 * @param {any} tree
 * @returns {Map<string, Set<string>>}
 */
export function components(tree) {
  return new Map(
    [...descendants(tree)]
      .filter((node) => ts.isFunctionDeclaration(node) && /^[A-Z]/.test(node.name.text))
      .map(({ name, parameters: [props] }) => [
        name.text,
        new Set((props?.name.elements ?? []).map((each) => (each.propertyName ?? each.name).text)),
      ]),
  );
}

/** Stands for the expression of this number in the text of a template. */
const VALUE = /\0(\d+)\0/;

/**
 * Splits a template into its tags, its text and its expressions.
 *
 * @param {string[]} statics
 * @returns {{ kind: "open" | "empty" | "close" | "text" | "value", text: string }[]}
 */
export function tokens(statics) {
  const whole = statics.reduce((text, part, i) => `${text}\0${i - 1}\0${part}`);
  const found = whole.match(/<\/[^>]*>|<(?:"[^"]*"|'[^']*'|[^"'>])*>|\0\d+\0|[^<\0]+/g) ?? [];
  return found.map((text) => ({
    kind: text.startsWith("</")
      ? "close"
      : text.startsWith("<")
        ? text.endsWith("/>")
          ? "empty"
          : "open"
        : VALUE.test(text)
          ? "value"
          : "text",
    text,
  }));
}

/**
 * Reads a tag that opens a component.
 *
 * @param {string} tag
 * @param {string[]} values the expressions of the template
 * @returns {{ component: string, props: string[] } | null} null for an element
 */
export function usage(tag, values) {
  const [, value] = tag.match(/^<\0(\d+)\0/) ?? [];
  if (value === undefined) {
    return null;
  }
  const attributes = tag.replace(/^<\0\d+\0/, "").replace(/=("[^"]*"|'[^']*'|\0\d+\0)/g, "");
  return { component: values[Number(value)], props: attributes.match(/[\w-]+/g) ?? [] };
}
