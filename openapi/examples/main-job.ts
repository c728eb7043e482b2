// The README's six steps, with the generated TypeScript client: CAISSON_URL, CAISSON_KEY, an image.
import { strict as assert } from 'node:assert';
import {
  Configuration,
  DockerApi,
  ProcessesApi,
  ProblemFromJSON,
  ResponseError,
  SandboxesApi,
  type DockerDaemon,
  type Process,
} from 'caisson-client';

const configuration = new Configuration({
  basePath: process.env['CAISSON_URL'],
  accessToken: process.env['CAISSON_KEY'],
});
const sandboxes = new SandboxesApi(configuration);
const processes = new ProcessesApi(configuration);
const docker = new DockerApi(configuration);

async function main(image: string): Promise<void> {
  // 1. A sandbox of an ordinary image, with Docker added to it; wait for its daemon.
  const { id } = await sandboxes.createSandbox({
    sandboxCreation: { image, resources: { cpu: 1 }, docker: { enabled: true } },
  });
  const stdout = async (of: Process): Promise<string> => (await processes.readStdout({ id, pid: of.pid })).text();
  try {
    const daemon = await docker.getDocker({ id, waitFor: 'READY', timeout: 'PT60S' });
    assert.equal(daemon.state, 'READY');
    // 2. Pull an image as a process, and wait for its end.
    const pull = await processes.startProcess({
      id,
      startProcess: { command: ['docker', 'pull', 'busybox:latest'] },
    });
    assert.equal(pull.exit?.code, 0);
    // 3. Its output, the two streams apart, as often as you like.
    const text = await stdout(pull);
    assert.notEqual(text, '');
    assert.equal(await stdout(pull), text);
    await processes.readStderr({ id, pid: pull.pid });
    // 4. The next commands work.
    const run = await docker.runContainer({ id, dockerRun: { image: 'hello:latest', remove: true } });
    assert.equal(run.exit?.code, 0);
    // 5. Kill dockerd: it is started again, everything else lives on, the output is still there.
    await processes.startProcess({ id, startProcess: { shell: `kill -9 ${daemon.pid}` } });
    let again: DockerDaemon;
    do {
      again = await docker.getDocker({ id, waitFor: 'READY', timeout: 'PT60S' });
    } while (again.restarts === 0);
    assert.equal(again.state, 'READY');
    assert.equal(await stdout(pull), text);
  } finally {
    // 6. Terminate the sandbox: all its processes end.
    const ended = await sandboxes.deleteSandbox({ id, grace: 'PT2S' });
    assert.equal(ended.state, 'ENDED');
  }

  // An error is a problem, with a code to decide by.
  try {
    await sandboxes.getSandbox({ id: 'sb-aaaaaaaa' });
    assert.fail('there is no such sandbox');
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    const problem = ProblemFromJSON(await error.response.json());
    assert.equal(problem.status, 404);
    assert.equal(problem.code, 'SANDBOX_NOT_FOUND');
  }
  console.log(`every step held: ${id}`);
}

await main(process.argv[2] ?? 'debian:trixie-slim');
