import { html, useEffect, useState } from "../ui/html.js";
import { Act, Facts, Table, Trouble, Waiting, When } from "../ui/parts.js";
import { size, span } from "../ui/format.js";
import { get } from "../service/api.js";

/** What the engine's host can do, what is chosen for sandboxes from it, and why. */
export function Host() {
  const [host, setHost] = useState(null);
  const [health, setHealth] = useState(null);
  const [problem, setProblem] = useState(null);
  const read = async (refresh) => {
    setHost(await get(`/v1/host${refresh ? "?refresh=true" : ""}`));
    setHealth(await state());
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
          >looked at <${When} at=${host.examinedAt} />, in ${span(host.tookMs)}</span
        >`
      }
      <div class="end"><${Act} onProblem=${setProblem} act=${() => read(true)}>Look again<//></div>
    </div>
    <${Trouble} problem=${problem} />
    ${!host && !problem && html`<${Waiting} what="the host" />`}
    ${host && html`<${Report} host=${host} health=${health} />`}`;
}

/** Also a service that is not well says how it is, with another status. */
async function state() {
  const answer = await fetch("/actuator/health", { cache: "no-store" });
  return answer.json().catch(() => null);
}

function Report({ host, health }) {
  const { engine } = host;
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
  return html`${(host.warnings ?? []).map(
      (warning) => html`<p class="notice" key=${warning}>${warning}</p>`,
    )}
    <h2>Service</h2>
    <${Facts}
      of=${[
        ["Health", health && html`<${Health} status=${health.status} />`],
        ...Object.entries(health?.components ?? {}).map(([name, { status }]) => [
          name,
          html`<${Health} status=${status} />`,
        ]),
      ]}
    />
    <h2>Engine</h2>
    <${Facts}
      of=${[
        ["Version", engine.version],
        ["Kernel", engine.kernel],
        ["System", engine.operatingSystem],
        ["Architecture", engine.architecture],
        ["Processors", engine.cpus],
        ["Memory", size(engine.memory)],
        ["Storage driver", engine.storageDriver],
        ["cgroup", `v${engine.cgroupVersion}, ${engine.cgroupDriver}`],
        ["User namespaces", engine.userNamespaces ? "yes" : "no"],
        ["Runtimes", engine.runtimes.map(({ name }) => name).join(", ")],
        ["Kit", `${engine.kit.version}${engine.kit.docker ? `, with Docker ${dockers}` : ""}`],
      ]}
    />
    <h2>What sandboxes get</h2>
    <${Table} label="What sandboxes get" heads=${["", "Choice", "Why", "What would change it"]}>
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
        "A boundary",
        "With Docker",
        "Why",
        "What would change it",
      ]}
    >
      ${host.modes.map(
        (mode) =>
          html`<tr key=${mode.name}>
            <th scope="row">${mode.name}</th>
            ${["available", "allowed", "boundary", "docker"].map(
              (each) => html`<td key=${each}><${YesNo} is=${mode[each]} /></td>`,
            )}
            <td class="wrap">${mode.reason}</td>
            <td class="wrap">${mode.remedy}</td>
          </tr>`,
      )}
    <//>
    <h2>What was found</h2>
    <${Table} label="What was found" heads=${["Check", "", "Detail"]}>
      ${Object.entries(host.findings)
        .filter(([, check]) => check && !Array.isArray(check))
        .map(
          ([name, check]) =>
            html`<tr key=${name}>
              <th scope="row">${name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)}</th>
              <td><${YesNo} is=${check.ok} /></td>
              <td class="wrap">${check.detail}</td>
            </tr>`,
        )}
    <//>`;
}

function Health({ status }) {
  return status === "UP"
    ? html`<span class="state good">up</span>`
    : html`<span class="state bad">${status.toLowerCase()}</span>`;
}

function YesNo({ is }) {
  return is ? html`<span class="state good">yes</span>` : html`<span class="state still">no</span>`;
}
