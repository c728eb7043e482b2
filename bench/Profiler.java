import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Samples of the CPU time of a Java process on this host, by async-profiler, drawn as a flame graph. */
final class Profiler {
  private final String library;
  private final Path directory;

  /**
   * @param library async-profiler's
   * @param directory where the graphs are drawn
   */
  Profiler(String library, Path directory) {
    this.library = library;
    this.directory = directory;
  }

  /** Some work that a process does. */
  interface Work {
    void run() throws Exception;
  }

  /**
   * Samples a process while it works.
   *
   * @param name of the file to draw, without its ending
   */
  void draw(long pid, String name, String title, Work work) throws Exception {
    Path stacks = Files.createTempFile("caisson-flame", ".txt");
    try {
      tell(pid, "start,event=ctimer,interval=500us,threads");
      double from = Cpu.ofProcess(pid);
      work.run();
      System.out.printf("%s: %.1f s of CPU%n", title, Cpu.ofProcess(pid) - from);
      tell(pid, "stop,collapsed,file=" + stacks);
      Flame.draw(stacks, title, directory.resolve(name + ".svg"));
    } finally {
      Files.deleteIfExists(stacks);
    }
  }

  private void tell(long pid, String options) throws Exception {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(
                List.of(jcmd.toString(), Long.toString(pid), "JVMTI.agent_load", library, "\"" + options + "\""))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0 || !said.contains("return code: 0")) {
      throw new IOException("the profiler did not take " + options + ": " + said);
    }
  }
}
