package dev.caisson.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SharedService;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/**
 * The clients that the build generates of the contract: each passes its language's checker, and
 * does the main job as openapi/examples has it.
 */
@ExtendWith(SharedService.class)
class ClientsIT {
  private static final Path CLIENTS = Path.of("target", "clients").toAbsolutePath();
  private static final Path EXAMPLES = Path.of("openapi", "examples").toAbsolutePath();
  private static final Path TOOLS = Path.of("target", "contract", "node_modules").toAbsolutePath();

  @Test
  void java(ServiceProcess service, @TempDir Path made) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> client = Files.walk(CLIENTS.resolve("java/src/main/java"))) {
      List<Path> sources =
          new ArrayList<>(client.filter(path -> path.toString().endsWith(".java")).toList());
      sources.add(EXAMPLES.resolve("MainJob.java"));
      StringWriter said = new StringWriter();
      assertThat(
              compiler
                  .getTask(
                      said,
                      files,
                      null,
                      List.of("-d", made.toString(), "-proc:none", "-implicit:none"),
                      null,
                      files.getJavaFileObjectsFromPaths(sources))
                  .call())
          .as(said.toString())
          .isTrue();
    }
    String classes = made + ":" + System.getProperty("java.class.path");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    job(service, made, java.toString(), "-cp", classes, "MainJob", Machine.DEBIAN);
  }

  @Test
  void typescript(ServiceProcess service, @TempDir Path made) throws Exception {
    Path client = made.resolve("node_modules/caisson-client");
    FileSystemUtils.copyRecursively(CLIENTS.resolve("typescript"), client);
    Path example = Files.copy(EXAMPLES.resolve("main-job.ts"), made.resolve("main-job.mts"));
    String compiler = TOOLS.resolve("typescript/bin/tsc").toString();
    run(service, made, "node", compiler, "-p", client.toString(), "--strict");
    run(
        service,
        made,
        "node",
        compiler,
        "--strict",
        "--target",
        "es2022",
        "--module",
        "nodenext",
        "--typeRoots",
        TOOLS.resolve("@types").toString(),
        "--types",
        "node",
        example.toString());
    job(service, made, "node", "main-job.mjs", Machine.DEBIAN);
  }

  @Test
  void python(ServiceProcess service, @TempDir Path made) throws Exception {
    FileSystemUtils.copyRecursively(CLIENTS.resolve("python/caisson"), made.resolve("caisson"));
    Files.copy(EXAMPLES.resolve("main_job.py"), made.resolve("main_job.py"));
    String[] container = {
      "docker",
      "run",
      "--rm",
      "--userns=host",
      "--network=host",
      "-v",
      made + ":/work",
      "-w",
      "/work",
      "-e",
      "CAISSON_URL",
      "-e",
      "CAISSON_KEY",
      "caisson/python"
    };
    // Two keys that its models set are of pydantic 2.11; Debian's is 2.10, and passes over them.
    String older = "--disable-error-code=typeddict-unknown-key";
    run(
        service,
        made,
        with(container, "mypy", "--cache-dir=/tmp/m", older, "main_job.py", "caisson"));
    job(service, made, with(container, "python3", "main_job.py", Machine.DEBIAN));
  }

  private static String[] with(String[] first, String... then) {
    return Stream.concat(Stream.of(first), Stream.of(then)).toArray(String[]::new);
  }

  private static void job(ServiceProcess service, Path directory, String... command)
      throws IOException, InterruptedException {
    assertThat(run(service, directory, command)).contains("every step held");
  }

  /** What a command printed, that must succeed; the key reaches it by its environment. */
  private static String run(ServiceProcess service, Path directory, String... command)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile("client", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile());
      builder.environment().put("CAISSON_URL", service.base());
      builder.environment().put("CAISSON_KEY", service.key());
      Process process = builder.start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(5, TimeUnit.MINUTES);
      process.destroyForcibly();
      String output = Files.readString(said, StandardCharsets.UTF_8);
      assertThat(ended).as("%s: %s", String.join(" ", command), output).isTrue();
      assertThat(process.exitValue()).as("%s: %s", String.join(" ", command), output).isZero();
      return output;
    } finally {
      Files.delete(said);
    }
  }
}
