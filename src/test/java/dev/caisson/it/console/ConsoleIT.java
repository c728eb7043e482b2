package dev.caisson.it.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

/**
 * The console in Debian's Chromium: every screen, and the main job from the sign-in to {@code
 * docker run} by the keyboard alone. With {@code -Dconsole.pictures=DIRECTORY} the pictures of the
 * documentation are made on the way.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {
  private static final String SERVE =
      """
      mkdir -p /workspace/site
      echo '<h1>Served from a container</h1>' >/workspace/site/index.html
      docker run -d --name web -p 8080:80 -v /workspace/site:/w:ro busybox \
        sh -c 'echo serving; exec httpd -f -p 80 -h /w'
      """;

  /** Says what it has to say on both streams, and goes on when it is told to. */
  private static final String WRITER =
      """
      for i in $(seq 400); do echo line $i; done
      echo to stderr >&2
      while ! [ -e "${GO:-/tmp/go}" ]; do sleep 0.1; done
      echo went on
      """;

  private static final Map<String, String> PICTURES =
      Map.of(
          "sandboxes, light desktop", "console-sandboxes",
          "overview, light desktop", "console-overview",
          "a process, light desktop", "console-process",
          "a container, light desktop", "console-container",
          "a terminal, dark phone", "console-phone");

  @TempDir static Path home;
  @TempDir static Path downloads;
  private ServiceProcess service;
  private Api api;
  private ConsolePage page;

  // With Docker, and what most screens have something to show of.
  private String sandbox;
  private String path;

  @BeforeAll
  void start() throws IOException {
    service = ServiceProcess.start(home);
    api = service.api();
    sandbox =
        api.dockerSandbox(
            Map.of("image", Machine.DEBIAN, "name", "shop", "labels", Map.of("team", "web")));
    path = "/v1/sandboxes/" + sandbox;
    api.shell(sandbox, SERVE);
    page =
        new ConsolePage(
            Browser.start(),
            "http://127.0.0.1:" + service.port(),
            Files.readString(home.resolve("admin.key")).strip());
    page.visit();
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

  @AfterEach
  void nothingWentWrongInThePage() {
    assertThat(page.wrongs()).isEmpty();
  }

  private void picture(String name) {
    String directory = System.getProperty("console.pictures");
    if (directory != null) {
      try {
        Files.createDirectories(Path.of(directory));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      page.browser().picture(Path.of(directory, name + ".png"));
    }
  }

  @Test
  void fromTheSignInToDockerRunByTheKeyboardAlone() throws IOException {
    page.visit();
    page.type("wrong", Keys.ENTER);
    page.see("[role=alert]", "does not accept this key");
    page.selectAll();
    page.type(Files.readString(home.resolve("admin.key")).strip(), Keys.ENTER);
    page.see("h1", "Sandboxes");

    page.tabTo("New sandbox");
    page.type(Keys.ENTER);
    page.see("dialog[open] h2", "New sandbox");
    page.tabTo("Name");
    page.type("by-keys", Keys.ENTER);
    page.see("h1", "by-keys");
    page.see(".head .state", "ready");
    page.see(".head .pair", "Docker ready");

    page.tabTo("Terminal");
    page.type(Keys.ENTER);
    page.tabTo("Open a shell");
    page.type(Keys.ENTER);
    page.terminal(text -> text.contains("#"));
    page.type("docker run --rm busybox echo \"it works: $((6*7))\"", Keys.ENTER);
    page.terminal(text -> text.contains("it works: 42"));

    page.type(Keys.F6);
    page.see("button:focus", "Type in the terminal");
    page.tabTo("Terminate by-keys");
    page.type(Keys.ENTER);
    page.see("dialog[open] h2", "Terminate by-keys?");
    page.tabTo("Terminate");
    page.type(Keys.ENTER);
    page.see(".notice", "The sandbox has ended: terminated");
    page.tabTo("Sign out");
    page.type(Keys.ENTER);
    page.see("button", "Sign in");
    assertThat(page.browser().run("return sessionStorage.length")).isEqualTo(0L);
  }

  @Test
  void whatDoesNotLoadIsSaidAndLoadedAgain() {
    page.show("sandboxes", sandbox);
    page.block("*/console/screens/host.js");
    page.load();
    page.see("h1", "Loading failed");
    page.isForEverybody("loading failed");
    page.block();
    page.type(Keys.ENTER);
    page.see("h1", "shop");
  }

  @Test
  void sandboxesAreListedAsTheyComeAndGo() {
    page.show("sandboxes");
    page.see("tr", "shop");
    String other = api.sandbox(Map.of("image", Machine.STATIC, "name", "passing", "ttl", "PT5M"));
    page.see("tr", "passing");
    assertThat(page.see("tr:has([href*=" + other + "]) .left", "").getText())
        .as("of five minutes")
        .matches("[45]:\\d\\d");
    page.press("Extend passing");
    page.press("Extend");
    page.seeNo("dialog[open]", "");
    page.see("tr:has([href*=" + other + "]) .left", "59:");
    assertThat(api.get("/v1/sandboxes/" + other).json().get("ttl").asString()).isEqualTo("PT1H");
    page.fill("input[type=search]", "team:web");
    page.seeNo("tr", "passing");
    page.fill("input[type=search]", "pass");
    page.see("tr", "passing");
    api.delete("/v1/sandboxes/" + other);
    page.seeNo("tr", "passing");
    page.press("Ended");
    page.see("tr", "terminated");
  }

  @Test
  void aSandboxIsMadeOfATemplateWithOptions() {
    api.put(
            "/v1/templates/small",
            "{\"sandbox\":{\"image\":\""
                + Machine.STATIC
                + "\",\"labels\":{\"from\":\"template\"}}}",
            "Content-Type",
            "application/json")
        .json();
    page.show("sandboxes");
    page.press("New sandbox");
    page.see("dialog select[name=template]", "small");
    page.fill("select[name=template]", "small");
    page.press("Limits, network, isolation, labels, environment");
    page.fill("input[name=memory]", "lots");
    page.press("Create");
    page.see("dialog [role=alert]", "memory");
    page.fill("input[name=memory]", "256Mi");
    page.fill("textarea[name=labels]", "made=here");
    page.press("Create");
    page.see(".head .state", "ready");
    page.see(".facts", "256");
    page.see(".label", "made:here");
    page.see(".plot", "Memory");
    page.see(".events", "Sandbox");
    String id = (String) page.browser().run("return location.hash.split('/')[2]");
    JsonNode made = api.get("/v1/sandboxes/" + id).json();
    assertThat(made.get("image").asString()).isEqualTo(Machine.STATIC);
    api.delete("/v1/sandboxes/" + id);
    page.see(".notice", "The sandbox has ended");
  }

  @Test
  void whatAProcessWritesIsSeenAsItIsWrittenSearchedAndDownloaded() throws IOException {
    page.downloadTo(downloads);
    page.show("sandboxes", sandbox, "processes");
    page.fill("input[name=command]", WRITER.strip().replace("\n", "; ").replace("do;", "do"));
    page.press("Run");
    page.see(".line.stdout", "line 400");
    page.see(".line.stderr", "to stderr");
    page.press("stderr");
    page.seeNo(".line.stdout", "");
    page.press("stdout");
    page.seeNo(".line.stderr", "");
    page.fill("input[aria-label='Search the output']", "line 17");
    // 17 and 170 to 179.
    page.see(".output [role=status]", "1 of 11");
    page.press("Next match");
    page.see(".line.hit", "line 170");
    page.press("Merged");
    page.press("Follow");
    api.shell(sandbox, "touch /tmp/go");
    page.see(".line.stdout", "went on");
    page.see(".detail .state", "exit 0");
    page.press("Download stderr 10 B");
    Set<String> files = new TreeSet<>();
    Eventually.holds(
        () -> {
          files.clear();
          files.addAll(named(downloads));
          return files;
        },
        all -> all.size() == 1 && all.iterator().next().endsWith("-stderr.txt"));
    assertThat(downloads.resolve(files.iterator().next())).hasContent("to stderr\n");
    page.see("tr.here .state", "exit 0");
  }

  private static Set<String> named(Path directory) {
    try (var all = Files.list(directory)) {
      Set<String> names = new TreeSet<>();
      all.forEach(each -> names.add(each.getFileName().toString()));
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aTerminalAndTheListComeBackWhenTheServiceDoes() throws InterruptedException {
    page.show("sandboxes", sandbox, "terminal");
    page.press("Open a shell");
    page.terminal(text -> text.contains("#"));
    page.type("echo before $((40+1))", Keys.ENTER);
    page.terminal(text -> text.contains("before 41"));
    service.kill();
    page.see(".terminal .state", "reconnecting");
    page.see(".away", "The service is not responding");
    page.type("echo meanwhile $((40+2))", Keys.ENTER);
    service.start();
    String seen = page.terminal(text -> text.contains("meanwhile 42"));
    assertThat(seen.split("before 41", -1)).as("nothing comes twice").hasSize(2);
    page.seeNo(".away", "");
    page.type("exit", Keys.ENTER);
    page.see(".terminal .state", "exit 0");
  }

  @Test
  void filesAreUploadedEditedAndChangedByOthers() {
    api.shell(sandbox, "mkdir -p /workspace/files && echo old >/workspace/files/notes.txt");
    page.show("sandboxes", sandbox, "files", "workspace", "files");
    page.see("tr", "notes.txt");
    page.drop(".files", "dropped.txt", "dropped by a mouse");
    page.see("tr", "dropped.txt");
    assertThat(content("dropped.txt")).isEqualTo("dropped by a mouse");
    api.shell(sandbox, "echo x >/workspace/files/by-another");
    page.see("tr", "by-another");
    page.press("Delete by-another");
    page.press("Delete");
    page.seeNo("tr", "by-another");
    page.press("Rename dropped.txt");
    page.fill("dialog input[name=name]", "renamed.txt");
    page.press("Rename");
    page.see("tr", "renamed.txt");
    page.press("New directory");
    page.fill("dialog input[name=name]", "src");
    page.press("Create");
    page.see("tr", "src/");

    page.press("notes.txt");
    page.see("textarea", "");
    page.fill("textarea", "new text");
    page.press("Save");
    page.see(".editor [role=status]", "Saved");
    assertThat(content("notes.txt")).isEqualTo("new text");
    api.shell(sandbox, "echo theirs >/workspace/files/notes.txt");
    page.fill("textarea", "mine");
    page.press("Save");
    page.see("[role=alert]", "Someone else changed this file");
    assertThat(content("notes.txt")).isEqualTo("theirs\n");
    page.press("Save anyway");
    page.see(".editor [role=status]", "Saved");
    assertThat(content("notes.txt")).isEqualTo("mine");
  }

  private String content(String name) {
    return api.get(path + "/files/content?path=/workspace/files/" + name).text();
  }

  @Test
  void dockerIsSeenAsItIsAndUsed() throws IOException {
    page.show("sandboxes", sandbox, "docker");
    page.see("tr", "web");
    api.shell(sandbox, "docker run -d --name passing busybox sleep 600");
    page.see("tr", "passing");
    page.press("Stop passing");
    page.see("tr", "Exited");
    page.press("Remove passing");
    page.seeNo("tr", "passing");

    page.press("web");
    page.see(".line.stdout", "serving");
    page.see(".plot b", "iB");
    opensItsPort();

    page.go("sandboxes", sandbox, "docker", "images");
    page.press("Pull an image");
    page.fill("dialog input[name=image]", "hello:latest");
    page.press("Pull");
    page.see("dialog h2", "Pull hello:latest");
    page.terminal(text -> text.contains("Downloaded newer image"));
    page.see("dialog .state", "exit 0");
    page.press("Close");
    page.see("tr", "hello:latest");

    page.go("sandboxes", sandbox, "docker", "compose");
    page.press("Start a project");
    page.fill("dialog input[name=project]", "pair");
    page.fill(
        "dialog textarea[name=content]",
        "services: {a: {image: 'busybox:latest', command: sleep 600, init: true}}");
    page.press("Start");
    page.see(".detail .state", "exit 0");
    page.go("sandboxes", sandbox, "docker", "compose");
    page.see("section h2", "pair");
    page.see("tr", "pair-a-1");

    page.go("sandboxes", sandbox, "docker", "daemon");
    page.see(".output .line", "level=");
    api.shell(sandbox, "kill -9 " + api.get(path + "/docker").json().get("pid").asLong());
    page.see("tr", "crashed");
    page.see(".daemon", "restarted 1 time");
    page.see(".daemon .state", "ready");
  }

  private void opensItsPort() {
    String here = page.browser().driver().getWindowHandle();
    page.see(".detail button.link", "8080").click();
    Set<String> all =
        Eventually.holds(
            () -> page.browser().driver().getWindowHandles(), windows -> windows.size() == 2);
    try {
      page.browser()
          .driver()
          .switchTo()
          .window(all.stream().filter(each -> !each.equals(here)).findFirst().orElseThrow());
      page.see("h1", "Served from a container");
      page.browser().driver().close();
    } finally {
      page.browser().driver().switchTo().window(here);
    }
  }

  @Test
  void everyScreenIsForEverybodyInBothThemesAndOnAPhone() {
    long process =
        api.start(sandbox, Map.of("shell", WRITER, "name", "writer", "env", Map.of("GO", "/")));
    long terminal =
        api.start(sandbox, Map.of("shell", "exec bash", "tty", Map.of("rows", 24, "cols", 80)));
    String ended = api.sandbox(Map.of("image", Machine.STATIC, "name", "gone"));
    api.delete("/v1/sandboxes/" + ended);
    page.theme("light");
    page.size(1280, 860, false);
    try {
      look(process, terminal, ended, "light desktop");
      page.theme("dark");
      page.size(390, 844, true);
      look(process, terminal, ended, "dark phone");
    } finally {
      page.theme("light");
      page.size(1280, 860, false);
    }
  }

  /** What it shows is for everybody, and some of it for the documentation. */
  private void looks(String what) {
    page.isForEverybody(what);
    String name = PICTURES.get(what);
    if (name != null) {
      picture(name);
    }
  }

  private void look(long process, long terminal, String ended, String how) {
    page.visit();
    looks("sign-in, " + how);
    page.show("sandboxes");
    page.see("tr", "shop");
    looks("sandboxes, " + how);
    page.press("New sandbox");
    page.press("Limits, network, isolation, labels, environment");
    looks("new sandbox, " + how);
    page.press("Cancel");
    page.go("sandboxes", sandbox);
    page.see(".plot .line", "");
    page.see(".events li", "Docker");
    looks("overview, " + how);
    page.go("sandboxes", ended);
    page.see("[role=status]", "The sandbox has ended");
    looks("an ended sandbox, " + how);
    page.go("sandboxes", sandbox, "processes");
    page.see("tr", "writer");
    looks("processes, " + how);
    page.go("sandboxes", sandbox, "processes", Long.toString(process));
    page.see(".line.stdout", "went on");
    page.fill("input[aria-label='Search the output']", "to stderr");
    page.see("mark", "to stderr");
    looks("a process, " + how);
    page.go("sandboxes", sandbox, "terminal", Long.toString(terminal));
    page.terminal(text -> text.contains("#"));
    looks("a terminal, " + how);
    page.go("sandboxes", sandbox, "files", "etc");
    page.see("tr", "passwd");
    looks("files, " + how);
    page.go("sandboxes", sandbox, "files", "etc", "passwd");
    page.see("textarea", "");
    looks("a file, " + how);
    page.go("sandboxes", sandbox, "docker");
    page.see("tr", "web");
    looks("containers, " + how);
    page.go("sandboxes", sandbox, "docker", "containers", "web");
    page.see(".line.stdout", "serving");
    looks("a container, " + how);
    page.go("sandboxes", sandbox, "docker", "images");
    page.see("tr", "busybox");
    looks("images, " + how);
    page.go("sandboxes", sandbox, "docker", "volumes");
    page.see("section", "olume");
    looks("volumes, " + how);
    page.go("sandboxes", sandbox, "docker", "compose");
    page.see("button", "Start a project");
    looks("compose, " + how);
    page.go("sandboxes", sandbox, "docker", "daemon");
    page.see(".output .line", "level=");
    looks("the daemon, " + how);
    page.go("sandboxes", sandbox, "ports");
    page.see("tr", "8080/tcp");
    looks("ports, " + how);
    page.go("host");
    page.see("tr", "userns");
    looks("host, " + how);
  }
}
