import { html } from "../ui/html.js";
export function Files() { return html`<p>files</p>`; }
