package dev.caisson.engine.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A version of the Docker API, compared by its numbers. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  /**
   * The newest version that docker-java knows, and the oldest that the newest engines still speak.
   */
  private static final ApiVersion OURS = new ApiVersion(1, 44);

  static ApiVersion parse(String text) {
    String[] parts = text.split("\\.", -1);
    return new ApiVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  /** Asks the engine which version it speaks, without naming one since it may refuse any. */
  static ApiVersion agree(DockerHttpClient engine) throws IOException {
    Request question = Request.builder().method(Request.Method.GET).path("/version").build();
    try (Response response = engine.execute(question)) {
      String body = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
      if (response.getStatusCode() != 200) {
        throw new DockerException(body, response.getStatusCode());
      }
      JsonNode answer = DockerClientConfig.getDefaultObjectMapper().readTree(body);
      ApiVersion newest = parse(answer.path("ApiVersion").asText("1.41"));
      ApiVersion oldest = parse(answer.path("MinAPIVersion").asText("1.12"));
      ApiVersion best = newest.compareTo(OURS) < 0 ? newest : OURS;
      return best.compareTo(oldest) < 0 ? oldest : best;
    }
  }

  @Override
  public int compareTo(ApiVersion other) {
    return major != other.major
        ? Integer.compare(major, other.major)
        : Integer.compare(minor, other.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
