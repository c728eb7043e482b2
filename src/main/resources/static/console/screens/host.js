import { html } from "../ui/html.js";
export function Host() { return html`<p>host</p>`; }
