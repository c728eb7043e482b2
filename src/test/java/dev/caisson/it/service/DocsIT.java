package dev.caisson.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.DocsPage;
import dev.caisson.it.Api;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SharedService;
import dev.caisson.it.docker.DockerClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the documentation tells people to type, typed: each page in one shell, block by block, with
 * a real service. A line {@code # → TEXT} is what the block must have answered by then.
 */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocsIT {
  private static final Path README = Path.of("README.md");
  private static final Path INDEX = Path.of("docs", "README.md");

  /** Of Docker Hub, which cannot be had everywhere, by images of our registry. */
  private static final Map<String, String> STAND_INS =
      Map.of(
          "ubuntu:22.04", Machine.DEBIAN,
          "nginx:latest", "busybox:latest",
          "redis:latest", "hello:latest");

  /** Pages whose commands other tests run. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "packages.md", "how to install; its own tests do it by each way",
          "console.md", "ConsoleIT does it, in a browser");

  private ServiceProcess service;
  private Api api;
  private Path home;
  private List<DocsPage> pages;

  @BeforeAll
  void set(@TempDir Path own, Api shared, ServiceProcess process) throws IOException {
    home = own;
    api = shared;
    service = process;
    pages = new ArrayList<>(List.of(DocsPage.read(README)));
    try (Stream<Path> files = Files.list(Path.of("docs"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".md")).sorted().toList()) {
        if (!ELSEWHERE.containsKey(String.valueOf(file.getFileName()))) {
          pages.add(DocsPage.read(file));
        }
      }
    }
  }

  @Test
  void whatIsNotRunSaysWhy() {
    ELSEWHERE.forEach((page, reason) -> System.out.println("not here: " + page + ": " + reason));
    int run = 0;
    int not = 0;
    for (DocsPage page : pages) {
      for (DocsPage.Block block : page.blocks()) {
        assertThat(block.unclear())
            .as(page.file() + ":" + block.line() + " is neither sh nor shown, and says no reason")
            .isFalse();
        run += block.run() ? 1 : 0;
        if (block.reason() != null) {
          not++;
          System.out.println(
              "not run: " + page.file() + ":" + block.line() + ": " + block.reason());
        }
      }
    }
    System.out.println("blocks of the documentation: " + run + " run, " + not + " not run");
    assertThat(run).isGreaterThan(20);
    // More of them is a decision, not an accident.
    assertThat(not).isLessThanOrEqualTo(5);
  }

  @TestFactory
  Stream<DynamicTest> everyPage() {
    return pages.stream()
        .filter(page -> page.blocks().stream().anyMatch(DocsPage.Block::run))
        .map(page -> DynamicTest.dynamicTest(page.file().toString(), () -> type(page)));
  }

  private void type(DocsPage page) throws IOException {
    List<String> before = sandboxes();
    String name = page.file().toString().replace('/', '-');
    Path desk = Files.createDirectory(home.resolve(name));
    for (String needed : List.of("quickstart", "kit", "target")) {
      Files.createSymbolicLink(desk.resolve(needed), Path.of(needed).toAbsolutePath());
    }
    List<DocsPage.Block> blocks = new ArrayList<>();
    if (!page.file().equals(README) && !page.file().equals(INDEX)) {
      // What all pages share.
      DocsPage.read(INDEX).blocks().stream().filter(DocsPage.Block::run).forEach(blocks::add);
    }
    page.blocks().stream().filter(DocsPage.Block::run).forEach(blocks::add);
    try {
      String shown = shell(desk, script(blocks));
      for (int i = 0; i < blocks.size(); i++) {
        check(page, blocks.get(i), between(shown, mark(i), mark(i + 1)));
      }
    } finally {
      for (String sandbox : sandboxes()) {
        if (!before.contains(sandbox)) {
          api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S");
        }
      }
    }
  }

  private static void check(DocsPage page, DocsPage.Block block, String shown) {
    int at = 0;
    for (String answer : block.answers()) {
      int found = shown.indexOf(answer, at);
      assertThat(found)
          .as(
              page.file()
                  + ":"
                  + block.line()
                  + ": '"
                  + answer
                  + "' was not answered, but:\n"
                  + shown)
          .isNotNegative();
      at = found + answer.length();
    }
  }

  private static String script(List<DocsPage.Block> blocks) {
    StringBuilder script = new StringBuilder("set -eu -o pipefail\n");
    // What a page leaves in the background is a person's to end.
    script.append("trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n");
    for (int i = 0; i < blocks.size(); i++) {
      script.append("printf '\\n%s\\n' '").append(mark(i)).append("'\n");
      script.append(blocks.get(i).text());
    }
    String text =
        script.append("printf '\\n%s\\n' '").append(mark(blocks.size())).append("'\n").toString();
    for (var each : new TreeMap<>(STAND_INS).entrySet()) {
      text = text.replace(each.getKey(), each.getValue());
    }
    return text;
  }

  private String shell(Path desk, String script) throws IOException {
    Path file = Files.writeString(desk.resolve("typed.sh"), script);
    Path log = desk.resolve("shown");
    ProcessBuilder builder =
        new ProcessBuilder("bash", file.toString())
            .directory(desk.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    environment
        .keySet()
        .removeIf(each -> each.startsWith("DOCKER_") || each.startsWith("CAISSON_"));
    environment.put("HOME", desk.toString());
    environment.put("CAISSON_HOME", service.home().toString());
    environment.put("CAISSON_PORT", Integer.toString(service.port()));
    int code = DockerClient.end(builder.start());
    String shown = Files.readString(log);
    assertThat(code).as(shown).isZero();
    return shown;
  }

  private static String mark(int block) {
    return "@@ block " + block;
  }

  private static String between(String shown, String from, String to) {
    return shown.substring(shown.indexOf(from) + from.length(), shown.indexOf(to));
  }

  private List<String> sandboxes() {
    List<String> ids = new ArrayList<>();
    api.get("/v1/sandboxes?limit=500&state=READY")
        .expecting(200)
        .get("items")
        .forEach(sandbox -> ids.add(sandbox.get("id").asString()));
    return ids;
  }
}
