package dev.caisson.ports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.proxy.Forwarding;
import dev.caisson.sandbox.SandboxId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What of a request and of its answer passes. */
class PortHeadersTest {
  private static final String PREFIX = "/v1/sandboxes/sb-aaaaaaaa/ports/80";
  private static final Port PORT = new Port(new SandboxId("sb-aaaaaaaa"), 80);
  private static final Route BY_PATH = new Route(PORT, Route.Way.PATH, PREFIX, "/a");
  private static final Route BY_HOST = new Route(PORT, Route.Way.HOST, "", "/a");
  private static final Address ADDRESS = new Address("https", "service.test", 443);

  @ParameterizedTest
  @CsvSource({
    "/login, " + PREFIX + "/login",
    PREFIX + "/login, " + PREFIX + "/login",
    "https://service.test/login, " + PREFIX + "/login",
    "https://elsewhere.test/login, https://elsewhere.test/login",
    "//elsewhere.test/login, //elsewhere.test/login",
    "login, login"
  })
  void aRedirectStaysBelowThePrefix(String said, String passed) {
    assertThat(answer(BY_PATH, "Location", said).getHeader("Location")).isEqualTo(passed);
    assertThat(answer(BY_HOST, "Location", said).getHeader("Location")).isEqualTo(said);
  }

  @ParameterizedTest
  @CsvSource({
    "a=1, a=1; Path=" + PREFIX + "/",
    "a=1; path=/x; Secure, a=1; Path=" + PREFIX + "/x; Secure",
    "a=1; Path=" + PREFIX + "/x, a=1; Path=" + PREFIX + "/x",
    "a=1; Domain=test; Path=relative, a=1; Path=" + PREFIX + "/"
  })
  void aCookieStaysBelowThePrefix(String said, String passed) {
    assertThat(answer(BY_PATH, "Set-Cookie", said).getHeaders("Set-Cookie"))
        .containsExactly(passed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "caisson-token=x",
        "caisson-token =x; Path=/",
        " caisson-token\t= x",
        "=caisson-token=x",
        "= caisson-token =x",
        "Caisson-Token=x"
      })
  void theCookieOfALinkIsTheServicesAlone(String said) {
    assertThat(answer(BY_PATH, "Set-Cookie", said).getHeaders("Set-Cookie")).isEmpty();
    assertThat(answer(BY_HOST, "Set-Cookie", said).getHeaders("Set-Cookie")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NEL",
        "Report-To",
        "Service-Worker-Allowed",
        "Strict-Transport-Security",
        "Use-As-Dictionary",
        "Secure-Session-Registration",
        "Shared-Storage-Write",
        "set-login"
      })
  void byPathNothingSpeaksForTheWholeOrigin(String name) {
    assertThat(answer(BY_PATH, name, "x").getHeader(name)).isNull();
    assertThat(answer(BY_HOST, name, "x").getHeader(name)).isEqualTo("x");
  }

  @Test
  void nobodyClearsTheCookiesOfOtherNames() {
    assertThat(answer(BY_PATH, "Clear-Site-Data", "*").getHeader("Clear-Site-Data")).isNull();
    assertThat(answer(BY_HOST, "Clear-Site-Data", "*").getHeader("Clear-Site-Data")).isNull();
  }

  @Test
  void underAHostNameOnlyTheDomainOfACookieAndTheServicesOwnAreDropped() {
    assertThat(
            answer(BY_HOST, "Set-Cookie", "a=1; Domain=service.test; Path=/")
                .getHeaders("Set-Cookie"))
        .containsExactly("a=1; Path=/");
    assertThat(answer(BY_HOST, "Set-Cookie", "caisson-token=x").getHeaders("Set-Cookie")).isEmpty();
    assertThat(answer(BY_HOST, "Alt-Svc", "h2=x").getHeader("Alt-Svc")).isEqualTo("h2=x");
    assertThat(answer(BY_PATH, "Alt-Svc", "h2=x").getHeader("Alt-Svc")).isNull();
    assertThat(answer(BY_HOST, "X", "y").getHeader("Content-Security-Policy")).isNull();
  }

  @Test
  void anApplicationsOwnPolicyIsAddedToThatOfTheService() {
    assertThat(
            answer(BY_PATH, "Content-Security-Policy", "default-src *")
                .getHeaders("Content-Security-Policy"))
        .hasSize(2)
        .anyMatch(policy -> policy.startsWith("sandbox "));
  }

  private static MockHttpServletResponse answer(Route route, String name, String value) {
    MockHttpServletResponse response = new MockHttpServletResponse();
    new PortResponse(response, route, ADDRESS).addHeader(name, value);
    return response;
  }

  @Test
  void aClientOfIpv6IsQuotedInForwarded() {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/a");
    request.setRemoteAddr("2001:db8::1");
    request.setScheme("https");
    request.setServerName("service.test");
    request.setServerPort(443);
    Forwarding forwarding = PortRequest.of(BY_PATH, request);
    assertThat(forwarding.added())
        .containsEntry("X-Forwarded-For", "2001:db8::1")
        .containsEntry("X-Forwarded-Host", "service.test")
        .containsEntry("X-Forwarded-Port", "443")
        .containsEntry("Forwarded", "for=\"[2001:db8::1]\";host=\"service.test\";proto=https");
    assertThat(forwarding.dropped()).contains("forwarded", "x-forwarded-for", "cookie");
  }

  @Test
  void whatTheCallerCameInWithIsTakenOut() {
    assertThat(LinkToken.without("a=1&caisson-token=x&b=%26&&c")).isEqualTo("a=1&b=%26&&c");
    assertThat(LinkToken.without("caisson-token=x")).isNull();
    assertThat(LinkToken.without("xcaisson-token=x")).isEqualTo("xcaisson-token=x");
    assertThat(LinkToken.withoutCookies(List.of("a=1; caisson-token=x", "b=2")))
        .isEqualTo("a=1; b=2");
    assertThat(LinkToken.withoutCookies(List.of("caisson-token=x"))).isNull();
    assertThat(LinkToken.withoutKey(List.of("v1, caisson.key.k", "v2"))).isEqualTo("v1, v2");
    assertThat(LinkToken.withoutKey(List.of("caisson.key.k"))).isNull();
    assertThat(LinkToken.inCookies(List.of("a=1;caisson-token=x", "caisson-token=y")))
        .containsExactly("x", "y");
  }
}
