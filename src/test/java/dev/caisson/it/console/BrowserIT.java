package dev.caisson.it.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.logging.LogType;
import tools.jackson.databind.JsonNode;

/**
 * What a container in a sandbox serves, shown by a real browser to somebody who has a link to it:
 * its pages work, and see nothing of the service that they come through.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserIT {
  private static final int PORT = 8080;

  /** Every name below it leads to this host, in a browser. */
  private static final String DOMAIN = "sandboxes.localhost";

  private ServiceProcess service;
  private Api api;
  private String path;
  private String base;
  private Browser browser;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    service =
        ServiceProcess.start(
            home, Map.of("CAISSON_PORTS_DOMAIN", DOMAIN, "CAISSON_PORTS_BYPATH", "true"));
    api = service.api();
    base = "http://127.0.0.1:" + service.port();
    String sandbox = api.dockerSandbox(Machine.STATIC);
    path = "/v1/sandboxes/" + sandbox;
    serve("index.html", "index.html", "644");
    serve("content.txt", "content.txt", "644");
    serve("events", "cgi-bin/events", "755");
    api.shellIn(sandbox, "docker run -d -p 8080:80 -v /served:/w:ro busybox httpd -f -p 80 -h /w");
    Eventually.holds(
        () -> api.get(path + "/ports/" + PORT + "/content.txt").status(), status -> status == 200);
    browser = Browser.start();
    // Somebody who uses this browser has a key of the service in it.
    assertThat(browser.open(base + "/actuator/health")).isEqualTo(200);
    browser.run("localStorage.setItem('key', 'secret'); document.cookie = 'session=secret'");
  }

  private void serve(String resource, String name, String mode) throws IOException {
    api.put(
            path + "/files/content?path=/served/" + name + "&parents=true&mode=" + mode,
            Files.readString(Path.of("src/test/resources/browser", resource)))
        .expecting(201);
  }

  @AfterAll
  void stop() {
    try {
      if (browser != null) {
        browser.close();
      }
    } finally {
      service.close();
    }
  }

  private JsonNode link(String ttl) {
    return api.post(path + "/links", Map.of("port", PORT, "ttl", ttl)).expecting(201);
  }

  private static String url(JsonNode link, String way) {
    return link.get("urls").get(way).asString();
  }

  /** What the page that is shown finds when it looks around. */
  private Map<?, ?> look() {
    return (Map<?, ?>) Objects.requireNonNull(browser.await("look('" + base + "')"));
  }

  @Test
  void underAHostNameItWorksAsAnywhereAndSeesItsOwnOriginAlone() {
    JsonNode link = link("PT10M");
    assertThat(browser.open(url(link, "host"))).isEqualTo(200);
    String address = browser.address();
    assertThat(address)
        .startsWith("http://" + PORT + "-")
        .contains("." + DOMAIN)
        .doesNotContain("caisson-token");
    Map<?, ?> found = look();
    assertThat(found.get("origin")).asString().isEqualTo(address.replaceFirst("/$", ""));
    assertThat(found.get("fetched")).isEqualTo("200 content of a container\n");
    assertThat(found.get("told")).isEqualTo("first last");
    assertThat(found.get("api")).as("the service's answers are not for it").isEqualTo("TypeError");
    assertThat(found.get("health")).isEqualTo("TypeError");
    assertThat(found.get("storage")).as("a storage of its own").isEqualTo("null");
    assertThat(found.get("cookies")).as("its token is not for scripts").isEqualTo("");
    assertThat(browser.run("return document.getElementById('told').textContent"))
        .isEqualTo("first last");
  }

  @Test
  void byPathItIsShownInAnOriginThatHasAndReachesNothing() {
    assertThat(browser.open(url(link("PT10M"), "path"))).isEqualTo(200);
    assertThat(browser.address()).isEqualTo(base + path + "/ports/" + PORT + "/");
    Map<?, ?> found = look();
    assertThat(found.get("origin")).isEqualTo("null");
    assertThat(found.get("api")).isEqualTo("TypeError");
    assertThat(found.get("health")).isEqualTo("TypeError");
    assertThat(found.get("storage")).isEqualTo("SecurityError");
    assertThat(found.get("cookies")).isEqualTo("SecurityError");
    assertThat(found.get("worker")).asString().isNotEqualTo("[object ServiceWorkerRegistration]");
    // Its requests are a stranger's, those to itself, too: whoever needs them takes the host name.
    assertThat(found.get("fetched")).isEqualTo("TypeError");
    assertThat(found.get("told")).isEqualTo("error after 0");
  }

  /** Not out of the browser's cache, where what was once seen stays. */
  private int openAnew(String address) {
    return browser.open(address + "?anew=" + System.nanoTime());
  }

  @Test
  void theContractIsShownUnderAPolicyThatKeepsEverybodyElseOut() {
    browser.driver().manage().logs().get(LogType.BROWSER);
    assertThat(browser.open(base + "/swagger-ui.html")).isEqualTo(200);
    Eventually.holds(
        () -> browser.run("return document.querySelectorAll('.opblock').length"),
        count -> count instanceof Long many && many > 50);
    assertThat(
            browser.run(
                "return getComputedStyle(document.querySelector('.opblock-get')).borderTopColor"))
        .as("its own styles are in force")
        .isEqualTo("rgb(97, 175, 254)");
    assertThat(browser.driver().manage().logs().get(LogType.BROWSER).getAll())
        .as("what the policy has refused is said here")
        .isEmpty();
    // A page of a sandbox, under a host name of its own, cannot put it into a frame.
    assertThat(browser.open(url(link("PT10M"), "host"))).isEqualTo(200);
    browser.await(
        """
        new Promise(told => {
          const frame = document.createElement('iframe');
          frame.onload = told;
          frame.src = '%s/swagger-ui/index.html';
          document.body.append(frame);
        })
        """
            .formatted(base));
    Eventually.holds(
        () -> browser.driver().manage().logs().get(LogType.BROWSER).getAll().toString(),
        said -> said.contains("frame-ancestors"));
  }

  @Test
  void aLinkThatIsOverOpensNothingMore() {
    JsonNode revoked = link("PT10M");
    assertThat(browser.open(url(revoked, "host"))).isEqualTo(200);
    String address = browser.address();
    assertThat(api.delete(path + "/grants/" + revoked.get("id").asString()).status())
        .isEqualTo(204);
    assertThat(openAnew(address)).isEqualTo(401);
    assertThat(browser.open(url(revoked, "host"))).isEqualTo(401);
    // Long enough for it to be followed on a slow machine.
    JsonNode brief = link("PT15S");
    assertThat(browser.open(url(brief, "host"))).isEqualTo(200);
    Eventually.holds(() -> openAnew(address), status -> status == 401);
    assertThat(browser.open(url(brief, "host"))).isEqualTo(401);
  }
}
