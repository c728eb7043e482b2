package dev.caisson.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Secrets on disk: made once, whole, their owner's alone, and never believed when they are short.
 */
class SecretFileTest {
  private static final String SECOND = "second-".repeat(10);

  @TempDir Path home;

  private SecretFile file() {
    return new SecretFile(home.resolve("new/admin.key"), 32);
  }

  @Test
  void isMadeOnceAndForItsOwnerAlone() throws IOException {
    String made = file().readOrMake(() -> "k".repeat(40));
    assertThat(file().readOrMake(() -> SECOND)).isEqualTo(made);
    Path path = home.resolve("new/admin.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    assertThat(names(path)).containsExactly("admin.key");
  }

  @ParameterizedTest
  @EnumSource(SecretFile.Step.class)
  void aStartThatIsKilledBehindAnyStepLeavesAllOrNothing(SecretFile.Step step) throws Exception {
    Path path = home.resolve("admin.key");
    Process killed =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BrokenStart.class.getName(),
                path.toString(),
                step.name())
            .inheritIO()
            .start();
    assertThat(killed.waitFor()).isEqualTo(9);
    boolean named = step.compareTo(SecretFile.Step.NAMED) >= 0;
    assertThat(new SecretFile(path, 32).readOrMake(() -> SECOND))
        .isEqualTo(named ? "first-".repeat(10) : SECOND);
    assertThat(names(path)).containsExactly("admin.key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "   ", "ck_ab", "1234567890123456789012345678901"})
  void whatIsTooShortIsRefusedInOneLine(String text) throws IOException {
    Path path = Files.writeString(home.resolve("admin.key"), text);
    assertThatThrownBy(() -> new SecretFile(path, 32).readOrMake(() -> SECOND))
        .isInstanceOfSatisfying(
            SecretFileException.class,
            e -> {
              FailureAnalysis said = new SecretFileFailure().analyze(e, e);
              assertThat(said.getDescription()).contains("too short").doesNotContain("\n");
              assertThat(said.getAction()).contains("remove it").doesNotContain("\n");
              if (!text.isBlank()) {
                assertThat(said.getDescription()).doesNotContain(text.strip());
              }
            });
    assertThat(path).hasContent(text);
  }

  @Test
  void aKeyOfTheOperatorsOwnIsTakenAndKeptFromOthers() throws IOException {
    Path path = Files.writeString(home.resolve("admin.key"), "own".repeat(20) + "\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(new SecretFile(path, 32).readOrMake(() -> SECOND)).isEqualTo("own".repeat(20));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  void startsAtTheSameMomentAgree() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService starts = Executors.newFixedThreadPool(8)) {
      List<Future<String>> all =
          IntStream.range(0, 8)
              .mapToObj(i ->
                  starts.submit(() -> {
                    go.await();
                    return file().readOrMake(() -> String.valueOf(i).repeat(40));
                  }))
              .toList();
      go.countDown();
      String first = all.getFirst().get();
      for (Future<String> each : all) {
        assertThat(each.get()).isEqualTo(first);
      }
    }
  }

  private static List<String> names(Path file) throws IOException {
    try (var all = Files.list(file.getParent())) {
      return all.map(each -> each.getFileName().toString()).toList();
    }
  }
}
