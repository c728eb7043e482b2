package dev.caisson.ports;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class RoutesTest {
  private static final String SANDBOX = "/v1/sandboxes/sb-aaaaaaaa";

  private final Routes routes =
      new Routes(new PortsProperties("example.com", true, Duration.ofMinutes(5)));

  private @Nullable Route route(String host, String written) {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", written);
    request.setServerName(host);
    return routes.of(request);
  }

  private @Nullable Route path(String written) {
    return route("127.0.0.1", written);
  }

  @Test
  void belowAPortItsPathIsTheApplicationsAsItWasWritten() {
    Route route = Objects.requireNonNull(path(SANDBOX + "/ports/80/a%20b/../c;d"));
    assertThat(route.port().toString()).isEqualTo("80 of sb-aaaaaaaa");
    assertThat(route.prefix()).isEqualTo(SANDBOX + "/ports/80");
    assertThat(route.target()).isEqualTo("/a%20b/../c;d");
    assertThat(route.way()).isEqualTo(Route.Way.PATH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SANDBOX + "/ports/80",
        SANDBOX + "/ports",
        SANDBOX + "/ports/0/",
        SANDBOX + "/ports/080/",
        SANDBOX + "/ports/65536/",
        SANDBOX + "/tunnels/80/",
        "/v1/sandboxes/sb-AAAAAAAA/ports/80/",
        "/v1/sandboxes/sb-aaaaaaaa/docker/engine/ports/80/"
      })
  void everythingElseIsTheServices(String path) {
    assertThat(path(path)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/sandboxes/sb-bbbbbbbb/../sb-aaaaaaaa/ports/80/x",
        "/v1/sandboxes/sb-aaaaaaaa;a=b/ports/80/x",
        "/v1/sandboxes/sb-aaaaaaaa/ports/8%30/x",
        "//v1/sandboxes/sb-aaaaaaaa/ports/80/x",
        "/v1/sandboxes/sb-aaaaaaaa/ports;/80/x"
      })
  void aPathInDisguiseLeadsToNoPort(String written) {
    assertThat(path(written)).isNull();
  }

  @Test
  void underTheNameOfAPortEveryPathIsTheApplications() {
    Route route = Objects.requireNonNull(route("80-SB-aaaaaaaa.Example.com", "/v1/sandboxes"));
    assertThat(route.way()).isEqualTo(Route.Way.HOST);
    assertThat(route.target()).isEqualTo("/v1/sandboxes");
    assertThat(route.prefix()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.com",
        "sb-aaaaaaaa.example.com",
        "80-sb-aaaaaaaa.example.org",
        "80-sb-aaaaaaaa.x.example.com",
        "80-sb-aaaaaaaaexample.com",
        "70000-sb-aaaaaaaa.example.com"
      })
  void noOtherNameIsAPorts(String name) {
    assertThat(route(name, "/")).isNull();
  }

  @Test
  void aTunnelHasNothingBelowIt() {
    Route route = Objects.requireNonNull(path(SANDBOX + "/tunnels/5432"));
    assertThat(route.way()).isEqualTo(Route.Way.TUNNEL);
  }
}
