package dev.caisson.it.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.it.Api;
import dev.caisson.it.Eventually;
import dev.caisson.it.Machine;
import dev.caisson.it.ServiceProcess;
import dev.caisson.it.SharedService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The files of real sandboxes over REST. */
@ExtendWith(SharedService.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class FilesIT {
  private Api api;
  private String sandbox;
  private String files;

  @BeforeAll
  void create(Api shared) {
    api = shared;
    sandbox = api.sandbox(Map.of("image", Machine.DEBIAN));
    files = "/v1/sandboxes/" + sandbox + "/files";
  }

  @AfterAll
  void delete() {
    api.delete("/v1/sandboxes/" + sandbox + "?grace=PT0S");
  }

  @Test
  void manyBytesComeBackAsTheyWereSent() throws Exception {
    byte[] random = new byte[64 << 20];
    new Random(5).nextBytes(random);
    String path = content("/data/big") + "&parents=true&owner=1000:1000&mode=0640";

    JsonNode written = api.put(path, BodyPublishers.ofByteArray(random)).expecting(201);

    assertThat(written.get("size").asLong()).isEqualTo(random.length);
    assertThat(written.get("mode").asString()).isEqualTo("0640");
    assertThat(shell("stat -c '%s %a %u:%g' /data/big; sha256sum < /data/big"))
        .isEqualTo(random.length + " 640 1000:1000\n" + hash(random) + "  -\n");
    Api.Reply read = api.get(content("/data/big"));
    assertThat(hash(read.body())).isEqualTo(hash(random));
    assertThat(read.response().headers().firstValue("Content-Length"))
        .contains(Integer.toString(random.length));
    assertThat(api.put(content("/data/big"), "small").expecting(200).get("mode").asString())
        .isEqualTo("0640");
  }

  @Test
  void aPartIsReadAloneAndWhatIsKnownIsNotSentAgain() {
    api.put(content("/tmp/part"), "0123456789").expecting(201);

    Api.Reply part = api.get(content("/tmp/part"), "Range", "bytes=2-4");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("234");
    assertThat(header(part, "Content-Range")).isEqualTo("bytes 2-4/10");
    assertThat(api.get(content("/tmp/part"), "Range", "bytes=-3").text()).isEqualTo("789");
    assertThat(api.get(content("/tmp/part"), "Range", "bytes=7-99").text()).isEqualTo("789");
    Api.Reply beyond = api.get(content("/tmp/part"), "Range", "bytes=10-");
    assertThat(beyond.expecting(416).get("code").asString()).isEqualTo("NO_SUCH_RANGE");
    assertThat(header(beyond, "Content-Range")).isEqualTo("bytes */10");
    assertThat(api.get(content("/tmp/part"), "Range", "bytes=-0").status()).isEqualTo(416);

    String tag = header(api.get(content("/tmp/part")), "ETag");
    assertThat(api.get(content("/tmp/part"), "If-None-Match", tag).status()).isEqualTo(304);
    assertThat(api.get(content("/proc/self/status")).text()).startsWith("Name:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"with space", "new\nline", "grüße-日本-🙂", "-rf", "100%+&?#"})
  void everyNameIsRight(String name) {
    String path = "/names-" + name.hashCode() + "/" + name;
    api.put(content(path) + "&parents=true", "x").expecting(201);

    assertThat(api.get(content(path)).text()).isEqualTo("x");
    String directory = path.substring(0, path.length() - name.length());
    assertThat(api.get(list(directory)).expecting(200).get("entries").get(0).get("path").asString())
        .isEqualTo(path);
    assertThat(shell("cd " + directory + " && printf '%s' * | wc -c").strip())
        .isEqualTo(Integer.toString(name.getBytes(StandardCharsets.UTF_8).length));
    assertThat(api.delete(of(path)).status()).isEqualTo(204);
    assertThat(api.get(content(path)).expecting(404).get("code").asString()).isEqualTo("ENOENT");
  }

  @Test
  void namesThatAreNoTextAreListedArchivedAndDeleted() {
    shell(
        "mkdir /odd; cd /odd; d=$(printf 'd\\377'); mkdir \"$d\"; echo hi >\"$d/$(printf"
            + " 'f\\200')\"");

    JsonNode listed = api.get(list("/odd") + "&depth=2").expecting(200).get("entries");
    assertThat(listed.get(1).get("path").asString()).isEqualTo("/odd/d\uFFFD/f\uFFFD");
    assertThat(api.get(archive("/odd")).status()).isEqualTo(200);
    assertThat(api.get("/v1/sandboxes/" + sandbox + "/files?path=/odd/d%FF").status())
        .isEqualTo(400);
    assertThat(api.delete(of("/odd") + "&recursive=true").status()).isEqualTo(204);
  }

  @Test
  void filesOfSeveralNamesAreOneFileInAnArchive() throws Exception {
    shell("mkdir -p /names/b && cd /names && echo one >a && ln a b/c && ln a 'b/ü' && echo two >d");
    byte[] tar = api.get(archive("/names")).body();
    api.put(archive("/names-copy"), BodyPublishers.ofByteArray(tar)).expecting(200);
    String print =
        " && stat -c '%n %h %s' a b/* d && stat -c %i a b/c b/ü | uniq | wc -l && cat b/c";
    assertThat(shell("cd /names-copy" + print)).isEqualTo(shell("cd /names" + print));
    // Of a part of the tree the first name in it counts.
    api.put(archive("/names-part"), BodyPublishers.ofByteArray(api.get(archive("/names/b")).body()))
        .expecting(200);
    assertThat(shell("cd /names-part && stat -c '%n %h' * && cat ü")).isEqualTo("c 2\nü 2\none\n");
  }

  /** Latin-1, halves of characters, and the very characters by which bytes are told inside. */
  @ParameterizedTest
  @ValueSource(strings = {"gnu", "posix", "ustar"})
  void namesThatAreNoTextGoInAndOutAsTheyWere(String format) {
    String from = "/bytes-" + format;
    shell(
        """
        mkdir %1$s && cd %1$s && long=$(printf 'x%%.0s' $(seq 90))
        for name in 'caf\351' 'gr\303\274n' '\303' '\364\217\277\251' '\355\262\251' "$long\\377"; do
          n=$(printf "$name") && mkdir "d$n" && echo "$n" >"d$n/f$n" && ln -s "d$n/f$n" "l$n"
        done
        tar --format=%2$s -cf %1$s.tar . || tar --format=%2$s -cf %1$s.tar --exclude='*xxx*' .\
        """
            .formatted(from, format));
    api.put(
            archive(from + "-in"),
            BodyPublishers.ofByteArray(api.get(content(from + ".tar")).body()))
        .expecting(200);
    api.put(archive(from + "-out"), BodyPublishers.ofByteArray(api.get(archive(from)).body()))
        .expecting(200);
    api.put(content(from + "-out.tar"), BodyPublishers.ofByteArray(api.get(archive(from)).body()))
        .expecting(201);
    shell("mkdir %1$s-tar && tar -C %1$s-tar -xf %1$s-out.tar".formatted(from));

    String print =
        " && find . ! -name . -printf '%p %y %l\n' | sort | sha256sum; cat */* | sha256sum";
    String as = shell("cd " + from + print);
    assertThat(shell("cd " + from + "-out" + print)).isEqualTo(as);
    assertThat(shell("cd " + from + "-tar" + print)).isEqualTo(as);
    String packed =
        shell(
            "mkdir %1$s-own && tar -C %1$s-own -xf %1$s.tar && cd %1$s-own".formatted(from)
                + print);
    assertThat(shell("cd " + from + "-in" + print)).isEqualTo(packed);
  }

  @Test
  void whatTheSystemRefusesHasItsCode() {
    shell("mkdir -p /err/full; ln -s loop /err/loop; mkfifo /err/fifo; touch /err/full/x /err/f");
    assertThat(problem(api.get(content("/err/no")), 404)).isEqualTo("ENOENT");
    assertThat(problem(api.get(content("/err/fifo")), 422)).isEqualTo("NOT_A_FILE");
    assertThat(problem(api.get(content("/dev/zero")), 422)).isEqualTo("NOT_A_FILE");
    assertThat(problem(api.get(content("/err")), 409)).isEqualTo("EISDIR");
    assertThat(problem(api.get(content("/err/f/x")), 409)).isEqualTo("ENOTDIR");
    assertThat(problem(api.get(content("/err/loop")), 409)).isEqualTo("ELOOP");
    assertThat(problem(api.get(content("err")), 400)).isEqualTo("EINVAL");
    assertThat(problem(api.get(content("/" + "x".repeat(300))), 400)).isEqualTo("ENAMETOOLONG");
    assertThat(problem(api.put(content("/opt/caisson/x"), "x"), 403)).isEqualTo("EROFS");
    assertThat(problem(api.delete(of("/err/full")), 409)).isEqualTo("ENOTEMPTY");
    assertThat(problem(api.put(content("/err/f") + "&overwrite=false", "x"), 409))
        .isEqualTo("EEXIST");
    assertThat(problem(api.put(content("/err/f"), "x", "If-None-Match", "*"), 412))
        .isEqualTo("FILE_EXISTS");
    assertThat(problem(api.put(content("/err/f") + "&owner=nobody-here", "x"), 422))
        .isEqualTo("NO_SUCH_USER");
    assertThat(problem(api.put(content("/err/f") + "&mode=9", "x"), 400))
        .isEqualTo("INVALID_REQUEST");
    assertThat(
            problem(
                api.post(files + "/attributes", Map.of("path", "/proc/version", "owner", "1")),
                403))
        .isIn("EACCES", "EPERM");
    // 64 MiB are there; what is left unread is little enough for the server to swallow.
    byte[] much = new byte[65 << 20];
    assertThat(problem(api.put(content("/dev/shm/much"), BodyPublishers.ofByteArray(much)), 507))
        .isEqualTo("ENOSPC");
    assertThat(shell("ls -A /dev/shm")).isEmpty();
  }

  @Test
  void directoriesLinksMovesAndAttributes() {
    api.post(files + "/directories", Map.of("path", "/d/e", "parents", true, "mode", "2775"))
        .expecting(201);
    api.post(files + "/directories", Map.of("path", "/d/e", "parents", true)).expecting(200);
    api.put(content("/d/e/f"), "x").expecting(201);
    api.post(files + "/links", Map.of("path", "/d/l", "target", "e/f")).expecting(201);
    assertThat(api.get(files + "/stat?path=/d/l").expecting(200).get("target").asString())
        .isEqualTo("e/f");
    api.post(files + "/attributes", Map.of("path", "/d/e/f", "mode", "0600", "owner", "daemon"))
        .expecting(200);
    api.post(files + "/move", Map.of("from", "/d", "to", "/dev/shm/d")).expecting(200);
    assertThat(shell("cd /dev/shm/d; stat -c '%n %a %U' e e/f; cat l; ls -A /dev/shm; ls /d 2>&1"))
        .isEqualTo(
            "e 2775 root\ne/f 600 daemon\nxd\nls: cannot access '/d': No such file or directory\n");
    api.delete(of("/dev/shm/d") + "&recursive=true");
  }

  @Test
  void aDirectoryOfTheImageIsMovedToo() {
    String before = shell("cd /usr/share/perl5 && find . | sort | md5sum");
    api.post(files + "/move", Map.of("from", "/usr/share/perl5", "to", "/moved")).expecting(200);
    assertThat(shell("cd /moved && find . | sort | md5sum; ls -d /usr/share/perl5 2>&1"))
        .startsWith(before)
        .contains("No such file");
  }

  @Test
  void aReaderNeverSeesHalfAFile() {
    byte[] a = "a".repeat(300_000).getBytes(StandardCharsets.UTF_8);
    byte[] b = "b".repeat(300_000).getBytes(StandardCharsets.UTF_8);
    api.put(content("/atomic/f") + "&parents=true", BodyPublishers.ofByteArray(a)).expecting(201);
    long pid =
        api.start(
            sandbox,
            "sh",
            "-c",
            "while [ ! -e /atomic/stop ]; do cat /atomic/f | tr -s ab | tr -d '\\n'; echo; cat"
                + " /atomic/f | wc -c; done | sort | uniq -c; ls -A /atomic");

    for (int i = 0; i < 100; i++) {
      api.put(content("/atomic/f"), BodyPublishers.ofByteArray(i % 2 == 0 ? b : a)).expecting(200);
    }
    api.put(content("/atomic/stop"), "").expecting(201);

    assertThat(Api.text(api.awaitExit(sandbox, pid), "stdout").replaceAll("(?m)^ *\\d+ ", ""))
        .isEqualTo("300000\na\nb\nf\nstop\n");
  }

  @Test
  void anUploadThatBreaksOffLeavesNothing() throws Exception {
    shell("mkdir /broken");
    HttpRequest request = api.request(content("/broken/f")).build();
    URI uri = request.uri();
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      OutputStream out = socket.getOutputStream();
      String head =
          "PUT "
              + uri.getRawPath()
              + "?"
              + uri.getRawQuery()
              + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nAuthorization: "
              + request.headers().firstValue("Authorization").orElseThrow()
              + "\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.write(new byte[700_000]);
      out.flush();
      Eventually.holds(() -> shell("ls -A /broken"), names -> names.startsWith(".caisson-"));
      assertThat(api.get(list("/broken")).json().get("entries")).isEmpty();
    }
    Eventually.holds(() -> shell("ls -A /broken"), String::isEmpty);
  }

  @Test
  void aTreeGoesOutAndInAgainAsItWas() throws Exception {
    shell(
        "mkdir -p /tree/sub/'a b' && cd /tree && echo one > sub/one && printf x > 'sub/a b/grüße'"
            + " && ln -s sub/one link && ln -s /nowhere gone && mkfifo -m 620 fifo && chmod 4755"
            + " sub/one && chown 12:34 'sub/a b' && chmod 1777 sub && touch -d @1000000000.25"
            + " sub/one sub && head -c 3000000 /dev/urandom > big && mkdir -p "
            + "l".repeat(150)
            + "/"
            + "m".repeat(150)
            + " && touch -d @5 . ");

    byte[] tar = api.get(archive("/tree")).body();
    JsonNode unpacked =
        api.put(archive("/copy") + "&owners=ARCHIVE", BodyPublishers.ofByteArray(tar))
            .expecting(200);

    String print =
        " && find . -printf '%p %y %m %U:%G %T@ %l\\n' | sed -E 's/([.][0-9]{6})[0-9]+/\\1/' |"
            + " sort; find . -type f | sort | xargs -d '\\n' sha256sum";
    assertThat(shell("cd /copy" + print)).isEqualTo(shell("cd /tree" + print));
    assertThat(unpacked.get("links").asInt()).isEqualTo(2);
    // As tar itself reads it, and writes it compressed.
    Path file = Files.createTempFile("caisson", ".tar");
    try {
      Files.write(file, tar);
      assertThat(Machine.run("tar", "-tvf", file.toString())).contains("sub/a b/", "-> sub/one");
    } finally {
      Files.delete(file);
    }
    shell("tar -C /tree -czf /tree.tgz sub link");
    byte[] gzip = api.get(content("/tree.tgz")).body();
    api.put(archive("/zipped") + "&owner=7:8", BodyPublishers.ofByteArray(gzip)).expecting(200);
    assertThat(shell("stat -c '%u:%g %a' /zipped/sub/one; cat /zipped/link"))
        .isEqualTo("7:8 4755\none\n");
  }

  @Test
  void holesAreLeftOutOfAnArchiveAndMadeAgain(@TempDir Path directory) throws Exception {
    shell(
        "mkdir -p /holes && cd /holes && truncate -s 1G disk && printf start | dd of=disk"
            + " conv=notrunc && head -c 100000 /dev/urandom | dd of=disk bs=1M seek=700"
            + " conv=notrunc && truncate -s 2M empty && printf after > z");
    assertThat(api.get(files + "/stat?path=/holes/disk").expecting(200).get("sparse").asBoolean())
        .isTrue();

    byte[] tar = api.get(archive("/holes") + "&sparse=true").body();
    assertThat(tar).hasSizeBetween(100_000, 200_000);
    Path file = Files.write(directory.resolve("holes.tar"), tar);
    Machine.run("tar", "-C", directory.toString(), "-xf", file.toString());
    String sums = "sha256sum disk empty z; stat -c '%n %s %a %Y' disk empty z";
    assertThat(Machine.run("sh", "-c", "cd " + directory + " && " + sums))
        .isEqualTo(shell("cd /holes && " + sums).strip());
    assertThat(Machine.run("stat", "-c", "%b", directory.resolve("disk").toString()).strip())
        .satisfies(blocks -> assertThat(Integer.parseInt(blocks)).isLessThan(1000));

    api.put(archive("/holes-again"), BodyPublishers.ofByteArray(tar)).expecting(200);
    assertThat(shell("cd /holes-again && " + sums)).isEqualTo(shell("cd /holes && " + sums));
    assertThat(Integer.parseInt(shell("stat -c %b /holes-again/disk").strip())).isLessThan(1000);

    // Whoever does not ask has an archive that anybody reads.
    shell("cd /holes && rm disk");
    assertThat(api.get(archive("/holes")).body()).hasSizeGreaterThan(2 << 20);
    api.put(content("/zeros") + "&sparse=true", BodyPublishers.ofByteArray(new byte[1 << 20]))
        .expecting(201);
    assertThat(shell("stat -c '%s %b' /zeros; cmp -n 1048576 /zeros /dev/zero"))
        .isEqualTo("1048576 0\n");
  }

  @Test
  void aFileThatChangesMeanwhileStillMakesAWholeArchive(@TempDir Path directory) throws Exception {
    shell(
        "mkdir -p /changing; cd /changing; printf z > z; : > f; (while [ -e z ]; do truncate -s 0 f;"
            + " truncate -s 400M f; printf x | dd of=f bs=1M seek=300 conv=notrunc 2>/dev/null;"
            + " printf x >> f; done) > /dev/null 2>&1 &");
    Path file = directory.resolve("changing.tar");
    for (int i = 0; i < 20; i++) {
      try (InputStream body = api.stream(archive("/changing") + "&sparse=true")) {
        Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
      }
      assertThat(Machine.run("tar", "-tf", file.toString())).isEqualTo("./\nf\nz");
    }
    shell("rm /changing/z");
  }

  @Test
  void whatIsUploadedIsWritableForWhoWorksThere() {
    String image = "caisson-test/files-user:" + ProcessHandle.current().pid();
    String made = Machine.run("docker", "create", Machine.DEBIAN).strip();
    try {
      Machine.run("docker", "commit", "-c", "USER games", "-c", "WORKDIR /usr/games", made, image);
    } finally {
      Machine.run("docker", "rm", made);
    }
    String own = api.sandbox(Map.of("image", image));
    try {
      String of = "/v1/sandboxes/" + own + "/files";
      String path = of + "/content?path=" + "/usr/games/";
      api.put(path + "in/notes.txt&parents=true", "draft").expecting(201);
      api.post(of + "/directories", Map.of("path", "/usr/games/out")).expecting(201);
      shell(
          "mkdir -p /packed && cd /packed && echo a > a && chown 1234:list a && tar -cf ../p.tar .");
      byte[] tar = api.get(content("/p.tar")).body();
      String into = of + "/archive?path=/usr/games/";
      api.put(into + "mine", BodyPublishers.ofByteArray(tar)).expecting(200);
      api.put(into + "theirs&owners=ARCHIVE", BodyPublishers.ofByteArray(tar)).expecting(200);
      api.put(into + "named&owner=mail", BodyPublishers.ofByteArray(tar)).expecting(200);

      JsonNode ran =
          api.shell(
              own,
              "id -un; echo more >> in/notes.txt && touch in/new out/result && echo b >> mine/a;"
                  + " stat -c '%n %U:%G' in in/notes.txt out mine mine/a theirs/a named/a");

      assertThat(ran.get("stdout").get("text").asString())
          .isEqualTo(
              "games\nin games:games\nin/notes.txt games:games\nout games:games\nmine"
                  + " games:games\nmine/a games:games\ntheirs/a UNKNOWN:list\nnamed/a mail:mail\n");
      // What is there keeps its owner.
      api.put(of + "/content?path=/etc/motd", "hello").expecting(200);
      assertThat(api.get(of + "/stat?path=/etc/motd").expecting(200).get("owner").asString())
          .isEqualTo("root");
    } finally {
      api.delete("/v1/sandboxes/" + own + "?grace=PT0S");
      Machine.run("docker", "rmi", image);
    }
  }

  @Test
  void aWriteGoesThroughALinkUnlessItIsToldNotTo() {
    shell("mkdir /linked && cd /linked && echo old > target && ln -s target l && ln -s made m");

    JsonNode through = api.put(content("/linked/l"), "new").expecting(200);
    api.put(content("/linked/m"), "made").expecting(201);

    assertThat(through.get("path").asString()).isEqualTo("/linked/target");
    assertThat(shell("cd /linked; cat target made; find . -type l | sort"))
        .isEqualTo("newmade./l\n./m\n");
    api.put(content("/linked/l") + "&follow=false", "own").expecting(200);
    assertThat(shell("cd /linked; cat l target; find . -type l")).isEqualTo("ownnew./m\n");
  }

  @Test
  void anArchiveDoesNotLeaveItsPlace() {
    shell(
        "mkdir /evil; cd /evil; echo x > f; ln -s /etc l; tar -cPf up.tar --transform 's,f,../up,'"
            + " f; tar -cPf abs.tar /evil/f; tar -cf link.tar l; mkdir d; mv l d/; rm -f l; mkdir"
            + " l; echo x > l/passwd; tar -rf link.tar l/passwd; head -c 5000 /dev/urandom > junk");
    for (String name : List.of("up.tar", "abs.tar", "link.tar", "junk")) {
      byte[] tar = api.get(content("/evil/" + name)).body();
      assertThat(problem(api.put(archive("/in/" + name), BodyPublishers.ofByteArray(tar)), 400))
          .isEqualTo("BAD_CONTENT");
    }
    assertThat(shell("cat /in/up 2>/dev/null; wc -c < /etc/passwd")).isNotEqualTo("2\n");
  }

  @Test
  void changesAreToldAsTheyHappen() throws Exception {
    shell("mkdir -p /watched/old");
    try (BufferedReader events =
        new BufferedReader(
            new InputStreamReader(
                api.stream(files + "/watch?path=/watched&recursive=true"),
                StandardCharsets.UTF_8))) {
      assertThat(event(events)).isEqualTo("WATCHING /watched");
      shell("mkdir -p /watched/new/deep && echo 1 > /watched/new/deep/f && rm -r /watched/old");
      api.put(content("/watched/new/put"), "x").expecting(201);
      // What is in a new directory is told when it is found, be it before what happened earlier.
      Set<String> wanted =
          Set.of(
              "CREATED /watched/new",
              "CREATED /watched/new/deep",
              "CREATED /watched/new/deep/f",
              "CREATED /watched/new/put",
              "DELETED /watched/old");
      List<String> told = new ArrayList<>();
      while (!told.containsAll(wanted)) {
        told.add(event(events));
      }
      assertThat(told).noneMatch(line -> line.contains(".caisson-"));
      shell("rm -r /watched");
      String last = event(events);
      while (!last.equals("DELETED /watched")) {
        last = event(events);
      }
      assertThat(events.lines()).contains("event: end");
    }
    assertThat(problem(api.get(files + "/watch?path=/watched"), 404)).isEqualTo("ENOENT");
  }

  private static String event(BufferedReader events) throws IOException {
    String line = events.readLine();
    while (!line.startsWith("data: ")) {
      line = events.readLine();
    }
    JsonNode data = Api.JSON.readTree(line.substring(6));
    return data.get("kind").asString() + " " + data.get("path").asString();
  }

  @Test
  void filesAndTextAreFound() {
    shell("mkdir -p /s/x; echo 'Hello needle' > /s/x/a.txt; echo needle > /s/b.log");
    JsonNode named =
        api.post(files + "/search", Map.of("path", "/s", "glob", "*.txt")).expecting(200);
    assertThat(named.get("files").get(0).get("path").asString()).isEqualTo("/s/x/a.txt");
    JsonNode lines =
        api.post(files + "/search", Map.of("path", "/s", "text", "needle", "limit", 1))
            .expecting(200);
    assertThat(lines.get("truncated").asBoolean()).isTrue();
    assertThat(lines.get("matches")).hasSize(1);
    assertThat(
            problem(
                api.post(files + "/search", Map.of("path", "/s", "text", "(", "regex", true)), 400))
        .isEqualTo("EINVAL");
    // All of it: what the kernel makes up is not walked into.
    api.post(files + "/search", Map.of("path", "/", "text", "no such text anywhere", "limit", 1))
        .expecting(200);
  }

  @Test
  void aSearchThatCouldGoOnForEverDoesNot() throws Exception {
    shell(
        "mkdir -p /costly && head -c 50000 /dev/zero | tr '\\0' a > /costly/a; echo '!' >>"
            + " /costly/a");
    assertThat(
            api.post(files + "/search", Map.of("path", "/usr", "glob", "*".repeat(200) + "z"))
                .expecting(200)
                .get("files"))
        .allMatch(file -> file.get("path").asString().endsWith("z"));
    Api.Reply costly =
        api.post(files + "/search", Map.of("path", "/costly", "text", "(a+)+$", "regex", true));
    assertThat(problem(costly, 422)).isEqualTo("EXPRESSION_TOO_COSTLY");
    assertThat(costly.text()).contains("line 1 of /costly/a");
    api.post(files + "/search", Map.of("path", "/", "glob", "*".repeat(1025))).expecting(400);
  }

  @Test
  void aSearchEndsWithItsClientAndFourAreDoneAtOnce() throws Exception {
    shell(
        "mkdir -p /slow && cd /slow && for i in $(seq 500); do"
            + " echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!; done > l"
            + " && for i in $(seq 200); do cp l l$i; done");
    Map<String, ?> slow = Map.of("path", "/slow", "text", "(a*)(a*)(a*)b", "regex", true);
    List<Socket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        clients.add(searching(slow));
      }
      Eventually.holds(
          () -> {
            int status = searchStatus();
            if (status != 429) {
              // It may have had one of the places at a bad moment, and kept a slow one out.
              clients.add(searching(slow));
            }
            return status;
          },
          status -> status == 429);
      // Whatever else is asked is answered meanwhile.
      api.get(list("/etc")).expecting(200);
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
    Eventually.holds(this::searchStatus, status -> status == 200);
    Eventually.holds(this::ticks, ticks -> ticks < 10);
  }

  /** A client that asks for this search, and does not read. */
  private Socket searching(Map<String, ?> search) {
    byte[] body = Api.JSON.writeValueAsBytes(search);
    HttpRequest asked = api.request(files + "/search").build();
    URI uri = asked.uri();
    try {
      Socket client = new Socket(uri.getHost(), uri.getPort());
      OutputStream out = client.getOutputStream();
      out.write(
          """
          POST %s HTTP/1.1
          Host: %s
          Authorization: %s
          Content-Type: application/json
          Content-Length: %d

          """
              .replace("\n", "\r\n")
              .formatted(
                  uri.getPath(),
                  uri.getAuthority(),
                  asked.headers().firstValue("Authorization").orElseThrow(),
                  body.length)
              .getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      out.flush();
      return client;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int searchStatus() {
    return api.post(files + "/search", Map.of("path", "/etc", "glob", "passwd")).status();
  }

  /** How many hundredths of a second its supervisor took in the last one. */
  private long ticks() {
    String[] ticks =
        shell(
                "p=$(grep -l '^Name:.java' /proc/[0-9]*/status | head -1 | cut -d/ -f3);"
                    + " for i in 1 2; do cut -d' ' -f14,15 /proc/$p/stat | tr ' ' +; sleep 1; done")
            .strip()
            .split("\n", -1);
    return sum(ticks[1]) - sum(ticks[0]);
  }

  private static long sum(String ticks) {
    String[] parts = ticks.split("\\+", -1);
    return Long.parseLong(parts[0]) + Long.parseLong(parts[1]);
  }

  @Test
  void anImageWithNothingInItHasFilesToo() {
    String bare = api.sandbox(Map.of("image", Machine.STATIC));
    String path = "/v1/sandboxes/" + bare + "/files";
    String name = "/tmp/" + query("grüße-日本");
    api.put(path + "/content?parents=true&path=" + name, "x").expecting(201);
    assertThat(api.get(path + "/content?path=" + name).text()).isEqualTo("x");
    assertThat(
            api.get(path + "?path=/tmp")
                .expecting(200)
                .get("entries")
                .get(0)
                .get("path")
                .asString())
        .isEqualTo("/tmp/grüße-日本");
    api.delete("/v1/sandboxes/" + bare + "?grace=PT0S");
    assertThat(problem(api.get(path + "?path=/tmp"), 409)).isEqualTo("SANDBOX_NOT_READY");
  }

  @Test
  void fourGibibytesPassThroughASmallService(@TempDir Path home) throws Exception {
    long size = 4L << 30;
    try (ServiceProcess small =
        ServiceProcess.start(home, Map.of("JAVA_TOOL_OPTIONS", "-Xmx256m"))) {
      Api there = small.api();
      String id = there.sandbox(Map.of("image", Machine.DEBIAN));
      String at = "/v1/sandboxes/" + id + "/files/content?path=";
      there.shell(id, "truncate -s 4G /sparse; printf end >> /sparse");

      long begin = System.nanoTime();
      CRC32C sum = new CRC32C();
      long read = 0;
      try (InputStream body = there.stream(at + "/sparse")) {
        byte[] buffer = new byte[1 << 20];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
          sum.update(buffer, 0, count);
          read += count;
        }
      }
      long down = System.nanoTime() - begin;
      assertThat(read).isEqualTo(size + 3);
      assertThat(sum.getValue()).isEqualTo(zerosAnd("end", size));
      there.delete("/v1/sandboxes/" + id + "/files?path=/sparse");

      begin = System.nanoTime();
      JsonNode written =
          there
              .put(at + "/zeros", BodyPublishers.ofInputStream(() -> new Zeros(size)))
              .expecting(201);
      long up = System.nanoTime() - begin;
      assertThat(written.get("size").asLong()).isEqualTo(size);
      assertThat(
              Api.text(
                  there.shell(id, "cmp -n 4294967296 /zeros /dev/zero && rm /zeros; echo $?"),
                  "stdout"))
          .isEqualTo("0\n");
      System.out.printf(
          "4 GiB: down %.0f MB/s, up %.0f MB/s, peak of the service %s%n",
          size / 1e6 / (down / 1e9), size / 1e6 / (up / 1e9), small.status("VmHWM"));
    }
  }

  /** The checksum of so many zero bytes and this. */
  private static long zerosAnd(String end, long zeros) {
    CRC32C sum = new CRC32C();
    byte[] buffer = new byte[1 << 20];
    for (long left = zeros; left > 0; left -= buffer.length) {
      sum.update(buffer);
    }
    sum.update(end.getBytes(StandardCharsets.UTF_8));
    return sum.getValue();
  }

  /** So many zero bytes. */
  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long left) {
      this.left = left;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int count = (int) Math.min(left, length);
      left -= count;
      return count == 0 ? -1 : count;
    }
  }

  private String shell(String line) {
    return Api.text(api.shell(sandbox, line), "stdout");
  }

  private String content(String path) {
    return files + "/content?path=" + query(path);
  }

  private String archive(String path) {
    return files + "/archive?path=" + query(path);
  }

  private String list(String path) {
    return of(path);
  }

  private String of(String path) {
    return files + "?path=" + query(path);
  }

  private static String query(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String problem(Api.Reply reply, int status) {
    JsonNode problem = reply.expecting(status);
    return problem.get("code").asString();
  }

  private static String header(Api.Reply reply, String name) {
    return reply.response().headers().firstValue(name).orElse("");
  }

  private static String hash(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
