package dev.caisson.ports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.access.Grants;
import dev.caisson.sandbox.SandboxId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

/** Which URLs are handed out, and which of them lead anywhere. */
class PortUrlsTest {
  private static final Port PORT = new Port(new SandboxId("sb-aaaaaaaa"), 80);
  private static final Address SERVICE = new Address("https", "service.test", 443);
  private static final String PATH = "https://service.test/v1/sandboxes/sb-aaaaaaaa/ports/80/";
  private static final String HOST = "https://80-sb-aaaaaaaa.ports.test/";
  private static final String TUNNEL = "wss://service.test/v1/sandboxes/sb-aaaaaaaa/tunnels/80";

  private static Routes routes(@Nullable String domain, @Nullable Boolean byPath) {
    return new Routes(new PortsProperties(domain, byPath, Duration.ofMinutes(5)));
  }

  private static String token() {
    return "?caisson-token=TOKEN";
  }

  private static LinkAnswer link(PortUrls urls) {
    Grants.Issued issued = new Grants.Issued("cg_k7m2p9w3xh", "TOKEN", "LABEL", Instant.EPOCH);
    return LinkAnswer.from(issued, PORT, urls, "/a");
  }

  /** With a domain, applications leave the console's origin, unless the operator says otherwise. */
  @ParameterizedTest
  @CsvSource({
    ",, true, " + PATH,
    "ports.test,, false, " + HOST,
    "ports.test, true, true, " + HOST,
    "ports.test, false, false, " + HOST,
    ", true, true, " + PATH,
    ", false, false, " + TUNNEL
  })
  void theUrlsThatAreHandedOutAreThoseThatAreOpen(
      @Nullable String domain, @Nullable Boolean byPath, boolean open, String best) {
    Routes routes = routes(domain, byPath);
    PortUrls urls = routes.urls(PORT, SERVICE);
    assertThat(urls.path()).isEqualTo(open ? PATH : null);
    assertThat(urls.host()).isEqualTo(domain == null ? null : HOST);
    assertThat(urls.tunnel()).isEqualTo(TUNNEL);
    assertThat(urls.best()).isEqualTo(best);
    LinkAnswer link = link(urls);
    String path = best.equals(TUNNEL) ? "" : "a";
    assertThat(link.url()).isEqualTo(best + path + token());
    assertThat(link.urls().path()).isEqualTo(open ? PATH + "a" + token() : null);

    MockHttpServletRequest request =
        new MockHttpServletRequest("GET", "/v1/sandboxes/sb-aaaaaaaa/ports/80/a");
    assertThat(Objects.requireNonNull(routes.of(request)).way())
        .isEqualTo(open ? Route.Way.PATH : Route.Way.CLOSED_PATH);
    assertThat(routes.passesOn(request)).isEqualTo(open);
  }

  @Test
  void aLinkWithAClosedPathHasNoneThatIsNull() {
    assertThat(link(routes("ports.test", null).urls(PORT, SERVICE)).urls().toString())
        .doesNotContain("null/", "nulla");
  }
}
