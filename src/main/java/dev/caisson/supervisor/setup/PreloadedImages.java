package dev.caisson.supervisor.setup;

import dev.caisson.supervisor.system.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The images that a new daemon finds without a pull: those of a template, on a volume that its
 * sandboxes share. What dockerd writes to (which images and layers there are) is copied, some
 * kilobytes; the files of layers, which it only reads, are bind mounts of the shared ones. So it
 * takes milliseconds, however large they are, and the disk holds them once.
 *
 * <p>The layout is that of dockerd's {@code overlay2} store (26.1): {@code image/} and, for each
 * layer, {@code overlay2/ID} and its short name in {@code overlay2/l}.
 */
public final class PreloadedImages {
  private static final String IMAGES = "image";
  private static final String LAYERS = "overlay2";
  private static final String SHORT_NAMES = "l";
  private static final String FILES = "diff";

  private final Path shared;
  private final Path data;
  private final Bind bind;

  /** The call that shows a directory at another place: 0 or the errno. */
  @FunctionalInterface
  public interface Bind {
    int bind(Path directory, Path place);
  }

  /**
   * @param shared as it was left by the daemon of the template
   * @param data of the daemon that is to start
   */
  PreloadedImages(Path shared, Path data, Bind bind) {
    this.shared = shared;
    this.data = data;
    this.bind = bind;
  }

  /** Returns whether there is a template. */
  boolean exist() {
    return Files.isDirectory(shared.resolve(IMAGES));
  }

  /**
   * Puts the images in place before the first start of a daemon; before each other one what is left
   * of them is shown again, since a daemon that ends in order unmounts all that lies below its
   * data.
   *
   * @param mounts of the sandbox
   */
  PreparationStep lay(List<MountPoint> mounts) {
    String name = "preloaded images";
    try {
      if (Files.exists(data.resolve(IMAGES))) {
        showAgain(mounts.stream().map(MountPoint::path).collect(Collectors.toSet()));
        return PreparationStep.done(name);
      }
      Files.createDirectories(data.resolve(LAYERS).resolve(SHORT_NAMES));
      for (Path layer : layers()) {
        lay(layer);
      }
      // Last: what it names is there.
      copy(shared.resolve(IMAGES), data.resolve(IMAGES));
      return PreparationStep.done(name);
    } catch (IOException | UncheckedIOException e) {
      // The daemon works all the same; what is missing can be pulled.
      return PreparationStep.tolerated(name, "cannot be laid: " + e);
    }
  }

  /**
   * Shows the layers again that are not mounted; one that was removed with its image has no
   * directory any more.
   */
  private void showAgain(Set<String> mounted) throws IOException {
    for (Path layer : layers()) {
      Path files = data.resolve(LAYERS).resolve(layer.getFileName().toString()).resolve(FILES);
      if (Files.isDirectory(files) && !mounted.contains(files.toString())) {
        show(layer, files);
      }
    }
  }

  private List<Path> layers() throws IOException {
    return list(shared.resolve(LAYERS)).stream()
        .filter(layer -> !layer.getFileName().toString().equals(SHORT_NAMES))
        .toList();
  }

  private void show(Path layer, Path files) throws IOException {
    int errno = bind.bind(layer.resolve(FILES), files);
    if (errno != 0) {
      throw new IOException("mount of " + layer + ": " + Errno.name(errno));
    }
  }

  /**
   * Puts a layer in place. dockerd writes beside a layer's files that it is in use, so that
   * directory is its own.
   */
  private void lay(Path layer) throws IOException {
    String id = layer.getFileName().toString();
    Path place = Files.createDirectories(data.resolve(LAYERS).resolve(id));
    Path files = Files.createDirectories(place.resolve(FILES));
    for (Path entry : list(layer)) {
      Path copy = place.resolve(entry.getFileName().toString());
      if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
        Files.copy(entry, copy);
      } else {
        Files.createDirectories(copy);
      }
    }
    show(layer, files);
    Path shortName = Path.of(Files.readString(place.resolve("link")).strip()).getFileName();
    Files.createSymbolicLink(
        data.resolve(LAYERS).resolve(SHORT_NAMES).resolve(shortName),
        Path.of("..").resolve(id).resolve(FILES));
  }

  private static void copy(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      Files.copy(from, to);
      return;
    }
    Files.createDirectory(to);
    for (Path entry : list(from)) {
      copy(entry, to.resolve(entry.getFileName().toString()));
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
