import { html, useEffect, useState } from "../ui/html.js";
import { ActionButton, FactList, Table, ErrorBox, Loading, Timestamp } from "../ui/parts.js";
import { size, span } from "../ui/format.js";
import { useProblem } from "../ui/problem.js";
import { get } from "../service/api.js";

/** What the engine's host supports, what sandboxes get on it, and why. */
export function Host() {
  const [host, setHost] = useState(/** @type {Wire.Host | null} */ (null));
  const [health, setHealth] = useState(/** @type {Health | null} */ (null));
  const [problem, setProblem] = useProblem();
  const read = async (/** @type {boolean} */ refresh) => {
    setHost(await get(`/v1/host${refresh ? "?refresh=true" : ""}`));
    setHealth(await readHealth());
  };
  useEffect(() => {
    document.title = "Host · Caisson";
    read(false).catch(setProblem);
  }, []);
  return html`<div class="bar">
      <h1 tabindex="-1">Host</h1>
      ${
        host &&
        html`<span class="quiet"
          >last checked${" "}<${Timestamp} at=${host.examinedAt} />, took ${span(host.tookMs)}</span
        >`
      }
      <div class="end">
        <${ActionButton} onProblem=${setProblem} action=${() => read(true)}>Check again<//>
      </div>
    </div>
    <${ErrorBox} problem=${problem} />
    ${!host && !problem && html`<${Loading} what="the host" />`}
    ${host && html`<${HostReport} host=${host} health=${health} />`}`;
}

/**
 * What the service says of its health.
 *
 * @typedef {{ status: string, components?: Record<string, { status: string }> }} Health
 */

/**
 * Reads the health, which an unhealthy service sends with another status than 200.
 *
 * @returns {Promise<Health | null>}
 */
async function readHealth() {
  const answer = await fetch("/actuator/health", { cache: "no-store" });
  return answer.json().catch(() => null);
}

/** @param {{ host: Wire.Host, health: Health | null }} props */
function HostReport({ host, health }) {
  const { engine } = host;
  /** @type {[name: string, choice: Wire.HostChoice][]} */
  const choices = [
    ["Isolation", host.isolation],
    ["Isolation with Docker", host.dockerIsolation],
    ["Storage driver", host.storageDriver],
    ["Network", host.network],
  ];
  const dockers = engine.kit.dockerKits
    .filter(({ version }) => version)
    .map(({ version }) => version)
    .join(", ");
  const checks = Object.entries(host.findings).filter(isCheck);
  return html`${(host.warnings ?? []).map(
      (warning) => html`<p class="notice" key=${warning}>${warning}</p>`,
    )}
    <h2>Service</h2>
    <${FactList}
      of=${[
        ["Health", health && html`<${HealthState} status=${health.status} />`],
        ...Object.entries(health?.components ?? {}).map(([name, { status }]) => [
          name,
          html`<${HealthState} status=${status} />`,
        ]),
      ]}
    />
    <h2>Engine</h2>
    <${FactList}
      of=${[
        ["Version", engine.version],
        ["Kernel", engine.kernel],
        ["Operating system", engine.operatingSystem],
        ["Architecture", engine.architecture],
        ["CPUs", engine.cpus],
        ["Memory", size(engine.memory)],
        ["Storage driver", engine.storageDriver],
        ["cgroups", `v${engine.cgroupVersion}, ${engine.cgroupDriver}`],
        ["User namespaces", engine.userNamespaces ? "yes" : "no"],
        ["Runtimes", engine.runtimes.map(({ name }) => name).join(", ")],
        ["Kit", `${engine.kit.version}${engine.kit.docker ? `, with Docker ${dockers}` : ""}`],
      ]}
    />
    <h2>Settings for sandboxes</h2>
    <${Table}
      label="Settings for sandboxes"
      heads=${["Setting", "Value", "Reason", "How to change it"]}
    >
      ${choices.map(
        ([name, choice]) =>
          html`<tr key=${name}>
            <th scope="row">${name}</th>
            <td>
              ${
                choice.works
                  ? html`<span class="state good">${choice.value}</span>`
                  : html`<span class="state bad">${choice.value ?? "none"}</span>`
              }
            </td>
            <td class="wrap">${choice.reason}</td>
            <td class="wrap">${choice.remedy}</td>
          </tr>`,
      )}
    <//>
    <h2>Isolation modes</h2>
    <${Table}
      label="Isolation modes"
      heads=${[
        "Mode",
        "Available",
        "Allowed",
        "Security boundary",
        "With Docker",
        "Reason",
        "How to change it",
      ]}
    >
      ${host.modes.map(
        (mode) =>
          html`<tr key=${mode.name}>
            <th scope="row">${mode.name}</th>
            ${[mode.available, mode.allowed, mode.boundary, mode.docker].map(
              (each, i) => html`<td key=${i}><${YesNo} is=${each} /></td>`,
            )}
            <td class="wrap">${mode.reason}</td>
            <td class="wrap">${mode.remedy}</td>
          </tr>`,
      )}
    <//>
    <h2>Checks</h2>
    <${Table} label="Checks" heads=${["Check", "OK", "Details"]}>
      ${checks.map(
        ([name, check]) =>
          html`<tr key=${name}>
            <th scope="row">${name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)}</th>
            <td><${YesNo} is=${check.ok} /></td>
            <td class="wrap">${check.detail}</td>
          </tr>`,
      )}
    <//>`;
}

/** @param {{ status: string }} props */
function HealthState({ status }) {
  return status === "UP"
    ? html`<span class="state good">up</span>`
    : html`<span class="state bad">${status.toLowerCase()}</span>`;
}

/** @param {{ is: boolean }} props */
function YesNo({ is }) {
  return is ? html`<span class="state good">yes</span>` : html`<span class="state still">no</span>`;
}

/**
 * Tells whether a finding is a check, and not a figure or a list.
 *
 * @param {[string, unknown]} finding
 * @returns {finding is [string, Wire.HostCheck]}
 */
function isCheck(finding) {
  const [, value] = finding;
  return typeof value === "object" && value !== null && "ok" in value;
}
