package dev.caisson.supervisor.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The preparation of a sandbox before its daemons start, whatever its image has: all by files and
 * system calls, since there may be no shell, no {@code mount} and no libc.
 */
public final class Preparation {

  private static final int CAP_NET_ADMIN = 12;
  private static final int CAP_SYS_ADMIN = 21;

  private final DaemonLayout layout;
  private final Path proc;
  private final CgroupTrees cgroups;
  private final PreloadedImages.Bind bind;

  /**
   * @param proc {@code /proc/self}; another one only in tests
   */
  public Preparation(
      DaemonLayout layout, Path proc, CgroupTrees cgroups, PreloadedImages.Bind bind) {
    this.bind = bind;
    this.layout = layout;
    this.proc = proc;
    this.cgroups = cgroups;
  }

  public static Preparation ofSandbox() {
    MountSystem mounts = new MountSystem();
    return new Preparation(
        DaemonLayout.SANDBOX,
        Path.of("/proc/self"),
        new CgroupTrees(Path.of("/sys/fs/cgroup"), mounts, ProbePause.SLEEP),
        mounts::bind);
  }

  /** Does all steps, each once; ends at the first without which the daemons cannot run. */
  public List<PreparationStep> run() throws InterruptedException {
    List<PreparationStep> steps = new ArrayList<>();
    steps.add(toolkit());
    if (!layout.isNested()) {
      steps.add(capabilities());
    }
    if (fatal(steps)) {
      return steps;
    }
    steps.add(directories());
    steps.add(oldSocketName());
    steps.add(plugins());
    try {
      List<MountPoint> mounts = MountPoint.parse(Files.readAllLines(proc.resolve("mountinfo")));
      steps.add(volume(layout.dockerData(), mounts));
      steps.add(volume(layout.containerdData(), mounts));
      if (!layout.isNested()) {
        // In a nest they are mounted anew, which the sandbox itself may not.
        steps.addAll(cgroups.prepare(mounts));
      }
      PreloadedImages preloaded =
          new PreloadedImages(layout.preloaded(), layout.dockerData(), bind);
      if (preloaded.exist()) {
        steps.add(preloaded.lay(mounts));
      }
    } catch (IOException e) {
      steps.add(PreparationStep.fatal("mounts", "cannot be read: " + e));
    }
    return steps;
  }

  static boolean fatal(List<PreparationStep> steps) {
    return steps.stream().anyMatch(step -> step.outcome() == PreparationStep.Outcome.FATAL);
  }

  private PreparationStep toolkit() {
    return Files.isExecutable(layout.program("dockerd"))
        ? PreparationStep.done("toolkit")
        : PreparationStep.fatal(
            "toolkit",
            "the kit's Docker part is not mounted at "
                + layout.toolkit()
                + "; create the sandbox with Docker enabled");
  }

  private PreparationStep capabilities() {
    try {
      long effective =
          Files.readAllLines(proc.resolve("status")).stream()
              .filter(line -> line.startsWith("CapEff:"))
              .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
              .findFirst()
              .orElse(0);
      List<String> missing = new ArrayList<>();
      if ((effective & 1L << CAP_SYS_ADMIN) == 0) {
        missing.add("CAP_SYS_ADMIN");
      }
      if ((effective & 1L << CAP_NET_ADMIN) == 0) {
        missing.add("CAP_NET_ADMIN");
      }
      return missing.isEmpty()
          ? PreparationStep.done("capabilities")
          : PreparationStep.fatal(
              "capabilities",
              "the sandbox was made without "
                  + String.join(" and ", missing)
                  + ", which dockerd needs; create it with Docker enabled");
    } catch (IOException | NumberFormatException e) {
      return PreparationStep.tolerated("capabilities", "cannot be told: " + e);
    }
  }

  private PreparationStep directories() {
    String name = "directories";
    try {
      for (Path path :
          List.of(
              layout.run(),
              layout.containerdState(),
              layout.configDirectory(),
              layout.dockerData(),
              layout.containerdData())) {
        Files.createDirectories(path);
      }
      Path temporary = layout.root().resolve("tmp");
      if (!Files.isDirectory(temporary)) {
        Files.createDirectories(temporary);
        // As a mode, since the sticky bit is no permission of this API; the umask cuts none of it.
        Files.setAttribute(temporary, "unix:mode", 01777);
      }
      Files.writeString(layout.dockerConfig(), "{}");
      return PreparationStep.done(name);
    } catch (IOException e) {
      return PreparationStep.fatal(name, "cannot be made: " + e);
    }
  }

  /**
   * Links the socket as /var/run/docker.sock, where clients know it; in most images /var/run is a
   * link to /run.
   */
  private PreparationStep oldSocketName() {
    String name = "/var/run/docker.sock";
    Path directory = layout.oldRun();
    try {
      if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(layout.root().resolve("var"));
        Files.createSymbolicLink(directory, Path.of("../run"));
      } else if (!Files.exists(directory) || !Files.isSameFile(directory, layout.run())) {
        Path old = directory.resolve(layout.dockerSocket().getFileName());
        // Whatever has this name in an image is a socket nobody listens on.
        Files.deleteIfExists(old);
        Files.createSymbolicLink(old, layout.dockerSocket());
      }
      return PreparationStep.done(name);
    } catch (IOException e) {
      // Clients that look at /run/docker.sock, and DOCKER_HOST, work all the same.
      return PreparationStep.tolerated(name, "cannot be linked: " + e);
    }
  }

  /**
   * Links the plugins in the last directory the CLI looks in, so that what the image brings goes
   * first.
   */
  private PreparationStep plugins() {
    String name = "cli plugins";
    Path place = layout.root().resolve("usr/libexec/docker/cli-plugins");
    try {
      Files.createDirectories(place);
      try (Stream<Path> plugins = Files.list(layout.toolkit().resolve("cli-plugins"))) {
        plugins.forEach(plugin -> linkIfAbsent(place.resolve(plugin.getFileName()), plugin));
      }
      return PreparationStep.done(name);
    } catch (IOException | UncheckedIOException e) {
      // docker itself works; compose and buildx are then not found.
      return PreparationStep.tolerated(name, "cannot be linked: " + e);
    }
  }

  private static void linkIfAbsent(Path link, Path target) {
    try {
      Files.createSymbolicLink(link, target);
    } catch (FileAlreadyExistsException theImages) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Checks that a directory is a volume: overlay2 cannot lie on the container's own overlay, every
   * inner container would fail.
   */
  private static PreparationStep volume(Path path, List<MountPoint> mounts) {
    String name = "volume " + path;
    return MountPoint.of(path, mounts)
        .filter(mount -> mount.type().equals("overlay"))
        .map(mount ->
            PreparationStep.fatal(
                name,
                path + " lies on the container's own layer; it must be a volume of the sandbox"))
        .orElseGet(() -> PreparationStep.done(name));
  }
}
