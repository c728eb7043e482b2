import { html, useState } from "./html.js";

const NAME = "caisson.theme";
/** @type {Record<string, string>} */
const NEXT = { system: "light", light: "dark", dark: "system" };

/** A button that changes the theme: light, dark, or that of the system. */
export function ThemeChoice() {
  const [theme, setTheme] = useState(localStorage.getItem(NAME) ?? "system");
  const change = () => {
    const next = NEXT[theme];
    setTheme(next);
    if (next === "system") {
      localStorage.removeItem(NAME);
      delete document.documentElement.dataset.theme;
    } else {
      localStorage.setItem(NAME, next);
      document.documentElement.dataset.theme = next;
    }
    dispatchEvent(new Event("caisson-theme"));
  };
  return html`<button type="button" class="plain" onClick=${change} title="Change the theme">
    <span class="roomy">Theme: </span>${theme === "system" ? "auto" : theme}
  </button>`;
}
