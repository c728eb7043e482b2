package dev.caisson.it.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.console.Browser;
import dev.caisson.it.console.ConsolePage;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/**
 * What somebody in a sandbox names and writes, as the console shows it in a real Chromium: text
 * that would be a script anywhere it were taken for markup.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileContentIT {
  private static final String IMAGE = "<img src=x onerror=\"window.pwned='%s'\">";
  private static final List<String> FORMS =
      List.of(
          IMAGE,
          "<script>window.pwned='%s'</script>",
          "\"><svg onload=\"window.pwned='%s'\">",
          "'-(window.pwned='%s')-'",
          "${window.pwned='%s'}",
          "javascript:window.pwned='%s'");

  private ServiceProcess service;
  private Api api;
  private ConsolePage page;
  private String sandbox;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    service = ServiceProcess.start(home);
    api = service.api();
    sandbox =
        api.sandbox(
            Map.of(
                "image",
                Machine.DEBIAN,
                "name",
                "hostile",
                "labels",
                Map.of("note", IMAGE.formatted("label"))));
    page =
        new ConsolePage(
            Browser.start(),
            "http://127.0.0.1:" + service.port(),
            Files.readString(home.resolve("admin.key")).strip());
    page.visit();
  }

  @AfterAll
  void end() {
    if (page != null) {
      page.close();
    }
    service.close();
  }

  private static String all(String where) {
    return String.join("\n", FORMS).formatted(where, where, where, where, where, where);
  }

  @Test
  void labelsAreText() {
    page.show("sandboxes", sandbox);
    page.see("body", IMAGE.formatted("label"));
    nothingRan();
  }

  @Test
  void whatProcessesAreCalledAndWriteIsText() {
    String script = all("output");
    long pid =
        api.start(
            sandbox,
            Map.of(
                "command",
                List.of(
                    "sh", "-c", "printf '%s\\n' \"$1\"; printf '%s\\n' \"$1\" >&2", "-", script)));
    api.awaitExit(sandbox, pid);
    page.show("sandboxes", sandbox, "processes");
    page.see("tr", "onerror");
    page.go("sandboxes", sandbox, "processes", Long.toString(pid));
    page.see(".line.stdout", IMAGE.formatted("output"));
    page.see(".line.stderr", IMAGE.formatted("output"));
    nothingRan();
  }

  @Test
  void namesAndContentOfFilesAreText() {
    String name = IMAGE.formatted("name").replace("/", "");
    for (String file : List.of("page.html", "picture.svg", name)) {
      api.put(
              "/v1/sandboxes/"
                  + sandbox
                  + "/files/content?parents=true&path="
                  + URLEncoder.encode("/hostile/" + file, StandardCharsets.UTF_8),
              BodyPublishers.ofString(
                  "<svg xmlns='http://www.w3.org/2000/svg' onload=\"window.pwned='file'\"/>\n"
                      + all("content")))
          .expecting(201);
    }
    page.show("sandboxes", sandbox, "files", "hostile");
    page.see("tr", name);
    nothingRan();
    for (String file : List.of("page.html", "picture.svg", name)) {
      page.go(
          "sandboxes",
          sandbox,
          "files",
          "hostile",
          URLEncoder.encode(file, StandardCharsets.UTF_8).replace("+", "%20"));
      page.see("h1", "");
      nothingRan();
    }
  }

  @Test
  void whatATerminalIsSentIsNoScriptAndNoLinkThatIs() {
    page.show("sandboxes", sandbox, "terminal");
    page.press("Open a shell");
    page.terminal(text -> text.contains("#"));
    api.put(
            "/v1/sandboxes/" + sandbox + "/files/content?path=/osc",
            // A title, a link, a clipboard, and markup.
            "\u001b]0;"
                + IMAGE.formatted("title")
                + "\u0007\u001b]8;;javascript:window.pwned='link'\u0007click\u001b]8;;\u0007"
                + "\u001b]52;c;cHduZWQ=\u0007"
                + all("terminal")
                + "\nend-of-it\n")
        .expecting(201);
    page.type("cat /osc", Keys.ENTER);
    page.terminal(text -> text.contains("end-of-it"));
    nothingRan();
    assertThat(page.browser().run("return document.title")).asString().doesNotContain("onerror");
  }

  private void nothingRan() {
    assertThat(page.browser().run("return window.pwned ?? null")).isNull();
    assertThat(
            page.browser()
                .run(
                    "return document.querySelectorAll(\"img[src='x'], [onload], [onerror],"
                        + " a[href^='javascript:']\").length"))
        .isEqualTo(0L);
  }
}
