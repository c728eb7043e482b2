package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.terminal.HostTerminal;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The program {@code caisson}: reads its arguments, and leaves the rest to a {@link CliCommand}.
 */
@Command(
    name = "caisson",
    mixinStandardHelpOptions = true,
    version = "see: caisson version",
    description = "Sandboxes over REST, each with a Docker daemon of its own if you like.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "CAISSON_URL says where the service is (http://127.0.0.1:8080), CAISSON_KEY is the key;"
          + " login stores both. CAISSON_CACERT: a file with signers to trust.",
      "",
      "The exit code is that of the process that was run. Else: 2 usage, 69 service not reached,"
          + " 77 no valid key, 125 refused or failed, 126 command cannot be run, 127 no such"
          + " command, 128+n ended by signal n."
    })
public final class Caisson implements Runnable {
  /** The verbs, in the order in which they are shown. */
  private static final Map<String, Function<CliContext, Object>> VERBS = verbs();

  /**
   * The verbs that carry a command: after their first argument everything is the command's, options
   * too.
   */
  private static final List<String> CARRY_COMMANDS = List.of("run", "exec", "docker");

  private final CliContext cli;

  @Spec private @Nullable CommandSpec spec;

  private Caisson(CliContext cli) {
    this.cli = cli;
  }

  private static Map<String, Function<CliContext, Object>> verbs() {
    Map<String, Function<CliContext, Object>> verbs = new LinkedHashMap<>();
    verbs.put("run", RunVerb::new);
    verbs.put("create", CreateVerb::new);
    verbs.put("ls", ListVerb::new);
    verbs.put("inspect", InspectVerb::new);
    verbs.put("rm", RemoveVerb::new);
    verbs.put("exec", ExecVerb::new);
    verbs.put("ps", ProcessesVerb::new);
    verbs.put("logs", LogsVerb::new);
    verbs.put("attach", AttachVerb::new);
    verbs.put("kill", KillVerb::new);
    verbs.put("cp", CopyVerb::new);
    verbs.put("docker", DockerVerb::new);
    verbs.put("context", ContextVerb::new);
    verbs.put("forward", ForwardVerb::new);
    verbs.put("keys", KeysVerb::new);
    verbs.put("login", LoginVerb::new);
    verbs.put("logout", LogoutVerb::new);
    verbs.put("doctor", DoctorVerb::new);
    verbs.put("version", VersionVerb::new);
    verbs.put("completion", CompletionVerb::new);
    verbs.put("rehearse", RehearseVerb::new);
    return verbs;
  }

  @Option(
      names = {"-o", "--output"},
      scope = ScopeType.INHERIT,
      paramLabel = "FORMAT",
      description = "table, or json: what the service answers.")
  void output(Format format) {
    cli.format = format;
  }

  @Option(
      names = "--url",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description = "Where the service is, in place of CAISSON_URL.")
  void url(String url) {
    cli.url = url;
  }

  @Override
  public void run() {
    throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "Specify a command.");
  }

  /** Ends the program with its exit code. */
  public static void main(String[] arguments) {
    CliContext cli =
        new CliContext(
            System.getenv(),
            new FileInputStream(FileDescriptor.in),
            stream(FileDescriptor.out),
            stream(FileDescriptor.err),
            new HostTerminal(),
            time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()));
    int code = run(cli, arguments);
    cli.out.flush();
    cli.err.flush();
    System.exit(code);
  }

  /** Runs the command in the arguments; returns the exit code. */
  static int run(CliContext cli, String... arguments) {
    CommandLine line = commandLine(cli, arguments.length == 0 ? "" : arguments[0]);
    line.setExecutionExceptionHandler((failure, _, _) -> {
      if (failure instanceof CliException known) {
        cli.complain(known);
        return known.exitCode();
      }
      throw failure;
    });
    return line.execute(arguments);
  }

  /**
   * Returns the command line with all verbs, or, where the first word is a verb, with that one
   * alone: the others need not be set up.
   */
  static CommandLine commandLine(CliContext cli, String verb) {
    CommandLine line = new CommandLine(new Caisson(cli));
    Map<String, Function<CliContext, Object>> wanted =
        VERBS.containsKey(verb) && !verb.equals("completion")
            ? Map.of(verb, VERBS.get(verb))
            : VERBS;
    wanted.forEach((name, make) -> {
      CommandLine made = new CommandLine(make.apply(cli));
      made.setStopAtPositional(CARRY_COMMANDS.contains(name));
      line.addSubcommand(name, made);
    });
    line.setOut(new PrintWriter(cli.out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(cli.err, true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }
}
