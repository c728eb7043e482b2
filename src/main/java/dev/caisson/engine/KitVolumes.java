package dev.caisson.engine;

import com.github.dockerjava.api.command.InspectImageResponse;
import dev.caisson.host.EngineReport;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The kit that new sandboxes get: its images, and the volumes that are filled from them. */
final class KitVolumes {
  static final String BASE = "/opt/caisson";
  static final String DOCKER = "/opt/caisson/docker";

  private static final String VERSION = "dev.caisson.kit.version";

  private final Images images;
  private final KitVolume base;
  private final KitVolume docker;
  private final ImageReference baseImage;
  private final ImageReference dockerImage;
  private volatile @Nullable Names current;

  /** What to mount; the second only where there is a Docker part. */
  record Names(ReadOnlyVolume base, @Nullable ReadOnlyVolume docker) {}

  KitVolumes(EngineClient client, Images images, EngineProperties properties, Sleep sleep) {
    this.images = images;
    this.baseImage = ImageReference.parse(properties.kitImage());
    this.dockerImage = ImageReference.parse(properties.kitDockerImage());
    Duration deadline = properties.kitDeadline();
    this.base = new KitVolume(client, baseImage, "caisson-kit-", BASE, deadline, sleep);
    this.docker =
        new KitVolume(client, dockerImage, "caisson-kit-docker-", DOCKER, deadline, sleep);
  }

  /** Keeps what this service gives to its sandboxes, beside others that have other versions. */
  void serve(String service) {
    base.serve(service);
    docker.serve(service);
  }

  /** Makes sure they are there. */
  Engine.Kit kit() {
    InspectImageResponse image = images.find(baseImage).orElseThrow(this::noKit);
    String dockerId = images.find(dockerImage).map(KitVolumes::id).orElse(null);
    current = new Names(base.ready(id(image)), dockerId == null ? null : docker.ready(dockerId));
    return new Engine.Kit(version(image), dockerId != null);
  }

  /** What there is of it, without unpacking anything. */
  EngineReport.Kit report() {
    return images
        .find(baseImage)
        .map(image ->
            new EngineReport.Kit(true, images.find(dockerImage).isPresent(), version(image)))
        .orElseGet(() -> new EngineReport.Kit(false, false, null));
  }

  /** Their names, of what is there now. */
  Names latest() {
    kit();
    return names();
  }

  /** Their names. */
  Names names() {
    Names names = current;
    if (names == null) {
      kit();
      names = Objects.requireNonNull(current);
    }
    return names;
  }

  private EngineException noKit() {
    return new EngineException.Refused(
        404,
        "The engine has no image " + baseImage + ", the kit: build it with kit/build.sh",
        null);
  }

  private static String id(InspectImageResponse image) {
    return Objects.requireNonNull(image.getId(), "an image has an id");
  }

  private static String version(InspectImageResponse image) {
    Map<String, String> labels = image.getConfig() == null ? null : image.getConfig().getLabels();
    String version = labels == null ? null : labels.get(VERSION);
    return version != null ? version : KitVolume.brief(id(image));
  }
}
