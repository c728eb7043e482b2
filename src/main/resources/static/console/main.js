import { html, render, useEffect, useErrorBoundary, useRef } from "./ui/html.js";
import { useStore } from "./ui/store.js";
import { route, to } from "./ui/route.js";
import { Trouble } from "./ui/parts.js";
import { key, signOut } from "./service/key.js";
import * as world from "./service/world.js";
import { SignIn } from "./screens/signin.js";
import { Sandboxes } from "./screens/sandboxes.js";
import { Sandbox } from "./screens/sandbox.js";
import { Host } from "./screens/host.js";
import { ThemeChoice } from "./ui/theme.js";

/** The frame around every screen, and which screen it is. */
function Console() {
  const signedIn = useStore(key) !== null;
  useEffect(() => {
    if (signedIn) {
      world.begin();
      return world.forget;
    }
    return undefined;
  }, [signedIn]);
  return signedIn ? html`<${Frame} />` : html`<${SignIn} />`;
}

function Frame() {
  const [place, id] = useStore(route);
  const connected = useStore(world.connected);
  const main = useRef();
  useEffect(() => {
    // Whoever hears the page is told that it is another one.
    main.current.querySelector("h1")?.focus();
  }, [place, id]);
  const here = (name) =>
    place === name || (name === "sandboxes" && place === "") ? "page" : undefined;
  return html`<a
      class="skip"
      href="#main"
      onClick=${(event) => {
        event.preventDefault();
        main.current.focus();
      }}
      >Skip to content</a
    >
    <header class="top">
      <a class="brand" href=${to("sandboxes")}
        ><img src="/console/icon.svg" alt="" width="22" height="22" />Caisson</a
      >
      <nav aria-label="Main">
        <a href=${to("sandboxes")} aria-current=${here("sandboxes")}>Sandboxes</a>
        <a href=${to("host")} aria-current=${here("host")}>Host</a>
        <a href="/swagger-ui.html" target="_blank" rel="noopener">API</a>
      </nav>
      <div class="end">
        <${ThemeChoice} />
        <button type="button" class="plain" onClick=${() => signOut()}>Sign out</button>
      </div>
    </header>
    ${
      !connected &&
      html`<p class="away" role="status">
        The service does not answer. Sandboxes run on without it; what is shown is from before.
      </p>`
    }
    <main id="main" ref=${main} tabindex="-1">
      <${Screen} place=${place} id=${id} key=${`${place}/${id}`} />
    </main>`;
}

function Screen({ place, id }) {
  const [error, reset] = useErrorBoundary((failure) => console.error(failure));
  if (error) {
    return html`<h1 tabindex="-1">This screen failed</h1>
      <${Trouble} problem=${error} again=${reset} />`;
  }
  if (place === "host") {
    return html`<${Host} />`;
  }
  if (place === "sandboxes" && id) {
    return html`<${Sandbox} id=${id} />`;
  }
  return html`<${Sandboxes} />`;
}

render(html`<${Console} />`, document.getElementById("console"));
