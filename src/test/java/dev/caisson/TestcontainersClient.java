package dev.caisson;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
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
  }
}
