package dev.caisson.it.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application that wants the console, looked at in the browser in which somebody has signed in
 * to it: by path, where both have one origin, and by host name. Whatever its headers say and its
 * pages try, the console keeps its key, its storage, and its origin to itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostilePageIT {
  private static final int PORT = 3000;
  private static final String DOMAIN = "sandboxes.localhost";

  /** Of each header that the application says for more than its own answer. */
  private static final List<String> OF_THE_ORIGIN =
      List.of(
          "accept-ch",
          "alt-svc",
          "clear-site-data",
          "nel",
          "origin-agent-cluster",
          "report-to",
          "reporting-endpoints",
          "service-worker-allowed",
          "set-login",
          "strict-transport-security",
          "use-as-dictionary");

  private ServiceProcess service;
  private Api api;
  private String base;
  private String sandbox;
  private ConsolePage page;
  private String console;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    service =
        ServiceProcess.start(
            home, Map.of("CAISSON_PORTS_DOMAIN", DOMAIN, "CAISSON_PORTS_BYPATH", "true"));
    api = service.api();
    base = service.base();
    sandbox = api.sandbox(Map.of("image", Machine.DEBIAN, "name", "hostile"));
    for (String file : List.of("hostile-page.pl", "hostile.html")) {
      api.put(
              "/v1/sandboxes/" + sandbox + "/files/content?path=/" + file,
              Files.readString(Path.of("src/test/resources/ports", file)))
          .expecting(201);
    }
    long pid =
        api.start(
            sandbox,
            Map.of(
                "shell", "exec perl /hostile-page.pl " + PORT, "readiness", Map.of("port", PORT)));
    api.get("/v1/sandboxes/" + sandbox + "/processes/" + pid + "?waitFor=READY&timeout=PT60S")
        .expecting(200);
    api.put(
            "/v1/sandboxes/" + sandbox + "/ports/" + PORT,
            "{\"public\":true}",
            "Content-Type",
            "application/json")
        .expecting(200);
    page = new ConsolePage(Browser.start(), base, service.key());
    page.visit();
    page.show("sandboxes");
    page.see("h1", "Sandboxes");
    page.browser().run("localStorage.setItem('mark', 'kept')");
    console = page.browser().driver().getWindowHandle();
  }

  @AfterAll
  void stop() {
    try {
      if (page != null) {
        page.close();
      }
    } finally {
      service.close();
    }
  }

  private String url(String way, String path) {
    return way.equals("path")
        ? base + "/v1/sandboxes/" + sandbox + "/ports/" + PORT + "/" + path
        : "http://" + PORT + "-" + sandbox + "." + DOMAIN + ":" + service.port() + "/" + path;
  }

  @BeforeEach
  void atTheConsole() {
    page.browser().driver().switchTo().window(console);
  }

  /** Opens a page from the console, as a link in it would that says nothing of openers. */
  private void open(String url) {
    Set<String> before = page.browser().driver().getWindowHandles();
    page.browser().run("window.open(arguments[0], '_blank')", url);
    String opened =
        Eventually.holds(
                () ->
                    page.browser().driver().getWindowHandles().stream()
                        .filter(handle -> !before.contains(handle))
                        .findFirst(),
                Optional::isPresent)
            .orElseThrow();
    page.browser().driver().switchTo().window(opened);
    Eventually.holds(
        () -> page.browser().run("return document.readyState + ' ' + location.href"),
        state -> String.valueOf(state).matches("complete (?!about:).*"));
  }

  @AfterEach
  void theConsoleIsAsItWas() {
    for (String handle : page.browser().driver().getWindowHandles()) {
      if (!handle.equals(console)) {
        page.browser().driver().switchTo().window(handle).close();
      }
    }
    page.browser().driver().switchTo().window(console);
    assertThat(page.browser().run("return sessionStorage.getItem('caisson.key')"))
        .isEqualTo(service.key());
    assertThat(page.browser().run("return localStorage.getItem('mark')")).isEqualTo("kept");
    assertThat(page.browser().run("return document.cookie")).isEqualTo("");
    assertThat(
            page.browser()
                .await("navigator.serviceWorker.getRegistrations().then(all => all.length)"))
        .as("service workers")
        .isEqualTo(0L);
    for (String host : List.of("127.0.0.1", "localhost")) {
      String origin = "http://" + host + ":" + service.port();
      assertThat(
              page.browser()
                  .driver()
                  .executeCdpCommand(
                      "Network.getCookies",
                      Map.of("urls", List.of(origin + "/", origin + "/v1/sandboxes")))
                  .get("cookies"))
          .as("cookies that are sent to " + origin)
          .isEqualTo(List.of());
    }
    page.load();
    page.see("h1", "Sandboxes");
    page.see("main", "hostile");
  }

  @Test
  void byPathAPageHasNoOriginAndGetsNothing() {
    open(url("path", "page"));
    Map<?, ?> found = attack();
    assertThat(found.get("origin")).isEqualTo("null");
    assertThat(found.get("opener")).isEqualTo("null");
    for (String own : List.of("cookies", "local", "session", "cleared", "databases", "caches")) {
      assertThat(found.get(own)).as(own).isEqualTo("SecurityError");
    }
    for (String worker : List.of("worker", "wide", "theirs")) {
      assertThat(found.get(worker)).as(worker).asString().endsWith("Error");
    }
    reachesNothing(found);
  }

  @Test
  void underAHostNameAPageHasItsOwnOriginAndNothingOfTheConsoles() {
    open(url("host", "page"));
    Map<?, ?> found = attack();
    assertThat(found.get("origin")).asString().contains(DOMAIN);
    assertThat(found.get("opener")).isEqualTo("null");
    assertThat(found.get("local")).isEqualTo("null");
    assertThat(found.get("session")).isEqualTo("null");
    assertThat(found.get("theirs")).asString().endsWith("Error");
    reachesNothing(found);
  }

  private Map<?, ?> attack() {
    Object found = page.browser().await("attack('" + base + "', '" + sandbox + "')");
    return (Map<?, ?>) Objects.requireNonNull(found);
  }

  private void reachesNothing(Map<?, ?> found) {
    assertThat(found.get("list")).isEqualTo("TypeError");
    assertThat(found.get("make")).isEqualTo("TypeError");
    // It may be sent, as by anybody; no key goes with it, and nothing of the answer is seen.
    assertThat(found.get("form")).isEqualTo("opaque");
    assertThat(found.get("socket")).isEqualTo("refused");
    assertThat(api.get("/v1/sandboxes").expecting(200).get("items").size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "host"})
  void nobodyFramesTheConsoleAndItFramesNobody(String way) {
    open(url(way, "page"));
    page.browser().await("frame('" + base + "/')");
    page.browser().driver().switchTo().frame(0);
    assertThat(page.browser().run("return location.href")).asString().startsWith("chrome-error:");
    atTheConsole();
    page.browser()
        .run(
            "const inner = document.createElement('iframe'); inner.id = 'inner';"
                + " inner.src = arguments[0]; document.body.append(inner)",
            url(way, "page"));
    Eventually.holds(
        () -> {
          page.browser().driver().switchTo().window(console).switchTo().frame("inner");
          return String.valueOf(page.browser().run("return location.href"));
        },
        where -> where.startsWith("chrome-error:"));
    atTheConsole();
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "host"})
  void aPageHasNoHoldOnAConsoleThatItOpens(String way) {
    open(url(way, "page"));
    Set<String> before = page.browser().driver().getWindowHandles();
    page.browser().run("window.opened = window.open(arguments[0])", base + "/");
    String hostile = page.browser().driver().getWindowHandle();
    Eventually.holds(
        () -> {
          for (String handle : page.browser().driver().getWindowHandles()) {
            if (!before.contains(handle)) {
              page.browser().driver().switchTo().window(handle);
              return String.valueOf(page.browser().run("return location.href"));
            }
          }
          return "";
        },
        // A page in a sandbox cannot open it at all, any other loses it.
        where -> way.equals("path") ? where.startsWith("chrome-error:") : where.equals(base + "/"));
    assertThat(page.browser().run("return window.opener")).isNull();
    page.browser().driver().switchTo().window(hostile);
    if (way.equals("host")) {
      assertThat(page.browser().run("return opened.closed")).isEqualTo(true);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "host"})
  void whatIsNoHttpIsAProblemAndARedirectStaysInItsPlace(String way) {
    open(url(way, "control"));
    assertThat(page.browser().run("return document.body.textContent"))
        .asString()
        .contains("NOT_HTTP");
    atTheConsole();
    open(url(way, "away"));
    assertThat(page.browser().address()).isEqualTo(url(way, ""));
    atTheConsole();
    open(url(way, "image.svg"));
    assertThat(page.browser().run("return self.origin"))
        .isEqualTo(way.equals("path") ? "null" : url(way, "").replaceFirst("/$", ""));
  }

  @Test
  void byPathNoHeaderSpeaksForTheOrigin() {
    Map<String, List<String>> headers =
        api.get("/v1/sandboxes/" + sandbox + "/ports/" + PORT + "/page").response().headers().map();
    assertThat(headers.keySet()).doesNotContainAnyElementsOf(OF_THE_ORIGIN);
    assertThat(headers.get("content-security-policy"))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("sandbox");
    assertThat(headers.get("set-cookie"))
        .isNotEmpty()
        .allSatisfy(cookie ->
            assertThat(cookie)
                .contains("Path=/v1/sandboxes/" + sandbox + "/ports/" + PORT + "/")
                .doesNotContainIgnoringCase("domain=")
                .doesNotContain("caisson-token"));
  }
}
