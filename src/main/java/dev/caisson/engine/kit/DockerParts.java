package dev.caisson.engine.kit;

import com.github.dockerjava.api.command.InspectImageResponse;
import dev.caisson.engine.image.ImageReference;
import dev.caisson.engine.image.Images;
import dev.caisson.host.EngineReport.DockerKit;
import dev.caisson.sandbox.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Docker parts of the kit: the default one, and those of other versions of Docker. */
final class DockerParts {
  /** The label on an image of the kit with the version of the daemon in it. */
  private static final String VERSION = "dev.caisson.kit.docker";

  private static final Pattern FORM =
      Pattern.compile("\\d{1,4}(\\.\\d{1,4}){1,2}(-[0-9A-Za-z.]{1,32})?");

  private final Images images;
  private final List<Source> sources;

  /** Creates the parts of these images, of which the first has the default one. */
  DockerParts(Images images, List<Source> sources) {
    this.images = images;
    this.sources = List.copyOf(sources);
  }

  /** An image that has a Docker part, and the volume for it. */
  record Source(ImageReference image, KitVolume volume) {
    boolean is(Source other) {
      return image.equals(other.image());
    }
  }

  /**
   * A part that can be mounted.
   *
   * @param id of its image
   * @param version of its Docker, where the image says it
   */
  record Part(String id, @Nullable String version, boolean isDefault, ReadOnlyVolume volume) {}

  /** Keeps the volume of each part for this service. */
  void serve(String service) {
    for (Source source : sources) {
      source.volume().serve(service, suffix(source));
    }
  }

  /** Returns the names of the containers that keep the parts for this service. */
  Set<String> keepers(String service) {
    return sources.stream()
        .map(source -> source.volume().keeper(service, suffix(source)))
        .collect(Collectors.toSet());
  }

  /**
   * Returns the suffix of a keeper's name; none for the default part, whose keeper is called as it
   * was when there were no others.
   */
  private String suffix(Source source) {
    return source.is(sources.getFirst())
        ? ""
        : "-" + Integer.toHexString(source.image().value().hashCode());
  }

  /** Puts those parts in place whose images are there, and returns them. */
  List<Part> ready() {
    List<Part> ready = new ArrayList<>();
    for (Source source : sources) {
      Optional<InspectImageResponse> image = images.find(source.image());
      if (image.isPresent()) {
        String id = KitVolumes.id(image.get());
        ready.add(
            new Part(
                id,
                version(image.get()),
                source.is(sources.getFirst()),
                source.volume().ready(id)));
      }
    }
    return ready;
  }

  /** Describes each part as it is now, without unpacking anything. */
  List<DockerKit> report() {
    return sources.stream()
        .map(source -> {
          Optional<InspectImageResponse> image = images.find(source.image());
          return new DockerKit(
              source.image().value(),
              image.isPresent(),
              image.map(DockerParts::version).orElse(null),
              source.is(sources.getFirst()));
        })
        .toList();
  }

  /**
   * Returns the volume of this version, of the default one where it is null; null if that is not
   * there.
   */
  static @Nullable ReadOnlyVolume of(List<Part> parts, @Nullable String version) {
    Stream<Part> fitting =
        parts.stream()
            .filter(part -> version == null ? part.isDefault() : version.equals(part.version()));
    ReadOnlyVolume found = fitting.findFirst().map(Part::volume).orElse(null);
    if (found == null && version != null) {
      throw new EngineException.Refused(
          404, "The engine no longer has a kit with Docker " + version, null);
    }
    return found;
  }

  private static @Nullable String version(InspectImageResponse image) {
    String version = KitVolumes.label(image, VERSION);
    return version != null && FORM.matcher(version).matches() ? version : null;
  }
}
