import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Profiles the service while it executes {@code true} in a sandbox again and again, and draws a flame graph. */
final class ExecFlame {
  private static final int WARM = Integer.parseInt(System.getenv().getOrDefault("FLAME_WARM", "5000"));
  private static final int EXECS = Integer.parseInt(System.getenv().getOrDefault("FLAME_EXECS", "5000"));

  private ExecFlame() {}

  /**
   * @param arguments the profiler's library, and the file to draw
   */
  public static void main(String[] arguments) throws Exception {
    String url = System.getenv("CAISSON_URL");
    Caisson caisson = new Caisson(url, System.getenv("CAISSON_KEY"));
    long service = Cpu.listener(URI.create(url).getPort());
    Path stacks = Files.createTempFile("caisson-flame", ".txt");
    try {
      String image = System.getenv().getOrDefault("BENCH_IMAGE", "debian:trixie-slim");
      String sandbox = (String) Json.at(caisson.create(image, false), "id");
      execs(caisson, sandbox, WARM);
      tell(service, arguments[0], "start,event=ctimer,interval=500us,threads");
      execs(caisson, sandbox, EXECS);
      tell(service, arguments[0], "stop,collapsed,file=" + stacks);
      Flame.draw(stacks, "CPU time of the service in " + EXECS + " execs of true", Path.of(arguments[1]));
    } finally {
      caisson.deleteAll();
      Files.deleteIfExists(stacks);
    }
  }

  private static void execs(Caisson caisson, String sandbox, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      caisson.exec(sandbox, "true");
    }
  }

  private static void tell(long service, String library, String options) throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(
                List.of(
                    jcmd.toString(), Long.toString(service), "JVMTI.agent_load", library, "\"" + options + "\""))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0 || !said.contains("return code: 0")) {
      throw new IOException("the profiler did not take " + options + ": " + said);
    }
  }
}
