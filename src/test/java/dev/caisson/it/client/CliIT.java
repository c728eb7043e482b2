package dev.caisson.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SharedService;
import dev.caisson.it.docker.DockerClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The command line, as it is installed, with a real service. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CliIT {
  private Path home;
  private Api api;
  private ServiceProcess service;
  private CliTool caisson;
  private String sandbox;

  @BeforeAll
  void create(@TempDir Path own, Api shared, ServiceProcess process) {
    home = own;
    api = shared;
    service = process;
    caisson = new CliTool(service, home);
    CliTool.Outcome made =
        caisson.run("create", "--name", "by-hand", "--label", "for=cli", Machine.DEBIAN);
    assertThat(made.code()).as(made.err()).isZero();
    sandbox = made.out().strip();
  }

  @AfterAll
  void delete() {
    assertThat(caisson.run("rm", "--grace", "0s", "by-hand").out().strip()).isEqualTo(sandbox);
    assertThat(service.logText()).doesNotContain(service.key());
  }

  @Test
  void runEndsItsSandboxAndPassesStreamsAndCodeOn() {
    CliTool.Outcome ran =
        caisson.run(
            "run", "--name", "once", Machine.DEBIAN, "sh", "-c", "echo out; echo err >&2; exit 7");
    assertThat(ran).isEqualTo(new CliTool.Outcome(7, "out\n", "err\n"));
    JsonNode once =
        caisson
            .run("ls", "--all", "-o", "json")
            .json()
            .valueStream()
            .filter(each -> each.get("name").asString("").equals("once"))
            .findFirst()
            .orElseThrow();
    assertThat(once.get("state").asString()).isIn("ENDING", "ENDED");
  }

  @Test
  void itsOwnJarDoesTheSame() throws Exception {
    assertThat(caisson.runByJar("exec", sandbox, "sh", "-c", "echo out; echo err >&2; exit 7"))
        .isEqualTo(new CliTool.Outcome(7, "out\n", "err\n"));
    Path file = Files.writeString(home.resolve("copied"), "by the jar");
    assertThat(caisson.runByJar("cp", file.toString(), sandbox + ":/tmp/copied").err()).isEmpty();
    assertThat(caisson.run("exec", sandbox, "cat", "/tmp/copied").out()).isEqualTo("by the jar");
  }

  /** A class that is not in the cache is read, verified and compiled anew at each start. */
  @Test
  void theClassesOfAListComeFromTheCache() throws Exception {
    Path log = home.resolve("classes");
    CliTool.Outcome listed =
        CliTool.end(
            caisson.start(
                List.of(
                    "env",
                    "JDK_JAVA_OPTIONS=-Xlog:class+load:file=" + log,
                    CliTool.LAUNCHER.toString(),
                    "ps",
                    sandbox)),
            new byte[0]);
    assertThat(listed.code()).as(listed.err()).isZero();
    assertThat(Files.readAllLines(log))
        .anyMatch(line -> line.contains("picocli.CommandLine source: shared objects file"))
        .noneMatch(line -> line.matches(".*(picocli|dev[.]caisson)[.].* source: file:.*"))
        // What only some answers need, such as the parser of a fraction.
        .filteredOn(line -> line.contains("source: file:"))
        .hasSizeLessThan(20);
  }

  @Test
  void execCarriesInputOfAnySizeAndItsEnd() throws Exception {
    byte[] much = new byte[5_000_000];
    new Random(7).nextBytes(much);
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(much));
    CliTool.Outcome summed = caisson.run(much, "exec", "-i", sandbox, "sha256sum");
    assertThat(summed.code()).as(summed.err()).isZero();
    assertThat(summed.out()).startsWith(sum);
    assertThat(
            caisson
                .run(
                    "exec",
                    "-e",
                    "A=b c",
                    "-w",
                    "/tmp",
                    "-u",
                    "1:1",
                    "by-hand",
                    "sh",
                    "-c",
                    "echo $A $PWD $(id -u)")
                .out())
        .isEqualTo("b c /tmp 1\n");
  }

  @Test
  void aCommandsEndIsTheProgramsEnd() {
    assertThat(caisson.run("exec", sandbox, "false").code()).isOne();
    assertThat(caisson.run("exec", sandbox, "sh", "-c", "kill -9 $$").code()).isEqualTo(137);
    assertThat(caisson.run("exec", sandbox, "no-such-command").code()).isEqualTo(127);
    assertThat(caisson.run("exec", sandbox, "/etc").code()).isEqualTo(126);
    assertThat(caisson.run("exec", "sb-aaaaaaaa", "true").code()).isEqualTo(125);
    assertThat(caisson.run("exec", "-t", "-i", sandbox, "true").code()).isEqualTo(2);
    assertThat(caisson.run("nonsense").code()).isEqualTo(2);
    assertThat(caisson.run("ls", "--url", "http://127.0.0.1:1").code()).isEqualTo(69);
  }

  @Test
  void aSignalIsTheCommandsAndItsEndIsAwaited() throws IOException {
    Process process =
        caisson.start(
            "exec",
            sandbox,
            "sh",
            "-c",
            "trap 'echo asked; exit 5' TERM; echo runs; while :; do sleep 0.1; done");
    try (BufferedReader lines = reader(process)) {
      assertThat(lines.readLine()).isEqualTo("runs");
      // Not Process.destroy: that closes the streams, too.
      process.toHandle().destroy();
      assertThat(lines.readLine()).isEqualTo("asked");
      assertThat(DockerClient.end(process)).isEqualTo(5);
    }
  }

  @Test
  void aTerminalHasItsSizeItsInterruptsAndIsAsBeforeAfterwards() throws IOException {
    String script =
        """
        echo "before-$(stty -g)-before"; echo "tty-$(tty)-tty"
        caisson exec -it --name typed SANDBOX sh -c 'echo ready-$((1)); exec bash -i'
        echo "code-$?-code"
        echo "after-$(stty -g)-after"
        caisson exec -it SANDBOX sh -c 'echo ready-$((2)); exec sleep 1000'
        echo "killed-$?-killed"
        echo "last-$(stty -g)-last"
        """
            .replace("SANDBOX", sandbox);
    try (CliTool.Screen screen = caisson.screen(script)) {
      String before = screen.between("before-", "-before");
      String tty = screen.between("tty-", "-tty");
      screen.until("ready-1");
      screen.type("stty size\r");
      screen.until("30 100");
      Machine.run("stty", "-F", tty, "rows", "40", "cols", "120");
      Eventually.holds(
          () ->
              api.get("/v1/sandboxes/" + sandbox + "/processes?name=typed")
                  .expecting(200)
                  .at("/items/0/tty/rows")
                  .asInt(),
          rows -> rows == 40);
      screen.type("stty size\r");
      screen.until("40 120");
      screen.type("sh -c 'echo runs-$((1)); exec sleep 1000'\r");
      screen.until("runs-1");
      screen.type("\u0003");
      screen.type("echo alive-$?\r");
      screen.until("alive-130");
      screen.type("exit 7\r");
      assertThat(screen.between("code-", "-code")).isEqualTo("7");
      assertThat(screen.between("after-", "-after")).isEqualTo(before);

      screen.until("ready-2");
      screen.program().destroy();
      assertThat(screen.between("killed-", "-killed")).isEqualTo("143");
      assertThat(screen.between("last-", "-last")).isEqualTo(before);
    }
  }

  @Test
  void processesAreListedShownAndSignalled() {
    String pid =
        caisson.run("exec", "-d", "--name", "napping", sandbox, "sleep", "1000").out().strip();
    assertThat(caisson.run("ps", sandbox).out())
        .containsPattern(sandbox + " +" + pid + " +napping +RUNNING +\\d+s +sleep 1000");
    assertThat(caisson.run("inspect", sandbox, "napping").json().get("pid").asString())
        .isEqualTo(pid);
    assertThat(caisson.run("kill", "-s", "INT", sandbox, "napping").code()).isZero();
    Eventually.holds(() -> caisson.run("ps", sandbox).out(), out -> !out.contains("napping"));
    JsonNode ended =
        caisson
            .run("ps", "--all", "-o", "json", "by-hand")
            .json()
            .valueStream()
            .filter(each -> each.get("pid").asString().equals(pid))
            .findFirst()
            .orElseThrow();
    assertThat(ended.at("/exit/signal").asString()).isEqualTo("INT");
  }

  @Test
  void filesAndDirectoriesAreCopiedBothWays() throws IOException {
    Path tree = Files.createDirectories(home.resolve("tree/deep"));
    byte[] content = new byte[3_000_000];
    new Random(3).nextBytes(content);
    Files.write(tree.resolve("content"), content);
    Path script = Files.writeString(home.resolve("tree/run.sh"), "#!/bin/sh\necho ran\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    assertThat(cp(home.resolve("tree").toString(), sandbox + ":/srv/tree")).isZero();
    assertThat(caisson.run("exec", sandbox, "/srv/tree/run.sh").out()).isEqualTo("ran\n");
    // Into a directory that is there, and what becomes another name.
    assertThat(cp(script.toString(), "by-hand:/srv/")).isZero();
    assertThat(cp(script.toString(), "by-hand:/srv/other")).isZero();
    assertThat(caisson.run("exec", sandbox, "sh", "-c", "/srv/run.sh; /srv/other").out())
        .isEqualTo("ran\nran\n");
    assertThat(cp(sandbox + ":/srv/tree", home.resolve("back").toString())).isZero();
    assertThat(Arrays.equals(Files.readAllBytes(home.resolve("back/deep/content")), content))
        .isTrue();
    assertThat(Files.isExecutable(home.resolve("back/run.sh"))).isTrue();
    assertThat(cp(sandbox + ":/srv/tree/deep/content", home.toString())).isZero();
    assertThat(Files.size(home.resolve("content"))).isEqualTo(content.length);
    assertThat(
            caisson
                .run("piped".getBytes(StandardCharsets.UTF_8), "cp", "-", sandbox + ":/srv/piped")
                .code())
        .isZero();
    assertThat(caisson.run("cp", sandbox + ":/srv/piped", "-").out()).isEqualTo("piped");
    CliTool.Outcome missing = caisson.run("cp", sandbox + ":/no/such", home.toString());
    assertThat(missing.code()).isEqualTo(125);
    assertThat(missing.err()).contains("/no/such", "ENOENT");
  }

  @Test
  void holesSurviveACopy() throws Exception {
    Path up = Files.createDirectory(home.resolve("holes"));
    Path disk = up.resolve("disk");
    Machine.run(
        "sh",
        "-c",
        "truncate -s 256M "
            + disk
            + " && printf start | dd conv=notrunc of="
            + disk
            + " && head -c 100000 /dev/urandom | dd bs=1M seek=200 conv=notrunc of="
            + disk);
    String sum = sum(disk);

    assertThat(cp(disk.toString(), sandbox + ":/srv/one")).isZero();
    assertThat(cp(up.toString(), sandbox + ":/srv/holes")).isZero();
    assertThat(
            caisson
                .run(
                    "exec",
                    sandbox,
                    "sh",
                    "-c",
                    "sha256sum /srv/one /srv/holes/disk; du -k /srv/one /srv/holes/disk | awk '{ if"
                        + " ($1 < 500) print \"small\" }'")
                .out())
        .isEqualTo(sum + "  /srv/one\n" + sum + "  /srv/holes/disk\nsmall\nsmall\n");

    Path one = home.resolve("one");
    assertThat(cp(sandbox + ":/srv/one", one.toString())).isZero();
    assertThat(cp(sandbox + ":/srv/holes", home.resolve("holes-back").toString())).isZero();
    for (Path back : List.of(one, home.resolve("holes-back/disk"))) {
      assertThat(sum(back)).isEqualTo(sum);
      assertThat(Integer.parseInt(Machine.run("stat", "-c", "%b", back.toString()).strip()))
          .isLessThan(1000);
    }
  }

  private static String sum(Path file) {
    return Machine.run("sha256sum", file.toString()).split(" ", 2)[0];
  }

  private int cp(String from, String to) {
    CliTool.Outcome copied = caisson.run("cp", from, to);
    assertThat(copied.err()).isEmpty();
    return copied.code();
  }

  @Test
  void aPortIsForwardedAndWhatIsClosedIsSaid() throws Exception {
    caisson.run(
        "exec",
        "-d",
        sandbox,
        "perl",
        "-MIO::Socket::INET",
        "-e",
        "my $l = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 8099, Listen => 9,"
            + " ReuseAddr => 1) or die; while (my $c = $l->accept) { while (<$c>) { last if /^\\r/ }"
            + " print $c \"HTTP/1.0 200 OK\\r\\n\\r\\n\" . 'x' x 1000000; close $c }");
    Process forward = caisson.start("forward", "-o", "json", sandbox, "0:8099", "0:8098");
    try (BufferedReader lines = reader(forward);
        BufferedReader errors =
            new BufferedReader(
                new InputStreamReader(forward.getErrorStream(), StandardCharsets.UTF_8));
        HttpClient client = HttpClient.newHttpClient()) {
      int port = Api.JSON.readTree(lines.readLine()).get("listen").asInt();
      int closed = Api.JSON.readTree(lines.readLine()).get("listen").asInt();
      assertThat(Eventually.holds(() -> fetch(client, port), body -> body.length() == 1_000_000))
          .startsWith("xxx");
      assertThat(fetch(client, closed)).startsWith("cannot");
      String said = errors.readLine();
      while (!said.contains("\"port\":8098") && !said.contains("8098")) {
        said = errors.readLine();
      }
      assertThat(said).contains("PORT_CLOSED");
    } finally {
      forward.destroy();
      DockerClient.end(forward);
    }
  }

  private static String fetch(HttpClient client, int port) {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "cannot: " + e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void dockerInASandboxIsReachedFromInsideAndByAContext() throws IOException {
    String docker = caisson.run("create", "--docker", "--wait", Machine.STATIC).out().strip();
    assertThat(caisson.run("docker", docker, "pull", "-q", "busybox").code()).isZero();
    assertThat(
            caisson
                .run(
                    "typed".getBytes(StandardCharsets.UTF_8),
                    "docker",
                    "-i",
                    docker,
                    "run",
                    "-i",
                    "--rm",
                    "busybox",
                    "cat")
                .out())
        .isEqualTo("typed");
    assertThat(caisson.run("docker", docker, "run", "--rm", "busybox", "false").code()).isOne();
    String inside = caisson.run("docker", docker, "info", "-f", "{{.ID}}").out();
    assertThat(caisson.run("context", "--name", "boxed", docker).out()).isEqualTo("boxed\n");
    List<String> outside = List.of("docker", "--context", "boxed", "info", "-f", "{{.ID}}");
    assertThat(CliTool.end(caisson.start(outside), new byte[0]).out()).isEqualTo(inside);
    JsonNode key = caisson.run("keys", "list", "-o", "json", docker).json().get(0);
    assertThat(key.get("scope").asString()).isEqualTo("DOCKER");
    caisson.run("keys", "revoke", docker, key.get("id").asString());
    assertThat(CliTool.end(caisson.start(outside), new byte[0]).err()).contains("UNAUTHORIZED");
    assertThat(caisson.run("logs", docker, "dockerd").err()).contains("API listen on");
    assertThat(caisson.run("rm", "--grace", "0s", docker).code()).isZero();
  }

  @Test
  void theDoctorFindsTheServiceWellAndAKeyThatIsNotTaken() {
    CliTool.Outcome well = caisson.run("doctor", "-o", "json");
    assertThat(well.code()).as(well.out()).isZero();
    assertThat(well.json().findValuesAsString("check")).contains("service", "key", "engine", "kit");
    Process wrong = caisson.start(List.of("env", "CAISSON_KEY=ck_wrong", "caisson", "doctor"));
    CliTool.Outcome unwell = CliTool.end(wrong, new byte[0]);
    assertThat(unwell.code()).isOne();
    assertThat(unwell.out()).containsPattern("key +failed");
  }

  @Test
  void logsAndInputGoOnOverARestartOfTheService(@TempDir Path other) throws Exception {
    try (ServiceProcess own = ServiceProcess.start(other)) {
      CliTool line = new CliTool(own, other);
      String box = line.run("create", Machine.DEBIAN).out().strip();
      Process typed = line.start("exec", "-i", "--name", "typed", box, "cat");
      try (BufferedReader echoed = reader(typed)) {
        OutputStream keys = typed.getOutputStream();
        keys.write("first\n".getBytes(StandardCharsets.UTF_8));
        keys.flush();
        assertThat(echoed.readLine()).isEqualTo("first");
        Process logs = line.start("logs", "-f", box, "typed");
        try (BufferedReader followed = reader(logs)) {
          assertThat(followed.readLine()).isEqualTo("first");
          own.terminate();
          keys.write("second\n".getBytes(StandardCharsets.UTF_8));
          keys.flush();
          own.start();
          assertThat(echoed.readLine()).isEqualTo("second");
          assertThat(followed.readLine()).isEqualTo("second");
          keys.close();
          assertThat(echoed.readLine()).isNull();
          assertThat(followed.readLine()).isNull();
          assertThat(DockerClient.end(typed)).isZero();
          assertThat(DockerClient.end(logs)).isZero();
        }
      }
    }
  }

  @Test
  void theJarItselfIsTheCommandLineTooAndTheShellCompletesIt() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    CliTool.Outcome version =
        CliTool.end(
            caisson.start(List.of(java, "-jar", "target/caisson.jar", "version")), new byte[0]);
    assertThat(version.out()).as(version.err()).isEqualTo(caisson.run("version").out());
    List<String> complete =
        List.of("bash", "-c", "source <(caisson completion); complete -p caisson");
    assertThat(CliTool.end(caisson.start(complete), new byte[0]).out())
        .contains("_complete_caisson");
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "xx_YY.UTF-8", "C.UTF-8"})
  void namesArriveAsTheyAreWhateverTheLocale(String locale, @TempDir Path directory)
      throws IOException {
    Path source = Files.createDirectory(directory.resolve("source"));
    Files.writeString(source.resolve("grün"), "green");
    Files.createSymbolicLink(source.resolve("lïnk"), Path.of("grün"));
    String there = sandbox + ":/srv/ü-" + locale;
    Path back = directory.resolve("zurück");
    assertThat(in(locale, "cp", source.toString(), there).err()).isEmpty();
    assertThat(in(locale, "cp", there + "/lïnk", directory.resolve("öne").toString()).err())
        .isEmpty();
    assertThat(in(locale, "cp", there, back.toString()).err()).isEmpty();
    assertThat(directory.resolve("öne")).hasContent("green");
    assertThat(back.resolve("lïnk")).isSymbolicLink().hasContent("green");
    // Names that Java does not have are refused, not lost.
    Path bytes = Files.createDirectory(directory.resolve("bytes"));
    Machine.run("bash", "-c", "cd " + bytes + "; printf a >$'n\\xff'; printf b >$'n\\xfe'");
    assertThat(in(locale, "cp", bytes.toString(), there).err())
        .contains("not valid in the encoding of this locale");
    String strange = "/srv/bytes-" + locale;
    String made =
        "mkdir " + strange + "; cd " + strange + "; : >$(printf 'n\\377'); : >$(printf 'n\\376')";
    assertThat(in(locale, "exec", sandbox, "sh", "-c", made).code()).isZero();
    CliTool.Outcome out = in(locale, "cp", sandbox + ":" + strange, directory + "/bytes-back");
    assertThat(out.err()).contains("not valid UTF-8");
    assertThat(out.code()).isEqualTo(125);
  }

  private CliTool.Outcome in(String locale, String... arguments) {
    List<String> command = new ArrayList<>(List.of("env", "LC_ALL=" + locale));
    command.add(CliTool.LAUNCHER.toString());
    command.addAll(List.of(arguments));
    return CliTool.end(caisson.start(command), new byte[0]);
  }
}
