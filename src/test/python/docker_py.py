"""Somebody's script with docker-py: containers, exec, logs, archives, a build, events, networks and volumes.

    docker_py.py [BASE_URL]    without one it is told by its environment
"""

import io
import sys
import tarfile
import threading

import docker

client = docker.DockerClient(base_url=sys.argv[1], timeout=60) if sys.argv[1:] else docker.from_env(timeout=60)


def told(name, value):
    print(f"{name}={value}")


told("engine", client.info()["ID"])
told("ran", client.containers.run("busybox", ["echo", "hello"], remove=True).decode().strip())
try:
    client.containers.run("busybox", ["sh", "-c", "echo why >&2; exit 3"], remove=True)
except docker.errors.ContainerError as error:
    told("failed", f"{error.exit_status} {error.stderr.decode().strip()}")

heard = client.events(decode=True, filters={"type": "container", "event": "die"})
container = client.containers.run("busybox", ["sh", "-c", "for i in 1 2 3; do echo line $i; sleep 0.2; done; exec sleep 1000"], detach=True)
try:
    lines = []
    for piece in container.logs(stream=True, follow=True):
        lines += piece.decode().splitlines()
        if len(lines) == 3:
            break
    told("logs", ",".join(lines))
    code, output = container.exec_run(["sh", "-c", "echo out; echo err >&2; exit 5"], demux=True)
    told("exec", f"{code} {output[0].decode().strip()} {output[1].decode().strip()}")
    if sys.argv[1:]:
        socket = container.exec_run("wc -c", stdin=True, socket=True).output
        threading.Thread(target=lambda: (socket._sock.sendall(b"x" * 100_000), socket._sock.shutdown(1))).start()
        told("counted", socket.read()[8:].decode().strip())
    else:
        # By TLS Python has no way to end one side alone.
        socket = container.exec_run(["sh", "-c", "head -c 100000 | wc -c"], stdin=True, socket=True).output
        threading.Thread(target=lambda: socket.sendall(b"x" * 100_000)).start()
        told("counted", b"".join(iter(lambda: socket.recv(4096), b""))[8:].decode().strip())

    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("given")
        entry.size = 5
        tar.addfile(entry, io.BytesIO(b"bytes"))
    container.put_archive("/tmp", archive.getvalue())
    pieces, stat = container.get_archive("/tmp/given")
    with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as tar:
        told("archive", f'{stat["size"]} {tar.extractfile("given").read().decode()}')
finally:
    container.remove(force=True)
told("event", next(heard)["Actor"]["ID"] == container.id)
heard.close()

context = io.BytesIO(b"FROM busybox\nRUN echo built >/built\n")
image, _ = client.images.build(fileobj=context, tag="by-docker-py", rm=True)
told("built", client.containers.run(image, ["cat", "/built"], remove=True).decode().strip())
saved = b"".join(image.save())
client.images.remove("by-docker-py", force=True)
told("loaded", client.images.load(saved)[0].id == image.id)

network = client.networks.create("by-docker-py")
volume = client.volumes.create("by-docker-py")
told("made", f"{network.name} {volume.name}")
network.remove()
volume.remove()
