package dev.caisson.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.lifecycle.FakeSandboxes;
import dev.caisson.process.FakeSupervisor;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials reach the sandboxes that have Docker, and the records only sealed. */
class RegistriesTest {
  private static final RegistryName GHCR = new RegistryName("ghcr.io");

  private final FakeSandboxes sandboxes = new FakeSandboxes();
  private final FakeSupervisor docker = supervisor();
  private final FakeSupervisor without = supervisor();
  private final SandboxId id = sandboxes.add(docker, status(DaemonStatus.State.READY));
  private final Rows rows = new Rows();
  @TempDir Path home;

  /** Records in memory. */
  private static final class Rows implements RegistryRecords {
    final Map<String, String> rows = new HashMap<>();

    @Override
    public Map<String, String> all() {
      return Map.copyOf(rows);
    }

    @Override
    public void replace(String registry, @Nullable String sealed, @Nullable String before) {
      assertThat(rows.get(registry)).isEqualTo(before);
      if (sealed == null) {
        rows.remove(registry);
      } else {
        rows.put(registry, sealed);
      }
    }
  }

  @Test
  void aChangeIsHandedToEverySandboxWithDockerAtOnce() throws Exception {
    sandboxes.add(without, status(DaemonStatus.State.DISABLED));
    Registries registries = registries();
    registries.put(GHCR, RegistryCredential.checked("ci", "s3cret"));
    registries.delete(GHCR);
    registries.delete(GHCR);

    assertThat(docker.asked)
        .containsExactly(
            new Request.Credentials(List.of(new Request.Credential("ghcr.io", "ci", "s3cret"))),
            new Request.Credentials(List.of()));
    assertThat(without.asked).isEmpty();
    assertThat(rows.rows).isEmpty();
  }

  @Test
  void whatIsRecordedIsSealedAndOutlivesTheService() throws Exception {
    registries().put(GHCR, RegistryCredential.checked("ci", "s3cret"));
    assertThat(rows.rows.toString()).contains("ghcr.io").doesNotContain("s3cret");

    Registries again = registries();
    assertThat(again.names()).containsExactly(GHCR);
    docker.asked.clear();
    again.handTo(id);
    assertThat(docker.asked)
        .containsExactly(
            new Request.Credentials(List.of(new Request.Credential("ghcr.io", "ci", "s3cret"))));
    assertThat(docker.asked.toString()).doesNotContain("s3cret");
  }

  @Test
  void anotherFirstKeySealsAllAnew() throws Exception {
    registries().put(GHCR, RegistryCredential.checked("ci", "s3cret"));
    String before = rows.rows.get("ghcr.io");
    Path file = home.resolve("registries.key");
    String old = Files.readString(file);
    Files.writeString(file, "cd".repeat(32) + "\n" + old);
    registries().names();
    assertThat(rows.rows.get("ghcr.io")).isNotEqualTo(before);

    Files.writeString(file, "cd".repeat(32) + "\n");
    docker.asked.clear();
    registries().handTo(id);
    assertThat(docker.asked)
        .containsExactly(
            new Request.Credentials(List.of(new Request.Credential("ghcr.io", "ci", "s3cret"))));
  }

  @Test
  void whatDoesNotOpenIsLeftOutAndNamed() {
    rows.rows.put("ghcr.io", "1.00000000.AAAA");
    Registries registries = registries();
    registries.handTo(id);

    assertThat(docker.asked).containsExactly(new Request.Credentials(List.of()));
    assertThat(registries.names()).containsExactly(GHCR);
  }

  @Test
  void aSupervisorThatKnowsNothingOfThemIsNoFailure() {
    docker.script = _ -> List.of(FakeSupervisor.refused("UNSUPPORTED"));
    registries().handTo(id);

    assertThat(docker.asked).hasSize(1);
  }

  private Registries registries() {
    return new Registries(
        rows, new CredentialCipher(new CredentialKeys(home.resolve("registries.key"))), sandboxes);
  }

  private static FakeSupervisor supervisor() {
    FakeSupervisor supervisor = new FakeSupervisor();
    supervisor.script = _ -> List.of(new Answer.Done());
    return supervisor;
  }

  private static DaemonStatus status(DaemonStatus.State state) {
    return DaemonStatus.builder(state, true, 1).pid(1).build();
  }
}
