/**
 * For a library that writes its styles as text, which the policy of the console's pages refuses:
 * what a script sets by properties and sheets is none, so each text is handed over as those.
 */
const create = document.createElement.bind(document);
const setAttribute = Element.prototype.setAttribute;

document.createElement = (tag, options) =>
  tag.toLowerCase() === "style" ? withSheet(create("template")) : create(tag, options);

Element.prototype.setAttribute = function (name, value) {
  if (name === "style" && this.style) {
    this.style.cssText = value;
  } else {
    setAttribute.call(this, name, value);
  }
};

/** What is written into it becomes a sheet of the document, for as long as it is there. */
function withSheet(element) {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  Object.defineProperty(element, "textContent", {
    get: () => [...sheet.cssRules].map((rule) => rule.cssText).join("\n"),
    set: (text) => sheet.replaceSync(text),
  });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}
