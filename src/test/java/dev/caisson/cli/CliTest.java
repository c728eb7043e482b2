package dev.caisson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command line, with a service that answers what it was told to. */
class CliTest {
  private static final String SANDBOX = "/v1/sandboxes/sb-aaaaaaaa";

  @TempDir Path home;
  private final FakeService service = new FakeService();
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> pauses = new ArrayList<>();

  /** What came of a command. */
  private record Outcome(int code, String out, String err) {
    JsonNode json() {
      return Json.read(out);
    }
  }

  @BeforeEach
  void set() {
    environment.put("HOME", home.toString());
    environment.put("CAISSON_URL", service.url());
    environment.put("CAISSON_KEY", "ck_secret");
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private Outcome caisson(String line) {
    return caisson("", line.split(" ", -1));
  }

  private Outcome caisson(String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    CliContext cli =
        new CliContext(
            environment,
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new NoTerminal(),
            time -> pauses.add(time.toString()));
    int code = Caisson.run(cli, arguments);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static final class NoTerminal implements Terminal {
    @Override
    public boolean input() {
      return false;
    }

    @Override
    public boolean output() {
      return false;
    }

    @Override
    public Size size() {
      return new Size(24, 80);
    }

    @Override
    public Raw raw() {
      throw new AssertionError("there is none");
    }

    @Override
    public void on(String signal, Runnable action) {
      // None is sent.
    }
  }

  // ---- what is shown

  @Test
  void listsSandboxesAsATableWithoutThoseThatHaveEnded() {
    service.on(
        "GET /v1/sandboxes?limit=500",
        200,
        """
        {"items":[
         {"id":"sb-aaaaaaaa","name":"web\\u001b[2J","state":"READY","image":"debian",
          "docker":{"state":"READY"},"createdAt":"2020-01-01T00:00:00Z"},
         {"id":"sb-bbbbbbbb","state":"ENDED","reason":"EXPIRED","image":"alpine",
          "docker":{"state":"DISABLED"},"createdAt":"2020-01-01T00:00:00Z"}],"nextCursor":null}
        """);
    Outcome some = caisson("ls");
    assertThat(some.code).isZero();
    assertThat(some.out.lines().findFirst().orElseThrow())
        .matches("ID +NAME +STATE +IMAGE +DOCKER +AGE +EXPIRES");
    assertThat(some.out)
        .containsPattern("sb-aaaaaaaa +web \\[2J +READY +debian +READY +\\d+d")
        .doesNotContain("sb-bbbbbbbb", "\u001b");
    assertThat(caisson("ls --all").out).contains("ENDED EXPIRED");
    assertThat(caisson("ls -q").out).isEqualTo("sb-aaaaaaaa\n");
    JsonNode json = caisson("ls -o json").json();
    assertThat(json.get(0).get("name").asString()).isEqualTo("web\u001b[2J");
  }

  @Test
  void asksForEveryPage() {
    service
        .on(
            "GET /v1/sandboxes?limit=500",
            200,
            "{\"items\":[{\"id\":\"a\"}],\"nextCursor\":\"x y\"}")
        .on("GET /v1/sandboxes?limit=500&cursor=x%20y", 200, "{\"items\":[{\"id\":\"b\"}]}");
    assertThat(caisson("ls -q").out).isEqualTo("a\nb\n");
  }

  @Test
  void listsTheProcessesOfAllSandboxesAndOfOneByItsName() {
    service
        .on(
            "GET /v1/sandboxes?limit=500&state=READY",
            200,
            "{\"items\":[{\"id\":\"sb-aaaaaaaa\",\"name\":\"web\"},{\"id\":\"sb-gggggggg\"}]}")
        .on("GET /v1/sandboxes?limit=500&state=STARTING", 200, "{\"items\":[]}")
        .on("GET /v1/sandboxes?limit=500&state=ENDING", 200, "{\"items\":[]}")
        .on(
            "GET " + SANDBOX + "/processes?limit=1000&state=RUNNING",
            200,
            "{\"items\":[{\"pid\":7,\"state\":\"RUNNING\",\"command\":[\"sleep\",\"9\"]}]}")
        .on(
            "GET " + SANDBOX + "/processes?limit=1000",
            200,
            """
            {"items":[{"pid":9,"state":"EXITED","shell":"false","exit":{"code":1,"cause":"EXITED"}},
             {"pid":8,"state":"EXITED","command":["x"],"exit":{"signal":"KILL","cause":"OUT_OF_MEMORY"}}]}
            """);
    // The other one has ended since it was listed: 404.
    assertThat(caisson("ps").out).containsPattern("sb-aaaaaaaa +7 +RUNNING +sleep 9");
    assertThat(caisson("ps --all web").out)
        .containsPattern("9 +EXITED 1 +false")
        .containsPattern("8 +OUT_OF_MEMORY +x");
    JsonNode json = caisson("ps -o json web").json();
    assertThat(json.get(0).get("sandbox").asString()).isEqualTo("sb-aaaaaaaa");
    assertThat(caisson("ps nobody").code).isEqualTo(ExitCode.USAGE);
  }

  // ---- what is asked

  @Test
  void sendsTheKeyAndWhatWasSaid() {
    environment.put("TOKEN", "hush");
    service.on(
        "POST /v1/sandboxes", 201, "{\"id\":\"sb-aaaaaaaa\",\"warnings\":[\"mind the step\"]}");
    Outcome made =
        caisson(
            "create --docker -e TOKEN -e A=b=c --label team=ci --cpu 1.5 --memory 1Gi --ttl 10m"
                + " --network none debian:12");
    assertThat(made)
        .isEqualTo(new Outcome(0, "sb-aaaaaaaa\n", "caisson: warning: mind the step\n"));
    FakeService.Asked asked = service.asked().getFirst();
    assertThat(asked.key()).isEqualTo("Bearer ck_secret");
    assertThat(Json.read(asked.body()))
        .isEqualTo(
            Json.read(
                """
                {"image":"debian:12","ttl":"PT10M","labels":{"team":"ci"},
                 "env":{"TOKEN":"hush","A":"b=c"},"resources":{"memory":"1Gi","cpu":1.5},
                 "docker":{"enabled":true},"network":{"mode":"none"}}
                """));
    assertThat(caisson("create -e NOT_SET").err).contains("no variable NOT_SET");
    caisson("create --docker-version 26.1");
    assertThat(Json.read(service.asked().getLast().body()))
        .isEqualTo(Json.read("{\"docker\":{\"enabled\":true,\"version\":\"26.1\"}}"));
  }

  @Test
  void leavesOptionsBehindTheSandboxToTheCommand() {
    service.on("POST " + SANDBOX + "/processes", 201, "{\"pid\":5}");
    Outcome started = caisson("exec -d -w /tmp sb-aaaaaaaa ls -o json --url x");
    assertThat(started.out).isEqualTo("5\n");
    assertThat(Json.read(service.asked().getFirst().body()))
        .isEqualTo(
            Json.read(
                """
                {"command":["ls","-o","json","--url","x"],"cwd":"/tmp","background":true}
                """));
  }

  @Test
  void aKeyThatIsStoredIsForItsServiceAlone() throws IOException {
    environment.remove("CAISSON_KEY");
    service.on("GET /v1/sandboxes?limit=1", 200, "{\"items\":[]}");
    service.on("GET /v1/sandboxes?limit=500", 200, "{\"items\":[]}");
    assertThat(caisson("ls").code).isEqualTo(ExitCode.NO_KEY);
    assertThat(service.asked()).isEmpty();
    assertThat(caisson("ck_typed\n", "login").code).isZero();
    Path file = home.resolve(".config/caisson/login.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(caisson("ls").code).isZero();
    assertThat(service.asked().getLast().key()).isEqualTo("Bearer ck_typed");
    try (FakeService other = new FakeService()) {
      assertThat(caisson("", "ls", "--url", other.url()).code).isEqualTo(ExitCode.NO_KEY);
      assertThat(other.asked()).isEmpty();
    }
    assertThat(caisson("logout").code).isZero();
    assertThat(file).doesNotExist();
  }

  @Test
  void aKeyThatIsNotTakenIsNotStored() {
    service.on("GET /v1/sandboxes?limit=1", 401, "{\"code\":\"UNAUTHORIZED\",\"detail\":\"no\"}");
    assertThat(caisson("ck_wrong\n", "login").code).isEqualTo(ExitCode.NO_KEY);
    assertThat(home.resolve(".config/caisson/login.json")).doesNotExist();
  }

  // ---- how it ends

  @Test
  void saysWhatIsWrongAndWhatToDoAndEndsAccordingly() {
    service
        .on(
            "GET " + SANDBOX,
            404,
            "{\"code\":\"SANDBOX_NOT_FOUND\",\"detail\":\"There is none\",\"status\":404}")
        .on(
            "POST /v1/sandboxes",
            422,
            "{\"code\":\"NO_DISK\",\"detail\":\"Not here\",\"remedy\":\"Install e2fsprogs\"}")
        .on(
            "POST " + SANDBOX + "/processes",
            422,
            "{\"code\":\"ENOENT\",\"cause\":\"NOT_STARTED\",\"detail\":\"nope: no such file\"}");
    Outcome missing = caisson("inspect sb-aaaaaaaa");
    assertThat(missing.code).isEqualTo(ExitCode.REFUSED);
    assertThat(missing.err)
        .isEqualTo(
            "caisson: There is none (SANDBOX_NOT_FOUND)\n  List them with: caisson ls --all\n");
    assertThat(Json.read(caisson("inspect -o json sb-aaaaaaaa").err).get("status").asInt())
        .isEqualTo(404);
    assertThat(caisson("create --disk 1Gi").err).contains("remedy: Install e2fsprogs");
    assertThat(caisson("exec sb-aaaaaaaa nope").code).isEqualTo(ExitCode.NO_COMMAND);
    service.on(
        "POST " + SANDBOX + "/processes", 422, "{\"code\":\"EACCES\",\"cause\":\"NOT_STARTED\"}");
    assertThat(caisson("exec sb-aaaaaaaa nope").code).isEqualTo(ExitCode.NO_COMMAND);
    assertThat(caisson("exec sb-aaaaaaaa /etc").code).isEqualTo(ExitCode.NOT_EXECUTABLE);
    service.close();
    Outcome gone = caisson("ls");
    assertThat(gone.code).isEqualTo(ExitCode.NOT_REACHED);
    assertThat(gone.err).contains("nothing answers at " + service.url(), "CAISSON_URL");
  }

  @Test
  void whatMakesNoSenseIsAUsage() {
    for (String line :
        List.of(
            "",
            "nothing",
            "exec",
            "exec sb-aaaaaaaa",
            "exec sb-aaaaaaaa --",
            "run debian --",
            "ls --nothing",
            "ls -o xml",
            "create --ttl soon",
            "create -e =x",
            "cp a b",
            "cp sb-aaaaaaaa:relative b",
            "keys",
            "keys create sb-aaaaaaaa",
            "forward sb-aaaaaaaa 99999",
            "context --name default sb-aaaaaaaa",
            "exec -it sb-aaaaaaaa bash",
            "ls --url ftp://x")) {
      Outcome outcome = caisson(line);
      assertThat(outcome.code).as(line + ": " + outcome.err).isEqualTo(ExitCode.USAGE);
      assertThat(outcome.err).as(line).isNotEmpty();
    }
  }

  @Test
  void aCommandMayFollowTwoDashes() {
    assertThat(Arguments.command(List.of("--", "ls", "--", "-l")))
        .containsExactly("ls", "--", "-l");
    assertThat(Arguments.command(List.of("ls", "--"))).containsExactly("ls", "--");
    service.on("POST /v1/sandboxes/sb-aaaaaaaa/processes", 201, "{\"pid\":7}");
    assertThat(caisson("exec -d sb-aaaaaaaa -- echo -n").code).isZero();
    assertThat(service.asked().getLast().body()).contains("[\"echo\",\"-n\"]");
  }

  @Test
  void aProcesssEndIsTheProgramsEnd() {
    assertThat(ExitCode.of(Json.read("{\"exit\":{\"code\":42}}"))).isEqualTo(42);
    assertThat(ExitCode.of(Json.read("{\"exit\":{\"code\":null,\"signal\":\"KILL\"}}")))
        .isEqualTo(137);
    assertThat(ExitCode.of(Json.read("{\"exit\":{\"signal\":\"SIGTERM\"}}"))).isEqualTo(143);
    assertThat(ExitCode.of(Json.read("{\"exit\":{\"cause\":\"SUPERVISOR_LOST\"}}")))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(ExitCode.remark(Json.read("{\"exit\":{\"cause\":\"OUT_OF_MEMORY\"}}")))
        .contains("out of memory");
  }

  // ---- logs

  @Test
  void logsGoOnWhereTheyBrokeAndTellTheStreamsApart() {
    String line = "GET " + SANDBOX + "/processes/3/output?base64=true&follow=true";
    service
        .events(
            line,
            """
            id: 1
            event: output
            data: {"seq":1,"stream":"stdout","base64":"Zmlyc3QK"}

            : alive

            id: 2
            event: output
            data: {"seq":2,"str\
            """,
            true)
        .on(line, 503, "{}")
        .events(
            line,
            """
            id: 2
            event: output
            data: {"seq":2,"stream":"stderr","base64":"c2Vjb25kCg=="}

            event: exit
            data: {"pid":3}

            """,
            false);
    Outcome logs = caisson("logs -f sb-aaaaaaaa 3");
    assertThat(logs).isEqualTo(new Outcome(0, "first\n", "second\n"));
    assertThat(service.asked().stream().map(FakeService.Asked::lastId))
        .containsExactly(null, "1", "1");
    assertThat(pauses).containsExactly("PT0.1S", "PT0.2S");
  }

  @Test
  void logsThatWereNeverThereAreNotWaitedFor() {
    service.on(
        "GET " + SANDBOX + "/processes/3/output?base64=true&follow=true",
        503,
        "{\"code\":\"X\",\"detail\":\"away\",\"retryAfterMs\":5000}");
    Outcome logs = caisson("logs -f sb-aaaaaaaa 3");
    assertThat(logs.code).isEqualTo(ExitCode.REFUSED);
    assertThat(logs.err).contains("Try again in 5000 ms");
    assertThat(pauses).isEmpty();
  }

  // ---- context and keys

  @Test
  void aContextIsAFileThatNobodyElseReads() throws IOException {
    service.on(
        "POST " + SANDBOX + "/grants",
        201,
        "{\"id\":\"g1\",\"token\":\"cg_t\",\"expiresAt\":\"x\"}");
    assertThat(caisson("context --ttl 2h sb-aaaaaaaa").out).isEqualTo("sb-aaaaaaaa\n");
    assertThat(Json.read(service.asked().getFirst().body()))
        .isEqualTo(Json.read("{\"scope\":\"DOCKER\",\"ttl\":\"PT2H\"}"));
    try (var files = Files.walk(home.resolve(".docker"))) {
      Path meta = files.filter(file -> file.endsWith("meta.json")).findFirst().orElseThrow();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(meta)))
          .isEqualTo("rw-------");
      JsonNode context = Json.read(Files.readAllBytes(meta));
      assertThat(context.get("Endpoints").get("docker").get("Host").asString())
          .isEqualTo(service.url().replace("http", "tcp") + "/v1/docker/cg_t");
    }
  }

  /** The name is used where it is known here; numbers always are. */
  @Test
  void aContextHasTheServicesHostNameWhereThatIsResolved() throws IOException {
    for (String host : new String[] {"127.9.9.9", "secret.invalid"}) {
      service.on(
          "POST " + SANDBOX + "/grants",
          201,
          "{\"id\":\"g1\",\"token\":\"cg_t\",\"urls\":{\"dockerHost\":\"tcp://" + host + ":1\"}}");
    }
    assertThat(caisson("context sb-aaaaaaaa").err).isEmpty();
    String port = service.url().substring(service.url().lastIndexOf(':'));
    assertThat(contexts()).contains("\"tcp://127.9.9.9" + port + "\"");
    assertThat(caisson("context sb-aaaaaaaa").err)
        .contains("is not resolved here")
        .doesNotContain("secret");
    assertThat(contexts()).contains(port + "/v1/docker/cg_t\"").doesNotContain("secret");
  }

  @Test
  void aContextWithACertificateHasAKeyThatTheServiceNeverSaw() throws IOException {
    service
        .on(
            "POST " + SANDBOX + "/docker/certificates",
            201,
            "{\"grant\":\"g1\",\"expiresAt\":\"x\",\"dockerHost\":\"tcp://h:2376\","
                + "\"ca\":\"CA\",\"cert\":\"CERT\"}")
        .on("POST " + SANDBOX + "/grants", 201, "{\"id\":\"g2\",\"token\":\"cg_t\"}");
    assertThat(caisson("context --tls --ttl 2h sb-aaaaaaaa").out).isEqualTo("sb-aaaaaaaa\n");
    JsonNode asked = Json.read(service.asked().getFirst().body());
    assertThat(asked.get("ttl").asString()).isEqualTo("PT2H");
    assertThat(asked.get("publicKey").asString())
        .matches("(?s)-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----\n");
    assertThat(contexts()).contains("\"tcp://h:2376\"");
    assertThat(tlsFiles())
        .containsEntry("ca.pem", "CA")
        .containsEntry("cert.pem", "CERT")
        .hasEntrySatisfying(
            "key.pem", key -> assertThat(key).startsWith("-----BEGIN PRIVATE KEY-----\n"));
    assertThat(service.asked().toString()).doesNotContain("PRIVATE");
    caisson("context sb-aaaaaaaa");
    assertThat(contexts()).contains("/v1/docker/cg_t");
    assertThat(tlsFiles()).as("the next of the same name speaks no TLS").isEmpty();
  }

  private Map<String, String> tlsFiles() throws IOException {
    Map<String, String> content = new HashMap<>();
    try (var files = Files.walk(home.resolve(".docker/contexts/tls"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
        content.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return content;
  }

  private String contexts() throws IOException {
    try (var files = Files.walk(home.resolve(".docker"))) {
      return Files.readString(
          files.filter(file -> file.endsWith("meta.json")).findFirst().orElseThrow());
    }
  }

  @Test
  void keysAreMadeListedAndRevoked() {
    service
        .on(
            "POST " + SANDBOX + "/grants",
            201,
            "{\"id\":\"g1\",\"expiresAt\":\"x\",\"urls\":{\"dockerHost\":\"tcp://h/v1/docker/cg_t\"}}")
        .on("POST " + SANDBOX + "/links", 201, "{\"id\":\"g2\",\"url\":\"http://h/p\"}")
        .on(
            "GET " + SANDBOX + "/grants",
            200,
            "{\"items\":[{\"id\":\"g2\",\"scope\":\"PORT\",\"port\":80,"
                + "\"expiresAt\":\"2999-01-01T00:00:00Z\"}]}")
        .on("DELETE " + SANDBOX + "/grants/g2", 204, "");
    assertThat(caisson("keys create --docker sb-aaaaaaaa").out)
        .isEqualTo("tcp://h/v1/docker/cg_t\n");
    assertThat(caisson("keys create --port 80 sb-aaaaaaaa").out).isEqualTo("http://h/p\n");
    assertThat(caisson("keys list sb-aaaaaaaa").out).containsPattern("g2 +PORT +80 +\\d+d");
    assertThat(caisson("keys revoke sb-aaaaaaaa g2").code).isZero();
  }

  // ---- doctor, completion

  @Test
  void theDoctorSaysWhatWorksAndWhatNot() {
    service
        .on("GET /actuator/health", 200, "{\"status\":\"UP\",\"components\":{}}")
        .on("GET /v1/sandboxes?limit=1", 200, "{}")
        .on(
            "GET /v1/host",
            200,
            """
            {"engine":{"version":"28","kit":{"present":true,"docker":true,"version":"1",
               "dockerKits":[{"version":"28.5.2","isDefault":true},{"version":null},
                 {"version":"26.1.5","isDefault":false}]}},
             "isolation":{"value":"userns","works":true,"reason":"it has them"},
             "dockerIsolation":{"value":"capabilities","works":true,"reason":"nothing else"},
             "network":{"value":"separate","works":false,"reason":"no wall","remedy":"iptables"},
             "warnings":["mind this"]}
            """);
    Outcome well = caisson("doctor");
    assertThat(well.code).as(well.out + well.err).isZero();
    assertThat(well.out)
        .containsPattern("network +warning +separate: no wall; iptables")
        .containsPattern("host +warning +mind this")
        .containsPattern("kit +ok +1, with Docker 28.5.2, 26.1.5")
        .containsPattern("key +ok");
    service.on(
        "GET /v1/host",
        200,
        """
        {"engine":{"kit":{"present":true}},
         "isolation":{"value":"runc","works":false,"reason":"no limits","remedy":"enable them"}}
        """);
    caisson("doctor");
    Outcome nothing = caisson("doctor");
    assertThat(nothing.code).isEqualTo(ExitCode.UNWELL);
    assertThat(nothing.out).containsPattern("sandboxes +failed +runc: no limits; enable them");
    service
        .on(
            "GET /actuator/health",
            503,
            "{\"status\":\"DOWN\",\"components\":{\"engine\":{\"status\":\"DOWN\"}}}")
        .on("GET /v1/sandboxes?limit=1", 401, "{}");
    caisson("doctor");
    Outcome unwell = caisson("doctor -o json");
    assertThat(unwell.code).isEqualTo(ExitCode.UNWELL);
    assertThat(unwell.json().findValuesAsString("state")).contains("failed", "ok");
    service.close();
    assertThat(caisson("doctor").code).isEqualTo(ExitCode.UNWELL);
  }

  @Test
  void completesItsVerbsAndShowsHelp() {
    assertThat(caisson("completion").out).contains("complete -F _complete_caisson", "forward");
    for (String help : List.of("--help", "exec --help", "cp -h", "keys create --help")) {
      Outcome shown = caisson(help);
      assertThat(shown.code).as(shown.err).isZero();
      assertThat(shown.out).contains("Usage: caisson");
    }
    assertThat(caisson("--help").out).doesNotContain("rehearse").contains("127 no such command");
    assertThat(caisson("rehearse")).isEqualTo(new Outcome(0, "", ""));
    assertThat(Arrays.asList(caisson("version").out.split(" ", -1))).hasSize(2);
  }
}
