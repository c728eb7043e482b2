package dev.caisson.supervisor;

import dev.caisson.supervisor.wire.Request;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A start that is put together bit by bit. */
final class Wanted {
  private final List<String> command;
  private @Nullable String user;
  private byte @Nullable [] stdin;
  private long timeoutMillis;
  private @Nullable String name;
  private Request.@Nullable Terminal terminal;
  private boolean openInput;
  private Request.@Nullable Limits limits;
  private Request.@Nullable RestartPolicy restart;
  private Request.@Nullable Readiness readiness;
  private Request.@Nullable Once once;

  private Wanted(List<String> command) {
    this.command = command;
  }

  static Wanted of(String... command) {
    return new Wanted(List.of(command));
  }

  static Wanted shell(String line) {
    return of("/bin/sh", "-c", line);
  }

  Wanted user(String wanted) {
    user = wanted;
    return this;
  }

  Wanted stdin(byte[] bytes) {
    stdin = bytes;
    return this;
  }

  Wanted timeout(long millis) {
    timeoutMillis = millis;
    return this;
  }

  Wanted name(String wanted) {
    name = wanted;
    return this;
  }

  Wanted terminal(int rows, int cols) {
    terminal = new Request.Terminal(rows, cols);
    return this;
  }

  Wanted openInput() {
    openInput = true;
    return this;
  }

  Wanted limits(long memoryBytes, long cpuSeconds, long openFiles) {
    limits = new Request.Limits(memoryBytes, cpuSeconds, openFiles);
    return this;
  }

  Wanted restart(Request.RestartPolicy policy) {
    restart = policy;
    return this;
  }

  Wanted readiness(
      int port, @Nullable String http, @Nullable String output, long delay, long time) {
    readiness = new Request.Readiness(port, http, output, delay, time);
    return this;
  }

  Wanted once(String key, String fingerprint) {
    once = new Request.Once(key, fingerprint);
    return this;
  }

  Request.Start start() {
    return new Request.Start(
        command,
        false,
        null,
        Map.of(),
        user,
        false,
        stdin,
        timeoutMillis,
        0,
        name,
        terminal,
        openInput,
        limits,
        restart,
        readiness,
        once);
  }
}
