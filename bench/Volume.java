import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/** One process that writes without a pause, followed to its last byte. */
final class Volume {
  private static final String PAD = "0123456789abcdef".repeat(5);

  private final Caisson caisson;
  private final DockerEngine engine;
  private final String image;
  private final long bytes;
  private final String writer;
  private final String sandbox;

  Volume(Caisson caisson, DockerEngine engine, String image, int mebibytes) throws Exception {
    this.caisson = caisson;
    this.engine = engine;
    this.image = image;
    bytes = (long) mebibytes << 20;
    writer = "yes " + PAD + " | head -c " + bytes;
    sandbox = (String) Json.at(caisson.create(image, false), "id");
  }

  void ours() throws Exception {
    long pid = caisson.start(sandbox, bytes * 5 / 4 + "", "sh", "-c", writer);
    try (InputStream raw =
        caisson.open("/v1/sandboxes/" + sandbox + "/processes/" + pid + "/stdout?follow=true")) {
      expect(raw);
    }
  }

  /** A container with the log driver json-file, never rotated, and the CLI that follows it. */
  void docker() throws Exception {
    String name = "caisson-bench-output-" + ProcessHandle.current().pid();
    run(List.of("docker", "run", "-d", "--label", ByHand.LABEL, "--name", name, "--log-driver",
        "json-file", "--log-opt", "max-size=1t", image, "sh", "-c", writer));
    Process logs =
        new ProcessBuilder("docker", "logs", "-f", name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (InputStream raw = logs.getInputStream()) {
      expect(raw);
    }
    logs.waitFor();
    ByHand.removeAll(engine);
  }

  void end() throws Exception {
    caisson.delete(sandbox);
  }

  private void expect(InputStream raw) throws IOException {
    byte[] buffer = new byte[256 << 10];
    byte[] line = (PAD + "\n").getBytes();
    byte[] written = (PAD + "\n").repeat(buffer.length / line.length + 2).getBytes();
    long at = 0;
    for (int n = raw.read(buffer); n >= 0; n = raw.read(buffer)) {
      int from = (int) (at % line.length);
      if (Arrays.mismatch(buffer, 0, n, written, from, from + n) >= 0) {
        throw new IOException("not what was written, after byte " + at);
      }
      at += n;
    }
    if (at != bytes) {
      throw new IOException(at + " of " + bytes + " bytes");
    }
  }

  private static void run(List<String> command) throws Exception {
    int code =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(String.join(" ", command) + ": exit code " + code);
    }
  }
}
