import dev.caisson.client.ApiClient;
import dev.caisson.client.ApiException;
import dev.caisson.client.api.DockerApi;
import dev.caisson.client.api.ProcessesApi;
import dev.caisson.client.api.SandboxesApi;
import dev.caisson.client.model.DaemonState;
import dev.caisson.client.model.DockerDaemon;
import dev.caisson.client.model.DockerRun;
import dev.caisson.client.model.DockerWanted;
import dev.caisson.client.model.Problem;
import dev.caisson.client.model.Process;
import dev.caisson.client.model.Resources;
import dev.caisson.client.model.Sandbox;
import dev.caisson.client.model.SandboxCreation;
import dev.caisson.client.model.SandboxState;
import dev.caisson.client.model.StartProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** The README's six steps, with the generated Java client: CAISSON_URL, CAISSON_KEY, an image. */
public class MainJob {
  public static void main(String[] arguments) throws Exception {
    String key = System.getenv("CAISSON_KEY");
    ApiClient client = new ApiClient();
    client.updateBaseUri(System.getenv("CAISSON_URL"));
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + key));
    SandboxesApi sandboxes = new SandboxesApi(client);
    ProcessesApi processes = new ProcessesApi(client);
    DockerApi docker = new DockerApi(client);

    // 1. A sandbox of an ordinary image, with Docker added to it; wait for its daemon.
    Sandbox sandbox =
        sandboxes.createSandbox(
            null,
            null,
            new SandboxCreation()
                .image(arguments[0])
                .resources(new Resources().cpu(1.0))
                .docker(new DockerWanted().enabled(true)));
    String id = sandbox.getId();
    try {
      DockerDaemon daemon = docker.getDocker(id, "READY", "PT60S");
      check(daemon.getState() == DaemonState.READY, "the daemon is " + daemon.getState());
      // 2. Pull an image as a process, and wait for its end.
      Process pull =
          processes.startProcess(
              id, new StartProcess().command(List.of("docker", "pull", "busybox:latest")), null, null);
      check(pull.getExit() != null && pull.getExit().getCode() == 0, "the pull ended: " + pull);
      // 3. Its output, the two streams apart, as often as you like.
      String stdout = stdout(processes, id, pull);
      check(!stdout.isEmpty(), "the pull has told of itself");
      check(stdout.equals(stdout(processes, id, pull)), "reading takes nothing away");
      processes.readStderr(id, pull.getPid(), null, null, null);
      // 4. The next commands work.
      Process run = docker.runContainer(id, new DockerRun().image("hello:latest").remove(true), null, null);
      check(run.getExit() != null && run.getExit().getCode() == 0, "the container ended: " + run);
      // 5. Kill dockerd: it is started again, everything else lives on, the output is still there.
      processes.startProcess(id, new StartProcess().shell("kill -9 " + daemon.getPid()), null, null);
      DockerDaemon again;
      do {
        again = docker.getDocker(id, "READY", "PT60S");
      } while (again.getRestarts() == 0);
      check(again.getState() == DaemonState.READY, "the daemon is " + again.getState());
      check(stdout.equals(stdout(processes, id, pull)), "the output is still there");
    } finally {
      // 6. Terminate the sandbox: all its processes end.
      check(sandboxes.deleteSandbox(id, "PT2S").getState() == SandboxState.ENDED, "it has ended");
    }

    // An error is a problem, with a code to decide by.
    try {
      sandboxes.getSandbox("sb-aaaaaaaa", null, null);
      throw new IllegalStateException("there is no such sandbox");
    } catch (ApiException e) {
      Problem problem = ApiClient.createDefaultObjectMapper().readValue(e.getResponseBody(), Problem.class);
      check(e.getCode() == 404, "it is not found");
      check("SANDBOX_NOT_FOUND".equals(problem.getCode()), "the problem is " + problem.getCode());
    }
    System.out.println("every step held: " + id);
  }

  private static String stdout(ProcessesApi processes, String id, Process process)
      throws ApiException, IOException {
    return Files.readString(processes.readStdout(id, process.getPid(), null, null, null).toPath());
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("does not hold: " + what);
    }
  }
}
