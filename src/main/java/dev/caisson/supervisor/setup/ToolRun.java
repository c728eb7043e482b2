package dev.caisson.supervisor.setup;

import dev.caisson.supervisor.system.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A way to run a program of the kit to its end, for code that runs before there is a sandbox. */
interface ToolRun {

  /** Runs a program with this input. */
  Outcome run(List<String> command, String input) throws IOException, InterruptedException;

  /** The outcome of a run; the output is both streams. */
  record Outcome(int code, String output) {

    boolean ok() {
      return code == 0;
    }

    /** Returns the output in one line, or the exit code where there is none. */
    String words() {
      String line = output.strip().replaceAll("\\s+", " ");
      return line.isEmpty() ? "exit code " + code : line;
    }
  }

  /** The real way, by a process. */
  ToolRun REAL =
      (command, input) -> {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder
            .environment()
            .put(
                "XTABLES_LIBDIR", DaemonLayout.SANDBOX.toolkit().resolve("lib/xtables").toString());
        Process process;
        try {
          process = builder.start();
        } catch (IOException e) {
          return new Outcome(127, String.valueOf(e.getMessage()));
        }
        try (var stdin = process.getOutputStream()) {
          stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
          // It ended without reading it; its words tell why.
          Log.debug("input was not read", "program", command.getFirst(), "error", e);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
      };
}
