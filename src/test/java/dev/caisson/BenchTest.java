package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.Message;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of {@code bench/}: no build makes them, so what they use may change unnoticed. */
class BenchTest {
  private static final Path BENCH = Path.of("bench");
  private static final Pattern PROGRAM = Pattern.compile("^\\(?program (\\w+)", Pattern.MULTILINE);

  @Test
  void allOfThemCompile(@TempDir Path classes) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources = Files.list(BENCH)) {
      List<Path> programs = sources.filter(source -> source.toString().endsWith(".java")).toList();
      List<String> options =
          List.of(
              "-proc:none",
              "-d",
              classes.toString(),
              "-cp",
              of(Histogram.class) + ":" + of(Message.class));
      assertThat(
              compiler
                  .getTask(
                      said, files, null, options, null, files.getJavaFileObjectsFromPaths(programs))
                  .call())
          .as(() -> said.toString())
          .isTrue();
    }
  }

  private static String of(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().getPath();
  }

  @Test
  void everyScriptFindsItsProgram() throws IOException {
    try (Stream<Path> scripts =
        Files.walk(BENCH, 2).filter(Files::isExecutable).filter(Files::isRegularFile)) {
      List<String> programs = scripts.flatMap(BenchTest::programs).toList();
      assertThat(programs)
          .hasSizeGreaterThan(7)
          .allSatisfy(program -> assertThat(BENCH.resolve(program + ".java")).exists());
    }
  }

  private static Stream<String> programs(Path script) {
    try {
      return PROGRAM.matcher(Files.readString(script)).results().map(found -> found.group(1));
    } catch (IOException e) {
      throw new AssertionError(script.toString(), e);
    }
  }
}
