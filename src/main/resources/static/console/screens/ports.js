import { html } from "../ui/html.js";
export function Ports() { return html`<p>ports</p>`; }
