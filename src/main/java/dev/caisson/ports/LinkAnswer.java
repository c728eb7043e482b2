package dev.caisson.ports;

import dev.caisson.access.Grants;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A link that was made; its token is shown this once. */
@Schema(name = "Link")
record LinkAnswer(
    @Schema(description = "Of the grant that it is") String id,
    int port,
    Instant expiresAt,
    @Schema(
            description =
                "For a browser: under the port's host name, where there is one; else below a path;"
                    + " the tunnel, where there is neither")
        String url,
    @Schema(description = "Each with the token") PortUrls urls) {

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
