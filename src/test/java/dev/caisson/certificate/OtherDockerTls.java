package dev.caisson.certificate;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** The certificates of another service, in another state directory. */
public final class OtherDockerTls {
  private OtherDockerTls() {}

  /** Makes its authority there; nothing listens. */
  public static DockerTls at(Path home) {
    return new DockerTls(
        new DockerTlsProperties(2376, List.of()),
        home,
        InetAddress.getLoopbackAddress(),
        Clock.systemUTC());
  }
}
