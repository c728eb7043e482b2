import { html } from "../ui/html.js";
export function Docker() { return html`<p>docker</p>`; }
