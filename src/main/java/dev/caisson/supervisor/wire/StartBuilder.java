package dev.caisson.supervisor.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A builder of {@link Request.Start}s: each method sets the component of its name, which is absent
 * or 0 otherwise.
 */
public final class StartBuilder {
  private List<String> command;
  private boolean shell;
  private @Nullable String cwd;
  private Map<String, String> env = Map.of();
  private @Nullable String user;
  private boolean background;
  private byte @Nullable [] stdin;
  private long timeoutMillis;
  private long journalBytes;
  private @Nullable String name;
  private Request.@Nullable Terminal terminal;
  private boolean openInput;
  private Request.@Nullable Limits limits;
  private Request.@Nullable RestartPolicy restart;
  private Request.@Nullable Readiness readiness;
  private Request.@Nullable Once once;

  StartBuilder(List<String> command) {
    this.command = command;
  }

  StartBuilder(Request.Start start) {
    command = start.command();
    shell = start.shell();
    cwd = start.cwd();
    env = start.env();
    user = start.user();
    background = start.background();
    stdin = start.stdin();
    timeoutMillis = start.timeoutMillis();
    journalBytes = start.journalBytes();
    name = start.name();
    terminal = start.terminal();
    openInput = start.openInput();
    limits = start.limits();
    restart = start.restart();
    readiness = start.readiness();
    once = start.once();
  }

  public StartBuilder command(List<String> command) {
    this.command = command;
    return this;
  }

  public StartBuilder shell(boolean shell) {
    this.shell = shell;
    return this;
  }

  public StartBuilder cwd(@Nullable String cwd) {
    this.cwd = cwd;
    return this;
  }

  public StartBuilder env(Map<String, String> env) {
    this.env = env;
    return this;
  }

  public StartBuilder user(@Nullable String user) {
    this.user = user;
    return this;
  }

  public StartBuilder background(boolean background) {
    this.background = background;
    return this;
  }

  public StartBuilder stdin(byte @Nullable [] stdin) {
    this.stdin = stdin;
    return this;
  }

  public StartBuilder timeoutMillis(long timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
    return this;
  }

  public StartBuilder journalBytes(long journalBytes) {
    this.journalBytes = journalBytes;
    return this;
  }

  public StartBuilder name(@Nullable String name) {
    this.name = name;
    return this;
  }

  public StartBuilder terminal(Request.@Nullable Terminal terminal) {
    this.terminal = terminal;
    return this;
  }

  public StartBuilder openInput(boolean openInput) {
    this.openInput = openInput;
    return this;
  }

  public StartBuilder limits(Request.@Nullable Limits limits) {
    this.limits = limits;
    return this;
  }

  public StartBuilder restart(Request.@Nullable RestartPolicy restart) {
    this.restart = restart;
    return this;
  }

  public StartBuilder readiness(Request.@Nullable Readiness readiness) {
    this.readiness = readiness;
    return this;
  }

  public StartBuilder once(Request.@Nullable Once once) {
    this.once = once;
    return this;
  }

  public Request.Start build() {
    return new Request.Start(
        command,
        shell,
        cwd,
        env,
        user,
        background,
        stdin,
        timeoutMillis,
        journalBytes,
        name,
        terminal,
        openInput,
        limits,
        restart,
        readiness,
        once);
  }
}
