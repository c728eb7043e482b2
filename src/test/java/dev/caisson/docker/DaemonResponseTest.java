package dev.caisson.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;

/** What a daemon answers is not believed by browsers, and is all there for Docker's clients. */
class DaemonResponseTest {
  private final MockHttpServletResponse sent = new MockHttpServletResponse();
  private final DaemonResponse response = new DaemonResponse(sent);

  @Test
  void aReplacedDaemonSaysNothingForTheOrigin() {
    for (String header :
        new String[] {
          "Set-Cookie",
          "Clear-Site-Data",
          "Alt-Svc",
          "Service-Worker-Allowed",
          "Strict-Transport-Security"
        }) {
      response.addHeader(header, "a=b; Domain=test");
      assertThat(sent.getHeaders(header)).as(header).isEmpty();
    }
    response.addHeader("Content-Security-Policy", "default-src *");
    assertThat(sent.getHeaders("Content-Security-Policy"))
        .as("browsers hold to each of them")
        .containsExactly("sandbox", "default-src *");
  }

  @Test
  void whatDockersClientsReadIsPassedOn() {
    response.addHeader("Api-Version", "1.50");
    response.addHeader("X-Docker-Container-Path-Stat", "e30=");
    assertThat(sent.getHeader("Api-Version")).isEqualTo("1.50");
    assertThat(sent.getHeader("X-Docker-Container-Path-Stat")).isEqualTo("e30=");
  }
}
