package dev.caisson.supervisor.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.setup.PreparationStep.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTreesTest {

  private static final int EPERM = 1;

  @TempDir Path root;
  private final List<String> changed = new ArrayList<>();

  @Test
  void versionOneIsMadeWritableTreeByTree() throws Exception {
    Files.createDirectory(root.resolve("cpu"));
    Files.createDirectory(root.resolve("memory"));
    List<PreparationStep> steps =
        trees(0)
            .prepare(
                List.of(mount("cpu", "ro", "cgroup"), mount("memory", "rw", "cgroup"), other()));
    assertThat(steps).extracting(PreparationStep::outcome).containsOnly(Outcome.DONE).hasSize(2);
    assertThat(changed).containsExactly(root.resolve("cpu").toString());
    assertThat(root.resolve("cpu")).isEmptyDirectory();
  }

  @Test
  void aTreeInWhichNothingCanBeMadeSaysWhyAndWhatWouldHelp() throws Exception {
    List<PreparationStep> steps = trees(EPERM).prepare(List.of(mount("pids", "ro", "cgroup")));
    assertThat(steps).singleElement().extracting(PreparationStep::outcome).isEqualTo(Outcome.FATAL);
    assertThat(steps.getFirst().detail())
        .contains("no cgroup can be made in")
        .contains("making the mount writable: EPERM")
        .contains("runtime caisson");
  }

  @Test
  void versionTwoMovesEverybodyAndHandsAllControllersDown() throws Exception {
    Files.createDirectory(root.resolve("init"));
    write("cgroup.procs", "1\n7\n");
    write("init/cgroup.procs", "");
    write("cgroup.controllers", "cpu memory pids\n");
    write("cgroup.subtree_control", "");
    List<PreparationStep> steps =
        trees(0).prepare(List.of(new MountPoint(root.toString(), Set.of("ro"), "cgroup2")));
    assertThat(steps).containsExactly(PreparationStep.done("cgroup2"));
    assertThat(changed).containsExactly(root.toString());
    assertThat(root.resolve("cgroup.subtree_control")).content().startsWith("+cpu +memory +pids");
    // Each write moves one process; the file of a real cgroup takes them one by one.
    assertThat(root.resolve("init/cgroup.procs")).content().isEqualTo("7");
  }

  @Test
  void noCgroupAtAllIsFatal() throws Exception {
    assertThat(trees(0).prepare(List.of(other())))
        .singleElement()
        .extracting(PreparationStep::outcome)
        .isEqualTo(Outcome.FATAL);
  }

  private CgroupTrees trees(int errno) {
    return new CgroupTrees(
        root,
        mount -> {
          changed.add(mount.path());
          return errno;
        },
        duration -> {});
  }

  private MountPoint mount(String name, String option, String type) {
    return new MountPoint(root.resolve(name).toString(), Set.of(option), type);
  }

  private static MountPoint other() {
    return new MountPoint("/elsewhere", Set.of("ro"), "cgroup");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(root.resolve(name), text);
  }
}
