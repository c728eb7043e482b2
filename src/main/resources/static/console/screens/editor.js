import { html, useEffect, useState } from "../ui/html.js";
import { ActionButton, ErrorBox, Loading, Timestamp, withValue } from "../ui/parts.js";
import { size } from "../ui/format.js";
import { download } from "../ui/download.js";
import { useProblem } from "../ui/problem.js";
import { ask } from "../service/api.js";
import { Problem } from "../service/problem.js";
import { decode, encode, unreadable } from "../service/text-file.js";
import { nameOf } from "../service/paths.js";

/** @import { Files } from "../service/files.js" */

/** @import { TextFile } from "../service/text-file.js" */

/** The size of the largest file that can be edited, in bytes. */
const LARGEST = 1 << 20;

/**
 * An editor for one file.
 *
 * @param {{ files: Files, file: Wire.FileEntry }} props
 */
export function Editor({ files, file }) {
  const [state, setState] = useState(/** @type {TextFile | null} */ (null));
  const [text, setText] = useState("");
  const [known, setKnown] = useState(file);
  const [problem, setProblem] = useProblem();
  const [saved, setSaved] = useState(false);
  useEffect(() => {
    read(files, file).then(
      (found) => {
        setState(found);
        setText(found.text ?? "");
      },
      (no) => setState(unreadable(no.message)),
    );
  }, [file.path]);
  const changed = state !== null && state.text !== null && text !== state.text;
  useEffect(() => {
    const ask = (/** @type {Event} */ event) => changed && event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [changed]);

  const save = async (anyway = false) => {
    if (!state || state.text === null) {
      return;
    }
    setSaved(false);
    const now = await files.stat(file.path).catch(() => null);
    if (!anyway && now && now.modifiedAt !== known.modifiedAt) {
      throw new Problem(0, {
        code: "CHANGED",
        detail:
          "Someone else changed this file after you opened it. Save anyway to overwrite it, " +
          "or reload the page to discard your changes.",
      });
    }
    const written = await files.write(file.path, encode(text, state.windows));
    setKnown(written);
    setState({ ...state, text });
    setSaved(true);
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      setProblem(null);
      save().catch(setProblem);
    }
  };
  return html`<div class="editor">
    <div class="bar tools">
      ${
        typeof state?.text === "string" &&
        html`<${ActionButton}
          kind="primary"
          disabled=${!changed}
          onProblem=${setProblem}
          action=${() => save()}
          >Save<//
        >`
      }
      ${
        problem?.code === "CHANGED" &&
        html`<${ActionButton} kind="danger" onProblem=${setProblem} action=${() => save(true)}
          >Save anyway<//
        >`
      }
      <${ActionButton}
        onProblem=${setProblem}
        action=${() => download(files.content(file.path), nameOf(file.path))}
        >Download<//
      >
      <span class="quiet end" role="status">
        ${
          saved && !changed ? "Saved · " : changed ? "Unsaved changes · " : ""
        }${`${size(known.size)} · ${known.mode} · `}<${Timestamp} at=${known.modifiedAt} />
      </span>
    </div>
    <${ErrorBox} problem=${problem} />
    ${state?.why && html`<p class="notice">${state.why}</p>`}
    ${!state && html`<${Loading} what="the file" />`}
    ${
      typeof state?.text === "string" &&
      html`<textarea
        aria-label=${file.path}
        spellcheck="false"
        autocapitalize="off"
        value=${text}
        onKeyDown=${keys}
        onInput=${withValue(setText)}
      ></textarea>`
    }
  </div>`;
}

/**
 * Reads a file as text.
 *
 * @param {Files} files
 * @param {Wire.FileEntry} file
 * @returns {Promise<TextFile>}
 */
async function read(files, file) {
  if (file.size > LARGEST) {
    return unreadable(`This file is larger than ${size(LARGEST)}. Download it to view it.`);
  }
  return decode(await (await ask("GET", files.content(file.path))).arrayBuffer());
}
