package dev.caisson.supervisor.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.setup.PreparationStep.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {

  private static final String ALL = "000001ffffffffff";

  @TempDir Path root;
  private DaemonLayout layout;

  @BeforeEach
  void aSandboxWithTheKitAndNothingElse() throws IOException {
    layout = new DaemonLayout(root);
    Files.createDirectories(layout.toolkit().resolve("cli-plugins"));
    Files.createFile(layout.toolkit().resolve("cli-plugins/docker-compose"));
    Files.createDirectories(layout.toolkit().resolve("bin"));
    Files.createFile(layout.program("dockerd"));
    assertThat(layout.program("dockerd").toFile().setExecutable(true)).isTrue();
    Files.createDirectories(root.resolve("proc"));
    Files.createDirectories(root.resolve("cgroup/cpu"));
    capabilities(ALL);
    mounts("ext4");
  }

  @Test
  void anEmptyImageGetsAllThatTheDaemonsNeed() throws Exception {
    assertThat(run()).extracting(PreparationStep::outcome).containsOnly(Outcome.DONE);
    assertThat(layout.dockerConfig()).content().isEqualTo("{}");
    assertThat(layout.dockerData()).isDirectory();
    assertThat((int) Files.getAttribute(root.resolve("tmp"), "unix:mode") & 07777).isEqualTo(01777);
    assertThat(Files.readSymbolicLink(root.resolve("var/run"))).isEqualTo(Path.of("../run"));
    assertThat(root.resolve("usr/libexec/docker/cli-plugins/docker-compose"))
        .isSymbolicLink()
        .exists();
  }

  @Test
  void doneTwiceIsTheSame() throws Exception {
    assertThat(run()).isEqualTo(run());
  }

  @Test
  void whatTheImageBringsStays() throws Exception {
    Path own = root.resolve("usr/libexec/docker/cli-plugins/docker-compose");
    Files.createDirectories(own.getParent());
    Files.writeString(own, "the image's");
    run();
    assertThat(own).content().isEqualTo("the image's");
  }

  @Test
  void aVarRunOfItsOwnGetsALinkToTheSocket() throws Exception {
    Files.createDirectories(root.resolve("var/run"));
    run();
    assertThat(Files.readSymbolicLink(root.resolve("var/run/docker.sock")))
        .isEqualTo(layout.dockerSocket());
  }

  @Test
  void withoutTheToolkitNothingIsTouched() throws Exception {
    Files.delete(layout.program("dockerd"));
    assertThat(fatal()).contains("the kit's Docker part is not mounted");
    assertThat(layout.dockerData()).doesNotExist();
  }

  @Test
  void aMissingCapabilityIsNamed() throws Exception {
    capabilities("00000000a80425fb");
    assertThat(fatal()).contains("CAP_SYS_ADMIN and CAP_NET_ADMIN");
  }

  @Test
  void forANestNeitherCapabilitiesNorCgroupsAreAsked() throws Exception {
    Files.createDirectories(root.resolve("dev/.caisson"));
    capabilities("00000000a80425fb");
    assertThat(run())
        .noneMatch(step -> step.outcome() == Outcome.FATAL)
        .noneMatch(step -> step.name().contains("cgroup"));
  }

  @Test
  void aDataRootOnTheContainersOwnLayerIsRefused() throws Exception {
    mounts("overlay");
    assertThat(fatal()).contains("it must be a volume");
  }

  private String fatal() throws InterruptedException {
    return run().stream()
        .filter(step -> step.outcome() == Outcome.FATAL)
        .findFirst()
        .orElseThrow()
        .detail();
  }

  private List<PreparationStep> run() throws InterruptedException {
    return new Preparation(
            layout,
            root.resolve("proc"),
            new CgroupTrees(root.resolve("cgroup"), mount -> 0, duration -> {}),
            (_, _) -> 0)
        .run();
  }

  private void capabilities(String effective) throws IOException {
    Files.writeString(
        root.resolve("proc/status"), "Name:\tjava\nCapPrm:\t0\nCapEff:\t" + effective + "\n");
  }

  private void mounts(String type) throws IOException {
    Files.writeString(
        root.resolve("proc/mountinfo"),
        """
        1 0 8:1 / %s rw - %s x rw
        2 1 0:1 / %s rw - cgroup cgroup rw,cpu
        """
            .formatted(root, type, root.resolve("cgroup/cpu")));
  }
}
