package dev.caisson.engine.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.core.DockerClientConfig;
import dev.caisson.sandbox.EngineException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The errors of calls that went wrong: not reached, or refused. */
public final class EngineErrors {
  /** The query of an address, which can carry a signature or a token. */
  private static final Pattern QUERY = Pattern.compile("\\?[^\\s\"']+");

  private static final Pattern STATUS = Pattern.compile("^Status \\d+: ");
  private static final String SAID = ": ";
  private static final int LONGEST = 2000;

  private final String engine;

  EngineErrors(URI endpoint) {
    // Only what names the engine: a user or a path can hold a secret.
    this.engine =
        "unix".equals(endpoint.getScheme())
            ? endpoint.toString()
            : endpoint.getScheme() + "://" + endpoint.getHost() + ":" + endpoint.getPort();
  }

  /**
   * Puts what a call threw into the words of the port; what is our own mistake stays what it is.
   */
  public RuntimeException of(Operation operation, @Nullable Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof EngineException known) {
        return known;
      }
      if (at instanceof DockerException refused) {
        return refused(operation, refused.getHttpStatus(), refused.getMessage(), refused);
      }
      if (at instanceof JsonProcessingException strange && !(at instanceof JsonEOFException)) {
        return refused(operation, 0, "the answer cannot be read", strange);
      }
      if (at instanceof IOException broken) {
        return unreachable(operation, broken);
      }
    }
    return thrown instanceof RuntimeException own ? own : new IllegalStateException(thrown);
  }

  /** Creates the error for an answer with this status and body. */
  EngineException.Refused refused(
      Operation operation, int status, @Nullable String body, @Nullable Throwable cause) {
    return new EngineException.Refused(
        status, "The engine refused to " + operation + SAID + words(body), cause);
  }

  /** Returns the engine's own words in what {@link #refused} made. */
  public static String said(EngineException.Refused refused) {
    String message = String.valueOf(refused.getMessage());
    return message.substring(message.indexOf(SAID) + SAID.length());
  }

  /** Creates the error for an engine that did not answer in time. */
  EngineException.Unreachable late(Operation operation, Duration limit) {
    return new EngineException.Unreachable(
        "The engine at " + engine + " did not " + operation + " within " + limit, null);
  }

  /** Creates the error for a caller that does not want to wait any longer. */
  public EngineException.Unreachable interrupted(Operation operation) {
    return new EngineException.Unreachable(
        "Interrupted while the engine had to " + operation, null);
  }

  private EngineException.Unreachable unreachable(Operation operation, IOException broken) {
    String reason = String.valueOf(broken.getMessage());
    String hint =
        reason.contains("No such file") || reason.contains("refused")
            ? "; start the engine, or say where it is with caisson.engine.host"
            : reason.contains("Permission denied")
                ? "; the service's user may not open its socket, add it to the group that may"
                : "";
    return new EngineException.Unreachable(
        "The engine at " + engine + " cannot be reached to " + operation + ": " + reason + hint,
        broken);
  }

  /**
   * Returns the engine's own words, without its JSON and without what an address should not show.
   */
  public static String words(@Nullable String body) {
    String text = STATUS.matcher(body == null ? "" : body.strip()).replaceFirst("");
    try {
      JsonNode answer = DockerClientConfig.getDefaultObjectMapper().readTree(text);
      if (answer != null && answer.hasNonNull("message")) {
        text = answer.get("message").asText().strip();
      }
    } catch (JsonProcessingException e) {
      // Plain text: a proxy before the engine, or an old engine.
    }
    text = QUERY.matcher(text).replaceAll("?…");
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
