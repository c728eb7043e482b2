package dev.caisson.supervisor;

import dev.caisson.supervisor.setup.Examination;
import dev.caisson.supervisor.system.CarrierThreads;
import dev.caisson.supervisor.system.LibC;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.SystemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * The supervisor's entry: starts it; with {@code --self-test} it starts, uses and ends itself, with
 * {@code --examine-…} it prints what the host can do.
 */
public final class Main {
  /** The grace at {@code docker stop}, which is left of the engine's own. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  private Main() {}

  public static void main(String[] args) throws Exception {
    if (List.of(args).contains("--self-test")) {
      SelfTest.run();
      return;
    }
    if (args.length > 0 && Examination.asked(args)) {
      return;
    }
    hide();
    NameServers.write(System.getenv(), Path.of("/etc/resolv.conf"));
    SupervisorSettings settings = SupervisorSettings.of(System.getenv());
    CarrierThreads.keep();
    protect();
    SupervisorContext context = new SupervisorContext(settings, Clock.systemUTC());
    try (Server server = new Server(context, settings.socket())) {
      Runtime.getRuntime().addShutdownHook(end(context));
      Log.info("supervisor is ready", "sandbox", settings.sandbox(), "socket", settings.socket());
      server.run();
    }
  }

  /**
   * Keeps the sandbox's processes from attaching to the supervisor, and from reading the word it is
   * known by.
   */
  private static void hide() {
    try {
      new LibC().becomeUndumpable();
    } catch (SystemException e) {
      Log.warn("the supervisor can be attached to", "error", e);
    }
  }

  /**
   * Makes the kernel take any other process first when memory is short; not every engine allows
   * that.
   */
  private static void protect() {
    try {
      Files.write(Path.of("/proc/self/oom_score_adj"), "-500".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      Log.debug("cannot lower the supervisor's oom_score_adj", "error", e);
    }
  }

  /** Returns the thread that ends the sandbox when its container is stopped. */
  static Thread end(SupervisorContext context) {
    return new Thread(() -> stop(context), "stop");
  }

  private static void stop(SupervisorContext context) {
    try {
      context.shutdown().run(STOP_GRACE);
    } catch (InterruptedException e) {
      Log.warn("the end of the sandbox was interrupted");
    }
  }
}
