import { html, useEffect, useMemo, useState } from "../ui/html.js";
import { Act, Choice, Facts, Table, Trouble, When } from "../ui/parts.js";
import { Output } from "../ui/output.js";
import { download } from "../ui/download.js";
import { size, span, words } from "../ui/format.js";
import { follow } from "../service/events.js";
import { Lines } from "../service/lines.js";

/** The daemon itself: its figures, the runs it has had, and its log. */
export function Daemon({ id, docker, daemon }) {
  const runs = daemon.history ?? [];
  return html`<${Facts}
      of=${[
        ["Version", daemon.version],
        ["Pid", daemon.pid],
        ["Storage driver", daemon.storageDriver],
        ["Ready after", daemon.readyAfterMs === null ? null : span(daemon.readyAfterMs)],
        ["Started again", daemon.restarts],
        [
          "Disk",
          daemon.disk?.limit ? `${size(daemon.disk.used)} of ${size(daemon.disk.limit)}` : null,
        ],
      ]}
    />
    <h2>Runs that are over</h2>
    ${
      runs.length === 0
        ? html`<p class="quiet below-list">It has never ended.</p>`
        : html`<${Table}
            label="Runs that are over"
            heads=${["What", "Why", "Exit", "Started", "Ended", "Back after", "Reason"]}
          >
            ${runs.map(
              (run, i) =>
                html`<tr key=${i}>
                  <th scope="row">${run.unit}</th>
                  <td>${words(run.cause)}</td>
                  <td>${run.signal ?? run.code}</td>
                  <td><${When} at=${run.startedAt} /></td>
                  <td><${When} at=${run.at} /></td>
                  <td>${run.backAfterMs ? span(run.backAfterMs) : ""}</td>
                  <td class="wrap">${run.reason}</td>
                </tr>`,
            )}
          <//>`
    }
    <${Log} id=${id} docker=${docker} />`;
}

function Log({ id, docker }) {
  const [unit, setUnit] = useState("dockerd");
  const [problem, setProblem] = useState(null);
  const lines = useMemo(() => new Lines(), [unit]);
  useEffect(
    () =>
      follow(
        `${docker.at}/log?unit=${unit}&follow=true`,
        {
          refused: setProblem,
          event: ({ type, data }) =>
            type === "output" && lines.add(data.stream, data.data ?? "", data.at),
        },
        ["exit", "end"],
      ),
    [docker, unit],
  );
  return html`<div class="bar">
      <h2>Log</h2>
      <${Choice}
        label="Unit"
        value=${unit}
        onChange=${setUnit}
        of=${[
          ["dockerd", "dockerd"],
          ["containerd", "containerd"],
        ]}
      />
    </div>
    <${Trouble} problem=${problem} />
    <${Output} lines=${lines} label=${`Log of ${unit}`} streams=${false} key=${unit}>
      <${Act}
        onProblem=${setProblem}
        act=${() => download(`${docker.at}/log?unit=${unit}&raw=true`, `${id}-${unit}.log`)}
        ><span aria-hidden="true">↓ </span>Download<//
      >
    <//>`;
}
