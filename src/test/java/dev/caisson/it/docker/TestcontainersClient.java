package dev.caisson.it.docker;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.utility.DockerImageName;

/**
 * Somebody's test with Testcontainers, in a JVM of its own, which knows where the daemon is by its
 * environment alone. Prints what the engine is, where its container is, and what that serves.
 */
final class TestcontainersClient {
  private TestcontainersClient() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    String engine = DockerClientFactory.lazyClient().infoCmd().exec().getId();
    try (GenericContainer<?> web =
            new GenericContainer<>(DockerImageName.parse("busybox"))
                .withCommand(
                    "sh",
                    "-c",
                    "mkdir /w; echo from a sandbox >/w/index.html; httpd -f -p 80 -h /w")
                .withExposedPorts(80)
                .waitingFor(Wait.forHttp("/").withStartupTimeout(Duration.ofMinutes(3)));
        HttpClient http = HttpClient.newHttpClient()) {
      web.start();
      String address = "http://" + web.getHost() + ":" + web.getMappedPort(80) + "/";
      String served =
          http.send(
                  HttpRequest.newBuilder(URI.create(address)).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      String inside = web.execInContainer("cat", "/w/index.html").getStdout();
      System.out.println("engine=" + engine);
      System.out.println("address=" + address);
      System.out.println("served=" + served.strip());
      System.out.println("inside=" + inside.strip());
    }
    several();
    reused();
  }

  /**
   * An image made here, two containers in a network, files in and out, a line that is waited for.
   */
  private static void several() throws IOException, InterruptedException {
    ImageFromDockerfile image =
        new ImageFromDockerfile()
            .withFileFromString("said", "made here")
            .withDockerfileFromBuilder(
                builder -> builder.from("busybox").copy("said", "/srv/said").build());
    try (Network network = Network.newNetwork();
        GenericContainer<?> server =
            new GenericContainer<>(image)
                .withNetwork(network)
                .withNetworkAliases("server")
                .withCommand("sh", "-c", "echo ready to serve; exec httpd -f -p 80 -h /srv")
                .waitingFor(Wait.forLogMessage(".*ready to serve.*", 1));
        GenericContainer<?> client =
            new GenericContainer<>(DockerImageName.parse("busybox"))
                .withNetwork(network)
                .withCopyToContainer(Transferable.of("copied in"), "/in/file")
                .withCommand("sleep", "1000")) {
      Startables.deepStart(server, client).join();
      System.out.println(
          "network=" + client.execInContainer("wget", "-qO-", "http://server/said").getStdout());
      System.out.println("copied=" + client.execInContainer("cat", "/in/file").getStdout());
      client.execInContainer("sh", "-c", "echo out >/in/made");
      System.out.println(
          "fetched="
              + client.copyFileFromContainer(
                  "/in/made", in -> new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()));
    }
  }

  /** One that is found again by who starts the same. */
  private static void reused() {
    Supplier<GenericContainer<?>> same =
        () ->
            new GenericContainer<>(DockerImageName.parse("busybox"))
                .withCommand("sleep", "1000")
                .withReuse(true);
    GenericContainer<?> first = same.get();
    first.start();
    try (GenericContainer<?> second = same.get()) {
      second.start();
      System.out.println("reused=" + first.getContainerId().equals(second.getContainerId()));
    }
  }
}
