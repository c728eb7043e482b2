package dev.caisson.ports;

import dev.caisson.access.Grants;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A link that was made; its token is shown this once. */
@Schema(name = "Link")
record LinkAnswer(
    @Schema(description = "ID of the link's grant") String id,
    int port,
    Instant expiresAt,
    @Schema(
            description =
                "URL for a browser: with the port's host name if there is one, otherwise with a"
                    + " path; that of the tunnel if there is neither")
        String url,
    @Schema(description = "URLs of the port, each with the token") PortUrls urls) {

  static LinkAnswer from(Grants.Issued issued, Port port, PortUrls plain, @Nullable String wanted) {
    String path = wanted == null ? "" : wanted.substring(1);
    String token = "?" + LinkToken.NAME + "=" + issued.token();
    PortUrls urls =
        new PortUrls(
            leading(plain.path(), path + token),
            leading(plain.host(), path + token),
            plain.tunnel() + token);
    return new LinkAnswer(issued.id(), port.number(), issued.expiresAt(), urls.best(), urls);
  }

  private static @Nullable String leading(@Nullable String url, String on) {
    return url == null ? null : url + on;
  }

  @Override
  public String toString() {
    return "Link[" + id + ", until " + expiresAt + "]";
  }
}
