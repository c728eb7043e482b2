package dev.caisson.it.ports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Host names that are almost that of a sandbox's port, as bytes on a socket, at a service with a
 * domain for ports. Nobody who has no key gets anything that is not public, under whatever name.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostNamesIT {
  private static final String SAID = "said-by-the-sandbox";

  private ServiceProcess service;
  private Api api;
  private String sandbox;

  @BeforeAll
  void start(@TempDir Path home) {
    service = ServiceProcess.start(home, Map.of("CAISSON_PORTS_DOMAIN", "ports.test"));
    api = service.api();
    sandbox = api.sandbox(Map.of("image", Machine.STATIC));
    api.shellIn(sandbox, "/bin/busybox mkdir /w; echo " + SAID + " >/w/index.html");
    api.start(sandbox, "/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/w");
    Eventually.holds(() -> ask("8080-" + sandbox + ".ports.test", "/", key()), SAID::equals);
  }

  @AfterAll
  void end() {
    service.close();
  }

  private String key() {
    return "Authorization: Bearer " + service.key() + "\r\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8080-%s.ports.test",
        "8080-%s.PORTS.TEST",
        "8080-%s.ports.test.",
        "8080-%s.ports.test:80",
        "8080-%s.ports.test.evil.test",
        "evil.8080-%s.ports.test",
        "8080-%s.ports.testevil",
        "8080-%s..ports.test",
        "08080-%s.ports.test",
        "0-%s.ports.test",
        "70000-%s.ports.test",
        "8080-%s%%00.ports.test",
        "user@8080-%s.ports.test",
        "8080-%s.ports.test/",
        "8080-%s.ports.test, 127.0.0.1",
        "[8080-%s.ports.test]"
      })
  void noHostNameIsAKey(String form) {
    String name = form.formatted(sandbox);
    for (String path :
        new String[] {
          "/", "/index.html", "/v1/sandboxes", "/console/main.js", "/actuator/health"
        }) {
      assertThat(ask(name, path, "")).as(name + path).doesNotContain(SAID).doesNotContain(sandbox);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://8080-%s.ports.test/", "http://8080-%s.ports.test:80/index.html"})
  void norIsATargetThatNamesAHost(String form) {
    for (String host : new String[] {"127.0.0.1", "8080-" + sandbox + ".ports.test"}) {
      assertThat(ask(host, form.formatted(sandbox), "")).doesNotContain(SAID);
    }
  }

  /** What is sent back; no more than the body where that is the sandbox's. */
  private String ask(String host, String target, String headers) {
    String request =
        "GET "
            + target
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\n"
            + headers
            + "Connection: close\r\n\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return answer.startsWith("HTTP/1.1 200") && answer.contains(SAID) ? SAID : answer;
    } catch (IOException e) {
      return e.toString();
    }
  }
}
