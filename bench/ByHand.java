import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A container like a sandbox's with Docker, in which the two daemons are started by a shell: the
 * same image, limits, volumes and privileges, the same command lines and environments, all read off
 * a sandbox that runs. What differs is who starts them.
 */
final class ByHand {
  static final String LABEL = "dev.caisson.bench";

  /** How often the daemon is asked whether it is ready. */
  private static final long EVERY_MILLIS = 10;

  private final DockerEngine engine;
  private final Map<String, Object> configuration;

  private ByHand(DockerEngine engine, Map<String, Object> configuration) {
    this.engine = engine;
    this.configuration = configuration;
  }

  /** As this container of a sandbox is, whose daemons run. */
  static ByHand like(DockerEngine engine, String container) throws IOException {
    Object model = engine.get("/containers/" + container + "/json");
    Map<Long, String> processes = engine.processes(container);
    String script =
        """
        mkdir -p /run/containerd /run/docker /run/caisson-docker
        echo '{}' >/run/caisson-docker/daemon.json
        mkfifo /run/go
        read -r _ </run/go
        %s >/run/containerd.log 2>&1 &
        %s >/run/dockerd.log 2>&1 &
        wait
        """
            .formatted(commandLine(processes, "containerd"), commandLine(processes, "dockerd"));
    Map<String, Object> host = Json.map(Json.at(model, "HostConfig"));
    // The socket's directory is the sandbox's own.
    host.put("Binds", without(host.get("Binds"), ":/run/caisson"));
    host.put("Mounts", without(host.get("Mounts"), "\"/run/caisson\""));
    Map<String, Object> configuration = new java.util.LinkedHashMap<>();
    configuration.put("Image", Json.at(model, "Image"));
    configuration.put("Entrypoint", List.of("/opt/caisson/init", "--", "/bin/sh", "-c", script));
    configuration.put("User", "0:0");
    configuration.put("Env", Json.at(model, "Config", "Env"));
    configuration.put("Volumes", Json.at(model, "Config", "Volumes"));
    configuration.put("Labels", Map.of(LABEL, "by-hand"));
    configuration.put("HostConfig", host);
    return new ByHand(engine, configuration);
  }

  /**
   * One container whose daemons answer.
   *
   * @param startMillis to create and start the container
   * @param readyMillis from the daemons' start to their first answer
   */
  record Run(String container, double startMillis, double readyMillis) {}

  Run start() throws IOException, InterruptedException {
    long from = System.nanoTime();
    String container = (String) Json.at(engine.post("/containers/create", configuration), "Id");
    engine.post("/containers/" + container + "/start", null);
    double started = (System.nanoTime() - from) / 1e6;
    Object pid = Json.at(engine.get("/containers/" + container + "/json"), "State", "Pid");
    Path root = Path.of("/proc/" + pid + "/root/run");
    Path go = root.resolve("go");
    for (int i = 0; !Files.exists(go); i++) {
      if (i > 10_000) {
        throw new IOException("the shell in the container did not come to its pipe");
      }
      Thread.sleep(1);
    }
    DockerEngine daemon = new DockerEngine(root.resolve("docker.sock"));
    from = System.nanoTime();
    Files.writeString(go, "go\n");
    while (!daemon.answers()) {
      if (System.nanoTime() - from > 120_000_000_000L) {
        throw new IOException("not ready: " + Files.readString(root.resolve("dockerd.log")));
      }
      Thread.sleep(EVERY_MILLIS);
    }
    return new Run(container, started, (System.nanoTime() - from) / 1e6);
  }

  /** Removes all of them. */
  static void removeAll(DockerEngine engine) throws IOException {
    for (Object container : engine.labelled(LABEL)) {
      engine.remove((String) Json.at(container, "Id"));
    }
  }

  /** How a process was started, for a shell. */
  private static String commandLine(Map<Long, String> processes, String name) throws IOException {
    long pid =
        processes.entrySet().stream()
            .filter(process -> process.getValue().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no " + name + " runs in the sandbox"))
            .getKey();
    List<String> words = new ArrayList<>(List.of("env", "-i"));
    words.addAll(strings(Path.of("/proc/" + pid + "/environ")));
    words.addAll(strings(Path.of("/proc/" + pid + "/cmdline")));
    return String.join(
        " ", words.stream().map(word -> "'" + word.replace("'", "'\\''") + "'").toList());
  }

  private static List<String> strings(Path file) throws IOException {
    return Arrays.stream(Files.readString(file, StandardCharsets.UTF_8).split("\0"))
        .filter(string -> !string.isEmpty())
        .toList();
  }

  private static List<Object> without(Object list, String text) {
    return Json.list(list).stream().filter(entry -> !Json.write(entry).contains(text)).toList();
  }
}
