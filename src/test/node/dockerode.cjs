// Somebody's script with dockerode: an engine's id, a container with a published port, an exec with stdin.
const Docker = require('dockerode');
const http = require('http');

const [host, port, version] = process.argv.slice(2);
const docker = new Docker(version ? { host, port, version } : undefined);

const text = stream => new Promise((resolve, reject) => {
  const pieces = [];
  stream.on('data', piece => pieces.push(piece));
  stream.on('end', () => resolve(Buffer.concat(pieces).toString()));
  stream.on('error', reject);
});
// A listener follows the daemon's event: it can be a moment later than the answer to the start.
const get = async (address, tries = 100) => {
  try {
    return await new Promise((resolve, reject) =>
      http.get(address, answer => text(answer).then(resolve, reject)).on('error', reject));
  } catch (e) {
    if (tries === 0) throw e;
    await new Promise(resolve => setTimeout(resolve, 100));
    return get(address, tries - 1);
  }
};

(async () => {
  console.log('engine=' + (await docker.info()).ID);
  const container = await docker.createContainer({
    Image: 'busybox',
    Cmd: ['sh', '-c', 'mkdir /w; echo from a sandbox >/w/index.html; httpd -f -p 80 -h /w'],
    ExposedPorts: { '80/tcp': {} },
    HostConfig: { PublishAllPorts: true },
  });
  try {
    await container.start();
    const mapped = (await container.inspect()).NetworkSettings.Ports['80/tcp'][0].HostPort;
    if (!version) {
      const address = `http://${new URL(process.env.DOCKER_HOST).hostname}:${mapped}/`;
      console.log('served=' + (await get(address)).trim());
    }
    const exec = await container.exec({
      Cmd: ['sh', '-c', 'wc -c'], AttachStdin: true, AttachStdout: true, Tty: false });
    const stream = await exec.start({ hijack: true, stdin: true });
    const counted = text(stream);
    stream.write(Buffer.alloc(1000000));
    stream.end();
    console.log('counted=' + (await counted).slice(8).trim());
  } finally {
    await container.remove({ force: true });
  }
})().catch(e => { console.error(e); process.exit(1); });
