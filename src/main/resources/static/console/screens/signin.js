import { html, useEffect, useRef, useState } from "../ui/html.js";
import { useStore } from "../ui/store.js";
import { Field, ErrorBox, withValue } from "../ui/parts.js";
import { ThemeChoice } from "../ui/theme.js";
import { useProblem } from "../ui/problem.js";
import { problem as problemOf } from "../service/api.js";
import { Problem } from "../service/problem.js";
import { signedOut, signIn } from "../service/key.js";

/** The sign-in, which asks for a key and verifies it. */
export function SignIn() {
  const [text, setText] = useState("");
  const [problem, setProblem] = useProblem();
  const [busy, setBusy] = useState(false);
  const reason = useStore(signedOut);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    document.title = "Sign in · Caisson";
    field.current?.focus();
  }, []);

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await verify(text.trim());
      signIn(text.trim());
    } catch (error) {
      setProblem(error);
      setBusy(false);
      field.current?.focus();
    }
  };

  return html`<main class="signin">
    <form onSubmit=${submit}>
      <h1><img src="/console/icon.svg" alt="" width="30" height="30" />Caisson</h1>
      ${reason && !problem && html`<p class="notice" role="status">${reason} Sign in again.</p>`}
      <${Field} label="Key" wide hint="Stored in this tab only, and deleted when you close it.">
        <input
          ref=${field}
          type="password"
          name="key"
          autocomplete="current-password"
          required
          spellcheck="false"
          value=${text}
          onInput=${withValue(setText)}
        />
      <//>
      <${ErrorBox} problem=${problem} />
      <button type="submit" class="primary" disabled=${busy} aria-busy=${busy ? "true" : undefined}>
        Sign in
      </button>
      <p class="quiet">
        The admin key is in the file <code>admin.key</code> in the service's state directory:<br />
        <code>cat /var/lib/caisson/admin.key</code>
      </p>
      <${ThemeChoice} />
    </form>
  </main>`;
}

/** @param {string} key */
async function verify(key) {
  // What a header cannot carry is no key, and fetch would not send it.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new Problem(401, {
      detail: "This is not a valid key: it contains characters that keys do not have.",
    });
  }
  let response;
  try {
    response = await fetch("/v1/sandboxes?limit=1", {
      headers: { Authorization: `Bearer ${key}` },
      cache: "no-store",
    });
  } catch {
    throw Problem.unreachable();
  }
  if (response.status === 401) {
    throw new Problem(401, {
      detail: "The service does not accept this key. Copy the whole key, without quotes.",
    });
  }
  if (!response.ok) {
    throw await problemOf(response);
  }
}
