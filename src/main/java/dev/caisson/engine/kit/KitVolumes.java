package dev.caisson.engine.kit;

import com.github.dockerjava.api.command.InspectImageResponse;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.EngineProperties;
import dev.caisson.engine.client.Operation;
import dev.caisson.engine.client.Sleep;
import dev.caisson.engine.image.ImageReference;
import dev.caisson.engine.image.Images;
import dev.caisson.host.EngineReport;
import dev.caisson.host.EngineReport.DockerKit;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The kit that new sandboxes get: its images, and the volumes that are filled from them. */
public final class KitVolumes {
  public static final String BASE = "/opt/caisson";
  public static final String DOCKER = "/opt/caisson/docker";

  private static final String VERSION = "dev.caisson.kit.version";

  private final EngineClient client;
  private final Images images;
  private final Duration deadline;
  private final KitVolume base;
  private final ImageReference baseImage;
  private final DockerParts dockers;
  private volatile @Nullable Whole current;

  /** The volumes that were there when the kit was last looked for. */
  private record Whole(ReadOnlyVolume base, List<DockerParts.Part> dockers) {}

  /** The volumes to mount; the second only where there is a Docker part. */
  public record Names(ReadOnlyVolume base, @Nullable ReadOnlyVolume docker) {}

  public KitVolumes(EngineClient client, Images images, EngineProperties properties, Sleep sleep) {
    this.client = client;
    this.images = images;
    this.deadline = properties.kitDeadline();
    this.baseImage = ImageReference.parse(properties.kitImage());
    this.base = new KitVolume(client, baseImage, "caisson-kit-", BASE, deadline, sleep);
    this.dockers =
        new DockerParts(
            images,
            Stream.concat(
                    Stream.of(properties.kitDockerImage()), properties.kitDockerImages().stream())
                .map(ImageReference::parse)
                .distinct()
                .map(image ->
                    new DockerParts.Source(
                        image,
                        new KitVolume(
                            client, image, "caisson-kit-docker-", DOCKER, deadline, sleep)))
                .toList());
  }

  /**
   * Keeps the volumes that this service gives to its sandboxes, beside others that have other
   * versions.
   */
  public void serve(String service) {
    base.serve(service, "");
    dockers.serve(service);
    Set<String> keepers = new HashSet<>(dockers.keepers(service));
    keepers.add(base.keeper(service, ""));
    client.run(
        Operation.KIT,
        deadline,
        docker -> FormerKits.release(new KitObjects(docker), service, keepers));
  }

  /** Puts the volumes in place and returns what kit is in them. */
  public Engine.Kit kit() {
    InspectImageResponse image = images.find(baseImage).orElseThrow(this::noKit);
    Whole whole = new Whole(base.ready(id(image)), dockers.ready());
    current = whole;
    return new Engine.Kit(
        version(image), whole.dockers().stream().map(DockerParts.Part::id).toList());
  }

  /** Reports what there is of the kit, without unpacking anything. */
  public EngineReport.Kit report() {
    List<DockerKit> docker = dockers.report();
    return images
        .find(baseImage)
        .map(image ->
            new EngineReport.Kit(true, docker.getFirst().present(), version(image), docker))
        .orElseGet(() -> new EngineReport.Kit(false, false, null, docker));
  }

  /** Returns the names of the volumes, of what is there now. */
  public Names latest() {
    kit();
    return names(null);
  }

  /** Returns the names of the volumes; with the Docker of this version, where it is not null. */
  public Names names(@Nullable String dockerVersion) {
    if (current == null) {
      kit();
    }
    Whole whole = Objects.requireNonNull(current);
    return new Names(whole.base(), DockerParts.of(whole.dockers(), dockerVersion));
  }

  private EngineException noKit() {
    return new EngineException.Refused(
        404,
        "The engine has no image " + baseImage + ", which is the kit: build it with kit/build.sh",
        null);
  }

  static String id(InspectImageResponse image) {
    return Objects.requireNonNull(image.getId(), "an image has an id");
  }

  /** Returns the label of this name that an image has; null if it has none. */
  static @Nullable String label(InspectImageResponse image, String name) {
    Map<String, String> labels = image.getConfig() == null ? null : image.getConfig().getLabels();
    return labels == null ? null : labels.get(name);
  }

  private static String version(InspectImageResponse image) {
    String version = label(image, VERSION);
    return version != null ? version : KitVolume.brief(id(image));
  }
}
