import { html, useEffect, useState } from "../ui/html.js";
import { Act, Trouble, Waiting, When } from "../ui/parts.js";
import { size } from "../ui/format.js";
import { download } from "../ui/download.js";
import { ask, Problem } from "../service/api.js";
import { nameOf } from "../service/files.js";

const LARGEST = 1 << 20;

/** One file, as text that can be changed. */
export function Editor({ files, file }) {
  const [state, setState] = useState({ text: null, why: null });
  const [text, setText] = useState("");
  const [known, setKnown] = useState(file);
  const [problem, setProblem] = useState(null);
  const [saved, setSaved] = useState(false);
  useEffect(() => {
    read(files, file).then(
      (found) => {
        setState(found);
        setText(found.text ?? "");
      },
      (no) => setState({ text: null, why: no.message }),
    );
  }, [file.path]);
  const changed = state.text !== null && text !== state.text;
  useEffect(() => {
    const ask = (event) => changed && event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [changed]);

  const save = async (anyway) => {
    setSaved(false);
    const now = await files.stat(file.path).catch(() => null);
    if (!anyway && now && now.modifiedAt !== known.modifiedAt) {
      throw new Problem(0, {
        code: "CHANGED",
        detail:
          "Somebody else has changed this file since it was read. Save anyway, or read it again and lose your change.",
      });
    }
    const written = await files.write(
      file.path,
      state.windows ? text.replaceAll("\n", "\r\n") : text,
    );
    setKnown(written);
    setState({ ...state, text });
    setSaved(true);
  };
  const keys = (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      setProblem(null);
      save().catch(setProblem);
    }
  };
  return html`<div class="editor">
    <div class="bar tools">
      ${
        state.text !== null &&
        html`<${Act} kind="primary" disabled=${!changed} onProblem=${setProblem} act=${() => save()}
          >Save<//
        >`
      }
      ${
        problem?.code === "CHANGED" &&
        html`<${Act} kind="danger" onProblem=${setProblem} act=${() => save(true)}>Save anyway<//>`
      }
      <${Act}
        onProblem=${setProblem}
        act=${() => download(files.content(file.path), nameOf(file.path))}
        >Download<//
      >
      <span class="quiet end" role="status">
        ${
          saved && !changed ? "Saved · " : changed ? "Not saved · " : ""
        }${`${size(known.size)} · ${known.mode} · `}<${When} at=${known.modifiedAt} />
      </span>
    </div>
    <${Trouble} problem=${problem} />
    ${state.why && html`<p class="notice">${state.why}</p>`}
    ${state.text === null && !state.why && html`<${Waiting} what="the file" />`}
    ${
      state.text !== null &&
      html`<textarea
        aria-label=${file.path}
        spellcheck="false"
        autocapitalize="off"
        value=${text}
        onKeyDown=${keys}
        onInput=${(event) => setText(event.target.value)}
      ></textarea>`
    }
  </div>`;
}

/** Its text, or why it is none. */
async function read(files, file) {
  if (file.size > LARGEST) {
    return { text: null, why: `It is larger than ${size(LARGEST)}: download it to look at it.` };
  }
  const bytes = await (await ask("GET", files.content(file.path))).arrayBuffer();
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const windows = text.includes("\r\n");
    const lines = windows ? text.replaceAll("\r\n", "\n") : text;
    // A field of a page has one kind of line ends: others would be lost in it.
    const mixed = lines.includes("\r") || (windows && lines.replaceAll("\n", "\r\n") !== text);
    if (mixed) {
      return {
        text: null,
        why: "Its lines end in more than one way, which would be lost here: download it to change it.",
      };
    }
    if (!text.includes("\0")) {
      return { text: lines, windows, why: null };
    }
  } catch {
    // No text.
  }
  return { text: null, why: "It is not text: download it to look at it." };
}
