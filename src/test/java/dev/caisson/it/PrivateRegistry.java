package dev.caisson.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** A registry on the bridge that lets nobody in without a password. */
public final class PrivateRegistry implements AutoCloseable {
  public static final String KEY_USER = "keyholder";
  public static final String KEY_PASSWORD = "wobbly-otter-27-cadenza";
  public static final String BOX_USER = "boxholder";
  public static final String BOX_PASSWORD = "brisk-heron-81-sonata";

  /** Of the passwords above, by bcrypt. */
  private static final String HTPASSWD =
      """
      keyholder:$2b$06$abcdefghijklmnopqrstuuk7Zga.uFZ86SztgCZTrJr7.ICKoiJDW
      boxholder:$2b$06$zyxwvutsrqponmlkjihgfeWJ4NfV9p7fx5DOpGfDLxK74R1Yn8GV6
      """;

  private final String container;
  private final String address;

  private PrivateRegistry(String container, String address) {
    this.container = container;
    this.address = address;
  }

  public static PrivateRegistry start() throws IOException, InterruptedException {
    int port = ServiceProcess.freePort();
    String container = script(port, "private", HTPASSWD);
    PrivateRegistry registry = new PrivateRegistry(container, script(port, "address", ""));
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest anybody =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v2/")).build();
      Eventually.holds(() -> status(client, anybody), status -> status == 401);
      return registry;
    } catch (AssertionError e) {
      registry.close();
      throw e;
    }
  }

  /** Where sandboxes reach it. */
  public String address() {
    return address;
  }

  private static int status(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      // It does not listen yet.
      return 0;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String script(int port, String verb, String input)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("./kit/registry.sh", verb);
    builder.environment().put("CAISSON_REGISTRY_PORT", Integer.toString(port));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process script = builder.start();
    try (var out = script.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output =
        new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (script.waitFor() != 0) {
      throw new AssertionError("registry.sh " + verb + " failed: " + output);
    }
    return output;
  }

  @Override
  public void close() {
    Machine.run("docker", "rm", "-fv", container);
  }
}
