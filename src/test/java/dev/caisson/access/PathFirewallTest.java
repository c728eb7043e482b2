package dev.caisson.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.util.StringUtils;

/** A path has one reading, or is not read; what is passed on is as it was written. */
class PathFirewallTest {
  private final PathFirewall firewall = firewall();

  private static PathFirewall firewall() {
    StaticListableBeanFactory rooms = new StaticListableBeanFactory();
    PassedOn below = request -> request.getRequestURI().startsWith("/below/");
    rooms.addBean("below", below);
    return new PathFirewall(
        rooms.getBeanProvider(PassedOn.class), new DockerNames(() -> "boxes.test"));
  }

  private HttpServletRequest passed(String raw, String decoded) {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", raw);
    request.setServletPath(decoded);
    return firewall.getFirewalledRequest(request);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/console/main.js",
        "/v1/sandboxes",
        "/v1/sandboxes/",
        "/v1/registries/localhost%3A5000",
        "/v1/registries/localhost:5000",
        "/v1/templates/a.b..c",
        "/v1/templates/..a",
        "/v1/templates/...",
        "/v1/templates/a%20b%2Bc@~!$&'()*+,=",
        "/actuator/health/"
      })
  void aPlainPathIsTakenAsItIs(String raw) {
    HttpServletRequest request = passed(raw, StringUtils.uriDecode(raw, StandardCharsets.UTF_8));
    assertThat(request.getRequestURI()).isEqualTo(raw);
    assertThat(request.getServletPath()).isEqualTo(raw);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "v1",
        "//",
        "//v1",
        "/v1//a",
        "/v1/a//",
        "/.",
        "/..",
        "/v1/.",
        "/v1/./a",
        "/v1/..",
        "/v1/../a",
        "/v1;",
        "/v1;a=b/c",
        "/v1/..;/a",
        "/v1/%2e/a",
        "/v1/%2E%2e/a",
        "/v1/a%2eb",
        "/v1/%252e%252e/a",
        "/v1/a%25b",
        "/v1/a%2fb",
        "/v1/a%2Fb",
        "/v1/a%5cb",
        "/v1/a%5Cb",
        "/v1/a\\b",
        "/v1/a%3bb",
        "/v1/a%3Bb",
        "/v1/a%00",
        "/v1/a%0a",
        "/v1/a%1f",
        "/v1/a%7f",
        "/v1/a%7F",
        "/v1/a%80",
        "/v1/%c0%ae",
        "/v1/%ef%bc%8f",
        "/v1/a\u0001",
        "/v1/a\n",
        "/v1/a\n/",
        "/v1/ä",
        "/v1/a b",
        "/v1/a%",
        "/v1/a%2",
        "/v1/a%zz",
        "/v1/a%u002f",
        "/v1/a|b",
        "/v1/a{b}",
        "/v1/a#b",
        "/v1/a?b"
      })
  void whatCouldBeReadInAnotherWayIsRefused(String raw) {
    assertThatThrownBy(() -> passed(raw, raw)).isInstanceOf(RequestRejectedException.class);
  }

  /** Whatever is not thought of above: each byte as it is, encoded, and encoded twice. */
  @Test
  void noByteStandsForAnother() {
    for (int value = 0; value < 256; value++) {
      char character = (char) value;
      boolean letter = Character.toString(character).matches("[A-Za-z0-9_~-]");
      boolean meaning = value < ' ' || value > '~' || "/;\\%".indexOf(value) >= 0;
      String read = "/v1/a" + character + "/b";
      assertThat(takes(read, read)).as("%02x", value).isIn(letter, !meaning);
      String encoded = "/v1/a%%%02x/b".formatted(value);
      assertThat(takes(encoded, read)).as(encoded).isEqualTo(!meaning && character != '.');
      assertThat(takes("/v1/a%%25%02x/b".formatted(value), encoded)).isFalse();
    }
  }

  private boolean takes(String raw, String decoded) {
    try {
      passed(raw, decoded);
      return true;
    } catch (RequestRejectedException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/b", "/v1/a/", "/console/main.js"})
  void aPathThatTheContainerHasReadInAnotherWayIsRefused(String read) {
    assertThatThrownBy(() -> passed("/v1/a", read)).isInstanceOf(RequestRejectedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/below/a%2Fb/../c;d//e/%2e%2e/%00",
        "/v1/docker/cg_k7m2p9w3xh/images/a%2Fb/../json;x"
      })
  void whatIsPassedOnIsLeftAsItWasWritten(String raw) {
    HttpServletRequest request = passed(raw, "/console/main.js");
    assertThat(request.getRequestURI()).isEqualTo(raw);
    assertThat(request.getServletPath()).as("no second reading").isEqualTo(raw);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/docker;/cg_k7m2p9w3xh/../x",
        "/v1/docker/cg_k7m2p9w3xh;/../x",
        "/v1/docker/../x",
        "/v1/docker/%63g_k7m2p9w3xh/../x",
        "/v1/docker//cg_k7m2p9w3xh/../x"
      })
  void aTokenIsFoundBehindALiteralBeginningAlone(String raw) {
    assertThatThrownBy(() -> passed(raw, raw)).isInstanceOf(RequestRejectedException.class);
  }
}
