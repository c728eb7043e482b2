import { html, useEffect, useMemo, useState } from "../ui/html.js";
import { ActionButton, Choice, FactList, Table, ErrorBox, Timestamp } from "../ui/parts.js";
import { Output } from "../ui/output.js";
import { download } from "../ui/download.js";
import { size, span, words } from "../ui/format.js";
import { useProblem } from "../ui/problem.js";
import { follow } from "../service/events.js";
import { Lines } from "../service/lines.js";

/** @import { Docker } from "../service/docker.js" */

/**
 * The daemon itself: its properties, its past runs, and its log.
 *
 * @param {{ id: string, docker: Docker, daemon: Wire.DockerDaemon }} props
 */
export function Daemon({ id, docker, daemon }) {
  const runs = daemon.history ?? [];
  return html`<${FactList}
      of=${[
        ["Version", daemon.version],
        ["PID", daemon.pid],
        ["Storage driver", daemon.storageDriver],
        ["Ready after", daemon.readyAfterMs === null ? null : span(daemon.readyAfterMs)],
        ["Restarts", daemon.restarts],
        [
          "Disk",
          daemon.disk?.limit ? `${size(daemon.disk.used)} of ${size(daemon.disk.limit)}` : null,
        ],
      ]}
    />
    <h2>Past runs</h2>
    ${
      runs.length === 0
        ? html`<p class="quiet below-list">No past runs.</p>`
        : html`<${Table}
            label="Past runs"
            heads=${["Unit", "Cause", "Exit", "Started", "Ended", "Restarted after", "Reason"]}
          >
            ${runs.map(
              (run, i) =>
                html`<tr key=${i}>
                  <th scope="row">${run.unit}</th>
                  <td>${words(run.cause)}</td>
                  <td>${run.signal ?? run.code}</td>
                  <td><${Timestamp} at=${run.startedAt} /></td>
                  <td><${Timestamp} at=${run.at} /></td>
                  <td>${run.backAfterMs ? span(run.backAfterMs) : ""}</td>
                  <td class="wrap">${run.reason}</td>
                </tr>`,
            )}
          <//>`
    }
    <${DaemonLog} id=${id} docker=${docker} />`;
}

/** @param {{ id: string, docker: Docker }} props */
function DaemonLog({ id, docker }) {
  const [unit, setUnit] = useState("dockerd");
  const [problem, setProblem] = useProblem();
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
    <${ErrorBox} problem=${problem} />
    <${Output} lines=${lines} label=${`Log of ${unit}`} streams=${false} key=${unit}>
      <${ActionButton}
        onProblem=${setProblem}
        action=${() => download(`${docker.at}/log?unit=${unit}&raw=true`, `${id}-${unit}.log`)}
        ><span aria-hidden="true">↓ </span>Download<//
      >
    <//>`;
}
