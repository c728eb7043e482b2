package dev.caisson.engine.image;

import dev.caisson.engine.client.EngineErrors;
import dev.caisson.sandbox.EngineErrorCode;
import dev.caisson.sandbox.EngineException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The errors of pulls: why an image cannot be had, found in the engine's words, and the remedy. */
final class PullErrors {
  private static final List<String> NO_SPACE = List.of("no space left", "disk quota exceeded");

  private static final List<String> NO_REGISTRY =
      List.of(
          "no such host",
          "connection refused",
          "connection reset",
          "i/o timeout",
          "tls handshake timeout",
          "context deadline exceeded",
          "client.timeout exceeded",
          "request canceled while waiting for connection",
          "no route to host",
          "network is unreachable",
          "server misbehaving",
          "temporary failure in name resolution",
          "server gave http response to https client",
          "x509:");

  private static final List<String> NO_IMAGE =
      List.of(
          "manifest unknown",
          "manifest for",
          "name unknown",
          "no matching manifest",
          "pull access denied",
          "repository does not exist",
          "requested access to the resource is denied",
          "invalid reference format",
          "not found",
          "unauthorized");

  private PullErrors() {}

  /**
   * Creates the error for what the engine said; the registry first: its absence also reads "not
   * found".
   */
  static EngineException.NoImage of(
      ImageReference image, int status, @Nullable String said, @Nullable Throwable cause) {
    String words = EngineErrors.words(said);
    String lower = words.toLowerCase(Locale.ROOT);
    EngineErrorCode code;
    String advice;
    if (NO_SPACE.stream().anyMatch(lower::contains)) {
      code = EngineErrorCode.NO_SPACE;
      advice = "The engine's disk has no space for image %s: remove images that are not needed.";
    } else if (lower.contains("cannot be mapped to a host id")) {
      code = EngineErrorCode.TOO_FEW_USERS;
      advice =
          "Image %s has files of a user that this engine does not map: give dockremap 2147483648"
              + " users in /etc/subuid and as many groups in /etc/subgid, and restart the engine.";
    } else if (NO_REGISTRY.stream().anyMatch(lower::contains)) {
      code = EngineErrorCode.NO_SUCH_REGISTRY;
      advice =
          "The registry of image %s cannot be reached from the engine: check its name, the network"
              + " and the engine's mirrors.";
    } else if (status == 404 || NO_IMAGE.stream().anyMatch(lower::contains)) {
      code = EngineErrorCode.NO_SUCH_IMAGE;
      advice =
          "Image %s does not exist, or its registry requires credentials: check the name and the tag, or"
              + " log in with the service's Docker configuration.";
    } else {
      code = EngineErrorCode.PULL_FAILED;
      advice = "Image %s could not be pulled; try again, or pull it on the engine's host.";
    }
    return new EngineException.NoImage(
        code, image.value(), advice.formatted(image) + " The engine says: " + words, cause);
  }
}
