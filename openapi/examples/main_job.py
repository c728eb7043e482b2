"""The README's six steps, with the generated Python client: CAISSON_URL, CAISSON_KEY, an image."""

import os
import sys

import caisson
from caisson import DaemonState, DockerRun, DockerWanted, Resources, SandboxCreation, SandboxState, StartProcess


def main(image: str) -> None:
    configuration = caisson.Configuration(host=os.environ["CAISSON_URL"], access_token=os.environ["CAISSON_KEY"])
    with caisson.ApiClient(configuration) as client:
        sandboxes = caisson.SandboxesApi(client)
        processes = caisson.ProcessesApi(client)
        docker = caisson.DockerApi(client)

        # 1. A sandbox of an ordinary image, with Docker added to it; wait for its daemon.
        sandbox = sandboxes.create_sandbox(
            sandbox_creation=SandboxCreation(
                image=image, resources=Resources(cpu=1), docker=DockerWanted(enabled=True)
            )
        )
        try:
            daemon = docker.get_docker(sandbox.id, wait_for="READY", timeout="PT60S")
            assert daemon.state is DaemonState.READY, daemon
            # 2. Pull an image as a process, and wait for its end.
            pull = processes.start_process(sandbox.id, StartProcess(command=["docker", "pull", "busybox:latest"]))
            assert pull.exit is not None and pull.exit.code == 0, pull
            # 3. Its output, the two streams apart, as often as you like.
            stdout = processes.read_stdout(sandbox.id, pull.pid)
            assert stdout
            assert processes.read_stdout(sandbox.id, pull.pid) == stdout
            processes.read_stderr(sandbox.id, pull.pid)
            # 4. The next commands work.
            run = docker.run_container(sandbox.id, DockerRun(image="hello:latest", remove=True))
            assert run.exit is not None and run.exit.code == 0, run
            # 5. Kill dockerd: it is started again, everything else lives on, the output is still there.
            processes.start_process(sandbox.id, StartProcess(shell=f"kill -9 {daemon.pid}"))
            again = docker.get_docker(sandbox.id, wait_for="READY", timeout="PT60S")
            while again.restarts == 0:
                again = docker.get_docker(sandbox.id, wait_for="READY", timeout="PT60S")
            assert again.state is DaemonState.READY, again
            assert processes.read_stdout(sandbox.id, pull.pid) == stdout
        finally:
            # 6. Terminate the sandbox: all its processes end.
            assert sandboxes.delete_sandbox(sandbox.id, grace="PT2S").state is SandboxState.ENDED

        # An error is a problem, with a code to decide by.
        try:
            sandboxes.get_sandbox("sb-aaaaaaaa")
            raise RuntimeError("there is no such sandbox")
        except caisson.ApiException as e:
            assert e.status == 404
            assert isinstance(e.data, caisson.Problem) and e.data.code == "SANDBOX_NOT_FOUND", e
    print(f"every step held: {sandbox.id}")


main(sys.argv[1])
