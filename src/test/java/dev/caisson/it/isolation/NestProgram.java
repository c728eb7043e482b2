package dev.caisson.it.isolation;

import dev.caisson.it.Machine;
import dev.caisson.it.ProcessorTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The parts of {@code kit/nest}, built for this machine with the compiler's sanitizers. */
final class NestProgram {
  private static final Path SOURCES = Path.of("kit", "nest");
  private static final Path DRIVE = Path.of("src", "test", "resources", "nest", "drive.c");

  private final Path program;

  private NestProgram(Path program) {
    this.program = program;
  }

  /** Builds it, with its places below this directory. */
  static NestProgram build(Path directory) {
    Path program = directory.resolve("drive");
    List<String> command =
        new ArrayList<>(
            List.of(
                "gcc",
                "-g",
                "-O1",
                "-fsanitize=address,undefined",
                "-fno-sanitize-recover=all",
                "-Wall",
                "-Wextra",
                "-Wconversion",
                "-Wshadow",
                "-Werror",
                "-I" + SOURCES,
                "-DPLACE=\"" + directory + "\"",
                "-DKIT=\"" + directory + "/\"",
                "-o",
                program.toString(),
                DRIVE.toString()));
    try (Stream<Path> sources = Files.list(SOURCES)) {
      sources
          .map(Path::toString)
          .filter(name -> name.endsWith(".c") && !name.endsWith("/main.c"))
          .forEach(command::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Machine.run(command.toArray(String[]::new));
    return new NestProgram(program);
  }

  Machine.Outcome run(String... arguments) {
    return Machine.attempt(
        Stream.concat(Stream.of(program.toString()), Stream.of(arguments)).toArray(String[]::new));
  }

  /** A relay to this port of 127.0.0.1. */
  Relay relay(Path complaints, String... arguments) {
    try {
      List<String> command = new ArrayList<>(List.of(program.toString()));
      command.addAll(List.of(arguments));
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(complaints.toFile());
      builder.environment().put("UBSAN_OPTIONS", "print_stacktrace=1");
      Process process = builder.start();
      BufferedReader said = process.inputReader();
      return new Relay(process, Integer.parseInt(said.readLine()), complaints);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that runs: where it listens, and where sanitizers write what they find. */
  record Relay(Process process, int port, Path complaints) {

    /** Ends it by TERM, and answers what the sanitizers found until then. */
    String end() throws InterruptedException, IOException {
      process.destroy();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the relay did not end");
      }
      return Files.readString(complaints) + (process.exitValue() == 0 ? "" : "exit " + process);
    }

    /** Of the processors, since its start, in ticks of 10 ms. */
    long ticks() {
      return ProcessorTime.ticks(process.pid());
    }

    long descriptors() {
      try (Stream<Path> all = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
        return all.count();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
