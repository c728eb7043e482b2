import { html, render, useEffect, useErrorBoundary, useRef } from "./ui/html.js";
import { useStore } from "./ui/store.js";
import { route, to } from "./ui/route.js";
import { ErrorBox } from "./ui/parts.js";
import { key, signOut } from "./service/key.js";
import { connected, startFollowing, stopFollowing } from "./service/sandboxes.js";
import { SignIn } from "./screens/signin.js";
import { Sandboxes } from "./screens/sandboxes.js";
import { Sandbox } from "./screens/sandbox.js";
import { Host } from "./screens/host.js";
import { ThemeChoice } from "./ui/theme.js";

/** The console: the sign-in, or the frame with one of the screens. */
function Console() {
  const signedIn = useStore(key) !== null;
  useEffect(() => {
    if (signedIn) {
      startFollowing();
      return stopFollowing;
    }
    return undefined;
  }, [signedIn]);
  return signedIn ? html`<${Frame} />` : html`<${SignIn} />`;
}

function Frame() {
  const [place, id] = useStore(route);
  const isConnected = useStore(connected);
  const main = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    // A screen reader then says which screen this is.
    main.current?.querySelector("h1")?.focus();
  }, [place, id]);
  const here = (/** @type {string} */ name) =>
    place === name || (name === "sandboxes" && place === "") ? "page" : undefined;
  return html`<a
      class="skip"
      href="#main"
      onClick=${(/** @type {Event} */ event) => {
        event.preventDefault();
        main.current?.focus();
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
      !isConnected &&
      html`<p class="away" role="status">
        The service is not responding. Sandboxes keep running; this page shows their last known
        state.
      </p>`
    }
    <main id="main" ref=${main} tabindex="-1">
      <${Screen} place=${place} id=${id} key=${`${place}/${id}`} />
    </main>`;
}

/** @param {{ place: string, id: string | undefined }} props */
function Screen({ place, id }) {
  const [error, reset] = useErrorBoundary((failure) => console.error(failure));
  if (error) {
    return html`<h1 tabindex="-1">This screen could not be displayed</h1>
      <${ErrorBox} problem=${error} again=${reset} />`;
  }
  if (place === "host") {
    return html`<${Host} />`;
  }
  if (place === "sandboxes" && id) {
    return html`<${Sandbox} id=${id} />`;
  }
  return html`<${Sandboxes} />`;
}

document.getElementById("loading")?.remove();
render(html`<${Console} />`, /** @type {HTMLElement} */ (document.getElementById("console")));
