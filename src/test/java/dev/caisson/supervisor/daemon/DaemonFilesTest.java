package dev.caisson.supervisor.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.setup.DaemonLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonFilesTest {

  @TempDir Path root;
  private DaemonLayout layout;
  private DaemonFiles files;

  @BeforeEach
  void make() throws IOException {
    layout = new DaemonLayout(root);
    files = new DaemonFiles(layout, root.resolve("proc"));
    Files.createDirectories(layout.containerdState());
    Files.createFile(layout.containerdSocket());
    Files.createFile(layout.dockerSocket());
    Files.createDirectories(layout.configDirectory());
    Files.writeString(layout.dockerPidFile(), "42\n");
  }

  @Test
  void aPidFileOfADeadDockerdIsRemoved() {
    files.forgetDockerd();
    assertThat(layout.dockerPidFile()).doesNotExist();
    assertThat(layout.dockerSocket()).doesNotExist();
  }

  @Test
  void aPidFileWhosePidIsSomebodyElsesNowIsRemoved() throws IOException {
    runs("bash");
    files.forgetDockerd();
    assertThat(layout.dockerPidFile()).doesNotExist();
  }

  @Test
  void aLivingDockerdThatIsNotOursKeepsItsFiles() throws IOException {
    runs("dockerd");
    files.forgetDockerd();
    assertThat(layout.dockerPidFile()).exists();
    assertThat(layout.dockerSocket()).exists();
  }

  @Test
  void anUnreadablePidFileIsStale() throws IOException {
    Files.writeString(layout.dockerPidFile(), "");
    files.forgetDockerd();
    assertThat(layout.dockerPidFile()).doesNotExist();
  }

  @Test
  void containerdsSocketIsRemovedAndTheShimsFilesStay() throws IOException {
    Path shim = Files.createDirectories(layout.containerdState().resolve("s"));
    files.forgetContainerd();
    files.forgetContainerd();
    assertThat(layout.containerdSocket()).doesNotExist();
    assertThat(shim).exists();
  }

  private void runs(String comm) throws IOException {
    Files.createDirectories(root.resolve("proc/42"));
    Files.writeString(root.resolve("proc/42/comm"), comm + "\n");
  }
}
