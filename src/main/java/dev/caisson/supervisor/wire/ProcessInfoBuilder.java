package dev.caisson.supervisor.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A builder of {@link ProcessInfo}s: each method sets the component of its name; where none does, a
 * process runs in the root directory and has had no output.
 */
public final class ProcessInfoBuilder {
  private long pid;
  private List<String> command;
  private boolean shell;
  private String cwd = "/";
  private @Nullable String user;
  private boolean background;
  private long startedAt;
  private ProcessInfo.@Nullable Exit exit;
  private ProcessInfo.Volume stdout = ProcessInfo.Volume.NONE;
  private ProcessInfo.Volume stderr = ProcessInfo.Volume.NONE;
  private @Nullable String name;
  private Request.@Nullable Terminal terminal;
  private ProcessInfo.@Nullable Input input;
  private ProcessInfo.@Nullable Attempt attempt;
  private ProcessInfo.@Nullable Readiness readiness;

  ProcessInfoBuilder(long pid, List<String> command) {
    this.pid = pid;
    this.command = command;
  }

  ProcessInfoBuilder(ProcessInfo process) {
    pid = process.pid();
    command = process.command();
    shell = process.shell();
    cwd = process.cwd();
    user = process.user();
    background = process.background();
    startedAt = process.startedAt();
    exit = process.exit();
    stdout = process.stdout();
    stderr = process.stderr();
    name = process.name();
    terminal = process.terminal();
    input = process.input();
    attempt = process.attempt();
    readiness = process.readiness();
  }

  public ProcessInfoBuilder pid(long pid) {
    this.pid = pid;
    return this;
  }

  public ProcessInfoBuilder command(List<String> command) {
    this.command = command;
    return this;
  }

  public ProcessInfoBuilder shell(boolean shell) {
    this.shell = shell;
    return this;
  }

  public ProcessInfoBuilder cwd(String cwd) {
    this.cwd = cwd;
    return this;
  }

  public ProcessInfoBuilder user(@Nullable String user) {
    this.user = user;
    return this;
  }

  public ProcessInfoBuilder background(boolean background) {
    this.background = background;
    return this;
  }

  public ProcessInfoBuilder startedAt(long startedAt) {
    this.startedAt = startedAt;
    return this;
  }

  public ProcessInfoBuilder exit(ProcessInfo.@Nullable Exit exit) {
    this.exit = exit;
    return this;
  }

  public ProcessInfoBuilder stdout(ProcessInfo.Volume stdout) {
    this.stdout = stdout;
    return this;
  }

  public ProcessInfoBuilder stderr(ProcessInfo.Volume stderr) {
    this.stderr = stderr;
    return this;
  }

  public ProcessInfoBuilder name(@Nullable String name) {
    this.name = name;
    return this;
  }

  public ProcessInfoBuilder terminal(Request.@Nullable Terminal terminal) {
    this.terminal = terminal;
    return this;
  }

  public ProcessInfoBuilder input(ProcessInfo.@Nullable Input input) {
    this.input = input;
    return this;
  }

  public ProcessInfoBuilder attempt(ProcessInfo.@Nullable Attempt attempt) {
    this.attempt = attempt;
    return this;
  }

  public ProcessInfoBuilder readiness(ProcessInfo.@Nullable Readiness readiness) {
    this.readiness = readiness;
    return this;
  }

  public ProcessInfo build() {
    return new ProcessInfo(
        pid,
        command,
        shell,
        cwd,
        user,
        background,
        startedAt,
        exit,
        stdout,
        stderr,
        name,
        terminal,
        input,
        attempt,
        readiness);
  }
}
