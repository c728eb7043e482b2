/**
 * Lets a library that writes its styles as text work under the policy of the console's pages, which
 * allows no inline styles but those that a script sets as properties and style sheets: each text is
 * turned into one of these.
 */
const create = document.createElement.bind(document);
const setAttribute = Element.prototype.setAttribute;

document.createElement = (/** @type {string} */ tag, /** @type {any} */ options) =>
  tag.toLowerCase() === "style" ? withSheet(create("template")) : create(tag, options);

/**
 * @this {Element}
 * @param {string} name
 * @param {string} value
 */
Element.prototype.setAttribute = function (name, value) {
  if (name === "style" && "style" in this) {
    /** @type {HTMLElement} */ (this).style.cssText = value;
  } else {
    setAttribute.call(this, name, value);
  }
};

/**
 * Turns what is written into an element into a style sheet of the document, until it is removed.
 *
 * @param {HTMLElement} element
 */
function withSheet(element) {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  Object.defineProperty(element, "textContent", {
    get: () => [...sheet.cssRules].map((rule) => rule.cssText).join("\n"),
    set: (/** @type {string} */ text) => sheet.replaceSync(text),
  });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}
