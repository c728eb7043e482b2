package dev.caisson.it.ports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.CountedBytes;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.TunnelClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What listens in a sandbox, reached in every way there is, by whoever may. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortsIT {
  private static final int APP = 3000;
  private static final int OTHER = 3001;
  private static final int ECHO = 3002;
  private static final String DOMAIN = "sandboxes.test";
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir static Path home;
  private ServiceProcess service;
  private Api api;
  private String key;
  private String sandbox;
  private String path;
  private long pid;

  @BeforeAll
  void start() throws IOException {
    // A heap that no body of this test fits into.
    service =
        ServiceProcess.start(
            home,
            Map.of(
                "CAISSON_PORTS_DOMAIN",
                DOMAIN,
                "CAISSON_PORTS_BYPATH",
                "true",
                "JAVA_TOOL_OPTIONS",
                "-Xmx160m"));
    api = service.api();
    key = Files.readString(home.resolve("admin.key")).strip();
    sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    path = "/v1/sandboxes/" + sandbox;
    pid = serve();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  /** Starts the application; it listens when this returns. */
  private long serve() throws IOException {
    api.put(
            path + "/files/content?path=/app.pl",
            Files.readString(Path.of("src/test/resources/ports/app.pl")))
        .expecting(201);
    String ports = APP + " " + OTHER + " " + ECHO;
    long started =
        api.start(
            sandbox,
            Map.of("shell", "exec perl /app.pl " + ports, "readiness", Map.of("port", ECHO)));
    JsonNode ready =
        api.get(path + "/processes/" + started + "?waitFor=READY&timeout=PT60S").expecting(200);
    assertThat(ready.get("readiness").get("state").asString())
        .as(ready.toString())
        .isEqualTo("READY");
    return started;
  }

  private String app(String rest) {
    return path + "/ports/" + APP + rest;
  }

  // ---- what is listed

  @Test
  void whatListensIsListedWithWhoDoesAndWhereItIsReached() {
    long other =
        api.start(
            sandbox,
            Map.of(
                "shell",
                "exec perl -MIO::Socket::INET -e"
                    + " '$s=IO::Socket::INET->new(LocalAddr=>\"127.0.0.1\",LocalPort=>3010,Listen=>1)"
                    + " or die; print \"up\\n\"; sleep 1 while 1'",
                "user",
                "1234:1234",
                "readiness",
                Map.of("port", 3010)));
    api.get(path + "/processes/" + other + "?waitFor=READY&timeout=PT60S").expecting(200);
    JsonNode items = api.get(path + "/ports").expecting(200).get("items");
    JsonNode web = item(items, APP);
    assertThat(web.get("protocol").asString()).isEqualTo("tcp");
    assertThat(web.get("addresses").get(0).asString()).isEqualTo("0.0.0.0");
    assertThat(web.get("process").get("startedAs").asLong()).isEqualTo(pid);
    assertThat(web.get("process").get("command").asString()).isEqualTo("perl");
    assertThat(web.get("container").isNull()).isTrue();
    assertThat(web.get("public").asBoolean()).isFalse();
    assertThat(web.get("urls").get("path").asString())
        .startsWith("http://127.0.0.1:")
        .endsWith("/");
    assertThat(web.get("urls").get("host").asString())
        .startsWith("http://" + APP + "-" + sandbox + "." + DOMAIN + ":");
    JsonNode private1 = item(items, 3010);
    assertThat(private1.get("process").get("startedAs").asLong())
        .as("another user's, in %s", private1)
        .isEqualTo(other);
    assertThat(private1.get("addresses").get(0).asString()).isEqualTo("127.0.0.1");
    assertThat(api.get(path + "/ports/9").expecting(200).get("items").get(0).get("listening"))
        .hasToString("false");
    api.get(path + "/ports/70000").expecting(400);
  }

  // ---- HTTP by path

  @Test
  void anyRequestIsPassedOnAsItWasWrittenWithoutTheKey() {
    for (String method : List.of("GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND")) {
      Api.Reply reply =
          send(
              api.request(
                      app("/a%2Fb/./c;d=e?q=%20&caisson-token=x&r=1"),
                      "X-Forwarded-For",
                      "6.6.6.6",
                      "X-Forwarded-Prefix",
                      "/evil",
                      "Forwarded",
                      "for=6.6.6.6",
                      "Cookie",
                      "mine=1; caisson-token=secret; other=2")
                  .method(method, HttpRequest.BodyPublishers.noBody()));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text())
          .startsWith(method + " /a%2Fb/./c;d=e?q=%20&r=1 HTTP/1.1")
          .containsPattern("(?m)^X-Forwarded-For: 127\\.0\\.0\\.1\r?$")
          .containsPattern("(?m)^X-Forwarded-Proto: http\r?$")
          .containsPattern("(?m)^X-Forwarded-Host: 127\\.0\\.0\\.1:\\d+\r?$")
          .containsPattern("(?m)^X-Forwarded-Port: \\d+\r?$")
          .containsPattern("(?m)^X-Forwarded-Prefix: " + path + "/ports/" + APP + "\r?$")
          .containsPattern("(?m)^Forwarded: for=127\\.0\\.0\\.1;host=\"127.*\";proto=http\r?$")
          .containsPattern("(?m)^Cookie: mine=1; other=2\r?$")
          .doesNotContain(key, "Authorization", "secret", "6.6.6.6", "/evil");
    }
  }

  @Test
  void aPreflightIsTheApplicationsToAnswer() throws Exception {
    api.put(app(""), "{\"public\":true}", "Content-Type", "application/json").expecting(200);
    String answer =
        curl(
            "-sS",
            "-X",
            "OPTIONS",
            "-H",
            "Origin: https://elsewhere.test",
            "-H",
            "Access-Control-Request-Method: PUT",
            base() + app("/preflight"));
    assertThat(answer).startsWith("OPTIONS /preflight HTTP/1.1");
    api.put(app(""), "{\"public\":false}", "Content-Type", "application/json").expecting(200);
  }

  @Test
  void whatAnApplicationSaysConcernsItsPortAlone() {
    HttpResponse<?> redirect = api.get(app("/redirect")).response();
    assertThat(redirect.statusCode()).isEqualTo(302);
    assertThat(redirect.headers().firstValue("location")).contains(app("/headers"));
    assertThat(redirect.headers().allValues("set-cookie"))
        .containsExactly("app=1; HttpOnly; Path=" + app("/"));
    assertThat(redirect.headers().firstValue("service-worker-allowed")).isEmpty();
    assertThat(redirect.headers().firstValue("x-app")).contains("yes");
    assertThat(redirect.headers().firstValue("content-security-policy").orElse(""))
        .startsWith("sandbox ")
        .doesNotContain("allow-same-origin");
  }

  @Test
  void aGibibytePassesEachWayThroughAHeapThatCannotHoldIt() throws Exception {
    long before = kilobytes(service.status("VmRSS"));
    long from = System.nanoTime();
    MessageDigest sent = MessageDigest.getInstance("SHA-256");
    Api.Reply sunk =
        send(
            api.request(app("/sink"))
                .timeout(Duration.ofMinutes(15))
                .PUT(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new CountedBytes(1L << 30, sent))));
    long up = System.nanoTime();
    assertThat(sunk.status()).isEqualTo(200);
    assertThat(sunk.text()).isEqualTo(HexFormat.of().formatHex(sent.digest()));
    MessageDigest wanted = MessageDigest.getInstance("SHA-256");
    new CountedBytes(1L << 30, wanted).transferTo(java.io.OutputStream.nullOutputStream());
    long between = System.nanoTime();
    MessageDigest got = MessageDigest.getInstance("SHA-256");
    try (InputStream stream = api.stream(app("/source?" + (1L << 30)))) {
      byte[] piece = new byte[1 << 16];
      for (int count = stream.read(piece); count >= 0; count = stream.read(piece)) {
        got.update(piece, 0, count);
      }
    }
    long down = System.nanoTime();
    assertThat(got.digest()).isEqualTo(wanted.digest());
    System.out.printf(
        "1 GiB in %d ms up (chunked), %d ms down; RSS %d kB before, most ever %d kB%n",
        (up - from) / 1_000_000,
        (down - between) / 1_000_000,
        before,
        kilobytes(service.status("VmHWM")));
  }

  private static long kilobytes(String line) {
    return Long.parseLong(line.replaceAll("\\D", ""));
  }

  @Test
  void eventsComeWhenTheyAreSent() throws IOException {
    try (BufferedReader events =
        new BufferedReader(
            new InputStreamReader(api.stream(app("/events")), StandardCharsets.UTF_8))) {
      assertThat(events.readLine()).isEqualTo("data: one");
      assertThat(events.readLine()).isEmpty();
      assertThat(events.readLine()).isEqualTo("data: waiting");
      assertThat(events.readLine()).isEmpty();
      // It has not come to its end: the rest is sent because of this.
      assertThat(api.get(app("/release")).status()).isEqualTo(204);
      assertThat(events.readLine()).isEqualTo("data: two");
    }
  }

  @Test
  void aWebSocketPassesAndItsKeyDoesNot() throws Exception {
    URI uri = URI.create(base().replaceFirst("http", "ws") + app("/socket"));
    try (TunnelClient socket =
        TunnelClient.open(CLIENT, uri, List.of("app.v1", "caisson.key." + key))) {
      assertThat(socket.protocol()).isEqualTo("app.v1");
      byte[] large = new byte[200_000];
      new Random(1).nextBytes(large);
      socket.send(large);
      assertThat(socket.take(large.length)).isEqualTo(large);
    }
    try (TunnelClient socket =
        TunnelClient.open(CLIENT, uri, List.of(), "Authorization", "Bearer " + key)) {
      socket.send(new byte[] {1, 2, 3});
      assertThat(socket.take(3)).containsExactly(1, 2, 3);
    }
  }

  @Test
  void whatCannotBeReachedIsAProblem() {
    assertThat(problem(api.get(path + "/ports/9/"), 502)).isEqualTo("PORT_CLOSED");
    assertThat(problem(api.get(path + "/ports/" + OTHER + "/"), 502)).isEqualTo("NOT_HTTP");
    assertThat(problem(api.get("/v1/sandboxes/sb-aaaaaaaa/ports/80/"), 404))
        .isEqualTo("SANDBOX_NOT_FOUND");
    String ended = api.sandbox(Map.of("image", Machine.DEBIAN));
    api.delete("/v1/sandboxes/" + ended + "?grace=PT0S").expecting(200);
    assertThat(problem(api.get("/v1/sandboxes/" + ended + "/ports/80/"), 409))
        .isEqualTo("SANDBOX_NOT_READY");
    assertThat(problem(api.get("/v1/sandboxes/" + ended + "/ports"), 409))
        .isEqualTo("SANDBOX_NOT_READY");
  }

  private static String problem(Api.Reply reply, int status) {
    return reply.expecting(status).get("code").asString();
  }

  // ---- who may

  @Test
  void aLinkOpensItsPortUntilItIsRevokedAndOverARestartOfTheService() throws Exception {
    JsonNode link =
        api.post(path + "/links", Map.of("port", APP, "ttl", "PT10M", "path", "/a/b"))
            .expecting(201);
    String url = link.get("urls").get("path").asString();
    String token = url.substring(url.indexOf('=') + 1);

    // A browser: into a cookie of this port, and on without the token.
    HttpResponse<String> first = anonymous(url + "&x=1", "Accept", "text/html");
    assertThat(first.statusCode()).isEqualTo(302);
    String location = first.headers().firstValue("location").orElse("");
    assertThat(location).endsWith(app("/a/b?x=1"));
    String cookie = first.headers().firstValue("set-cookie").orElse("");
    assertThat(cookie)
        .contains("HttpOnly", "SameSite=Lax", "Path=" + app("/"))
        .containsPattern("Max-Age=\\d+");
    String pair = cookie.split(";", 2)[0];
    HttpResponse<String> second =
        anonymous(location, "Cookie", pair + "; mine=1", "Authorization", "Basic YTpi");
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(second.body())
        .contains("Authorization: Basic YTpi", "Cookie: mine=1")
        .doesNotContain(token);

    // A program: at once.
    assertThat(anonymous(url).body()).startsWith("GET /a/b HTTP/1.1").doesNotContain(token);
    assertThat(anonymous(base() + app("/"), "Authorization", "Bearer " + token).body())
        .startsWith("GET / HTTP/1.1")
        .doesNotContain(token);

    // Not what it is not for.
    assertThat(anonymous(base() + path + "/ports/" + OTHER + "/", "Cookie", pair).statusCode())
        .isEqualTo(401);
    assertThat(anonymous(base() + app(""), "Cookie", pair).statusCode()).isEqualTo(401);
    assertThat(anonymous(base() + path + "/ports", "Authorization", "Bearer " + token).statusCode())
        .isEqualTo(401);

    service.terminate();
    service.start();
    assertThat(anonymous(location, "Cookie", pair).statusCode()).isEqualTo(200);

    assertThat(api.delete(path + "/grants/" + link.get("id").asString()).status()).isEqualTo(204);
    assertThat(anonymous(location, "Cookie", pair).statusCode()).isEqualTo(401);
    assertThat(anonymous(url).statusCode()).isEqualTo(401);
    assertThat(service.logText()).doesNotContain(token);
  }

  @Test
  void aPortIsPublicWhenThatIsAskedForAndOverARestartOfTheService() throws Exception {
    String echo = path + "/ports/" + ECHO;
    String open = path + "/ports/3020";
    assertThat(anonymous(base() + open + "/").statusCode()).isEqualTo(401);
    api.put(open, "{\"public\":true}", "Content-Type", "application/json").expecting(200);
    JsonNode listed = item(api.get(path + "/ports").expecting(200).get("items"), 3020);
    assertThat(listed.get("public").asBoolean()).isTrue();
    assertThat(listed.get("listening").asBoolean()).isFalse();
    assertThat(anonymous(base() + open + "/").statusCode()).isEqualTo(502);
    service.terminate();
    service.start();
    assertThat(anonymous(base() + open + "/").statusCode()).isEqualTo(502);
    assertThat(anonymous(base() + echo + "/").statusCode()).isEqualTo(401);
    assertThat(anonymous(base() + path + "/tunnels/3020").statusCode()).isEqualTo(401);
    assertThat(anonymous(base() + open).statusCode()).as("what is said of it").isEqualTo(401);
    api.put(open, "{\"public\":false}", "Content-Type", "application/json").expecting(200);
    assertThat(anonymous(base() + open + "/").statusCode()).isEqualTo(401);
  }

  // ---- host names

  @Test
  void underItsHostNameAPortHasEveryPathAndTheServiceNone() {
    String name = APP + "-" + sandbox + "." + DOMAIN;
    int port = URI.create(base()).getPort();
    List<String> resolve = List.of("--resolve", name + ":" + port + ":127.0.0.1", "-sS");
    String url = "http://" + name + ":" + port;
    for (String asked : List.of("/", "/actuator/health", "/v3/api-docs", "/error", path)) {
      assertThat(curl(resolve, "-w", "%{http_code}", "-o", "/dev/null", url + asked))
          .as(asked)
          .isEqualTo("401");
      assertThat(curl(resolve, "-H", "Authorization: Bearer " + key, url + asked))
          .startsWith("GET " + asked + " HTTP/1.1")
          .containsPattern("(?m)^Host: " + name + ":" + port + "\r?$")
          .containsPattern("(?m)^X-Forwarded-Host: " + name + ":" + port + "\r?$")
          .doesNotContain(key, "X-Forwarded-Prefix");
    }
    JsonNode link = api.post(path + "/links", Map.of("port", APP)).expecting(201);
    assertThat(link.get("url").asString()).startsWith(url + "/?");
    Path jar = home.resolve("cookies-" + port);
    String page =
        curl(
            resolve,
            "-L",
            "-c",
            jar.toString(),
            "-b",
            jar.toString(),
            "-H",
            "Accept: text/html",
            link.get("url").asString());
    assertThat(page).startsWith("GET / HTTP/1.1").doesNotContain("caisson-token");
    assertThat(curl(resolve, "-D", "-", "-o", "/dev/null", "-b", jar.toString(), url + "/redirect"))
        .contains("Location: /headers", "Service-Worker-Allowed")
        .doesNotContain("sandbox allow", "example.com");
    assertThat(
            curl(
                List.of("-sS", "-H", "Host: 9-sb-aaaaaaaa." + DOMAIN),
                "-w",
                "%{http_code}",
                "-o",
                "/dev/null",
                base() + "/actuator/health"))
        .isEqualTo("401");
  }

  // ---- bytes

  @Test
  void aTunnelCarriesBytesBothWaysAndEachSideEndsForItself() throws Exception {
    URI uri = tunnel();
    byte[] sent = new byte[64 << 20];
    new Random(7).nextBytes(sent);
    long from = System.nanoTime();
    try (TunnelClient tunnel =
        TunnelClient.open(CLIENT, uri, List.of(), "Authorization", "Bearer " + key)) {
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                for (int at = 0; at < sent.length; at += 256 << 10) {
                  tunnel.send(java.util.Arrays.copyOfRange(sent, at, at + (256 << 10)));
                }
                tunnel.end();
              });
      byte[] back = tunnel.take(sent.length);
      assertThat(MessageDigest.isEqual(back, sent)).isTrue();
      assertThat(new String(tunnel.rest(), StandardCharsets.US_ASCII)).isEqualTo("|" + sent.length);
      assertThat(tunnel.closed()).isEqualTo(WebSocket.NORMAL_CLOSURE);
      sender.join();
    }
    System.out.printf(
        "64 MiB there and back through a tunnel in %d ms%n",
        (System.nanoTime() - from) / 1_000_000);
  }

  @Test
  void manyTunnelsAreOpenAtOnce() throws Exception {
    URI uri = tunnel();
    List<Callable<Integer>> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      byte[] own = ("client " + i).getBytes(StandardCharsets.UTF_8);
      clients.add(() -> {
        try (TunnelClient tunnel =
            TunnelClient.open(CLIENT, uri, List.of("caisson.tunnel.v1", "caisson.key." + key))) {
          tunnel.send(own);
          assertThat(tunnel.take(own.length)).isEqualTo(own);
          tunnel.end();
          tunnel.rest();
          return tunnel.closed();
        }
      });
    }
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> each : pool.invokeAll(clients)) {
        assertThat(each.get()).isEqualTo(WebSocket.NORMAL_CLOSURE);
      }
    }
  }

  @Test
  void aLinkOpensTheTunnelOfItsPortAndItsEndCutsIt() throws Exception {
    JsonNode link = api.post(path + "/links", Map.of("port", ECHO)).expecting(201);
    URI uri = URI.create(link.get("urls").get("tunnel").asString());
    try (TunnelClient tunnel = TunnelClient.open(CLIENT, uri, List.of())) {
      tunnel.send(new byte[] {42});
      assertThat(tunnel.take(1)).containsExactly(42);
      api.delete(path + "/grants/" + link.get("id").asString());
      assertThat(tunnel.closed()).isNotEqualTo(WebSocket.NORMAL_CLOSURE);
    }
    refused(uri);
    refused(URI.create(base().replaceFirst("http", "ws") + path + "/tunnels/9"));
  }

  private static void refused(URI uri) throws Exception {
    try (TunnelClient _ = TunnelClient.open(CLIENT, uri, List.of())) {
      throw new AssertionError("it was opened");
    } catch (java.util.concurrent.ExecutionException | CompletionException e) {
      assertThat(e).hasMessageContaining("Handshake");
    }
  }

  private URI tunnel() {
    return URI.create(base().replaceFirst("http", "ws") + path + "/tunnels/" + ECHO);
  }

  // ---- containers in the sandbox

  @Test
  void whatAContainerPublishesIsListedAndReachedWhileItsDaemonIsAwayToo() {
    String docker = api.dockerSandbox(Machine.STATIC);
    String own = "/v1/sandboxes/" + docker;
    api.shellIn(
        docker,
        "docker run -d --name web -p 8080:80 -p 127.0.0.1:8081:80 busybox sh -c"
            + " 'mkdir /w; echo served >/w/index.html; httpd -f -p 80 -h /w'");
    api.shellIn(docker, "docker run -d --name host --net host busybox httpd -f -p 8082 -h /etc");
    Eventually.holds(() -> api.get(own + "/ports/8080/"), reply -> reply.status() == 200);
    JsonNode items =
        Eventually.holds(
            () -> api.get(own + "/ports").expecting(200).get("items"),
            found -> found.toString().contains("8082"));
    JsonNode published = item(items, 8080);
    assertThat(published.get("container").get("name").asString()).isEqualTo("web");
    assertThat(published.get("container").get("port").asInt()).isEqualTo(80);
    assertThat(published.get("process").isNull()).isTrue();
    JsonNode host = item(items, 8082);
    assertThat(host.get("container").get("name").asString()).as(host.toString()).isEqualTo("host");
    assertThat(item(items, 8081).get("addresses").get(0).asString()).isEqualTo("127.0.0.1");
    assertThat(items).as("the daemon's own are not among them").hasSize(3);
    assertThat(api.get(own + "/ports/8080/").text()).isEqualTo("served\n");

    assertThat(api.post(own + "/docker/stop", Map.of()).status()).isEqualTo(200);
    Eventually.holds(
        () -> api.get(own + "/docker").json().get("state").asString(), "STOPPED"::equals);
    JsonNode still = api.get(own + "/ports").expecting(200).get("items");
    assertThat(item(still, 8080).get("container").get("name").asString()).isEqualTo("web");
    assertThat(api.get(own + "/ports/8080/").text()).isEqualTo("served\n");
    api.delete(own + "?grace=PT0S");
  }

  @Test
  void aKilledDaemonEndsConnectionsThroughItsProxiesAndTheNextOnesPass() throws Exception {
    String docker = api.dockerSandbox(Machine.STATIC);
    String own = "/v1/sandboxes/" + docker;
    api.shellIn(
        docker,
        "mkdir -p /w; echo served >/w/index.html;"
            + " docker run -d --name web -p 8080:80 -p 127.0.0.1:8081:80 -v /w:/w busybox"
            + " httpd -f -p 80 -h /w; docker run -d --name echo -p 7000:7 busybox"
            + " nc -ll -p 7 -e cat");
    String forwarded =
        api.post(own + "/docker/forward", Map.of()).expecting(200).get("host").asString();
    for (int port : List.of(8080, 8081)) {
      Eventually.holds(() -> api.get(own + "/ports/" + port + "/"), reply -> reply.status() == 200);
    }
    // Its proxy accepts before it does.
    Eventually.holds(
        () ->
            api.exec(
                    docker,
                    "docker",
                    "exec",
                    "echo",
                    "grep",
                    "-q",
                    ":0007 ",
                    "/proc/net/tcp",
                    "/proc/net/tcp6")
                .get("exit")
                .get("code")
                .asInt(),
        code -> code == 0);
    String first = running(docker);
    URI uri = URI.create(base().replaceFirst("http", "ws") + own + "/tunnels/7000");
    try (TunnelClient open = echo(uri)) {
      Machine.kill9(Machine.hostPids(docker, "dockerd").getFirst());
      // Told, not left to wait: its proxy has died with its daemon.
      assertThat(open.rest()).isEmpty();
      // Lest it be back before it was looked what is while it is away.
      api.post(own + "/docker/stop", Map.of()).expecting(200);
    }
    Eventually.holds(
        () -> api.get(own + "/docker").json().get("state").asString(), "STOPPED"::equals);
    assertThat(api.get(own + "/ports/8080/").text()).isEqualTo("served\n");
    try (TunnelClient again = echo(uri)) {
      again.end();
      assertThat(again.rest()).isEmpty();
      assertThat(again.closed()).isEqualTo(WebSocket.NORMAL_CLOSURE);
    }
    assertThat(anonymous("http://" + forwarded + ":8080/").body()).isEqualTo("served\n");
    assertThat(problem(api.get(own + "/ports/8081/"), 502))
        .as("on the loopback alone, which only a proxy serves")
        .isEqualTo("PORT_CLOSED");

    api.post(own + "/docker/start", Map.of()).expecting(200);
    Eventually.holds(() -> api.get(own + "/ports/8081/"), reply -> reply.status() == 200);
    assertThat(running(docker)).as("the same containers, never stopped").isEqualTo(first);
    api.delete(own + "?grace=PT0S");
  }

  private String running(String docker) {
    return Api.text(
        api.exec(docker, "docker", "inspect", "-f", "{{.Id}} {{.State.StartedAt}}", "web", "echo"),
        "stdout");
  }

  /** A tunnel that carries. */
  private TunnelClient echo(URI uri) throws Exception {
    TunnelClient tunnel =
        TunnelClient.open(CLIENT, uri, List.of(), "Authorization", "Bearer " + key);
    tunnel.send(new byte[] {1, 2, 3});
    assertThat(tunnel.take(3)).containsExactly(1, 2, 3);
    return tunnel;
  }

  // ---- means

  private static JsonNode item(JsonNode items, int port) {
    for (JsonNode item : items) {
      if (item.get("port").asInt() == port) {
        return item;
      }
    }
    throw new AssertionError("no port " + port + " in " + items);
  }

  private String base() {
    URI uri = api.request("/").GET().build().uri();
    return uri.getScheme() + "://" + uri.getAuthority();
  }

  private static Api.Reply send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Api.Reply(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static HttpResponse<String> anonymous(String url, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String curl(String... arguments) {
    return curl(List.of(), arguments);
  }

  private static String curl(List<String> before, String... arguments) {
    List<String> command = new ArrayList<>(List.of("curl"));
    command.addAll(before);
    command.addAll(List.of(arguments));
    return Machine.run(command.toArray(String[]::new));
  }
}
