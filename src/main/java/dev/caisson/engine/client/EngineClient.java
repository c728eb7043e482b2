package dev.caisson.engine.client;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.caisson.sandbox.EngineException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The way to the engine: every call with a deadline, errors in the words of the port, counted. */
public final class EngineClient implements AutoCloseable {
  private final DockerClientConfig config;
  private final Transports transports;
  private final Calls calls;
  private final Duration deadline;
  private volatile @Nullable Agreed agreed;

  /** The findings about the engine at the first call. */
  private record Agreed(ApiVersion version, DockerClient docker) {}

  EngineClient(
      DockerClientConfig config, Transports transports, Duration deadline, MeterRegistry meters) {
    this.config = config;
    this.transports = transports;
    this.calls = new Calls(new EngineErrors(config.getDockerHost()), meters);
    this.deadline = deadline;
  }

  /** Creates the way to the engine that the properties and the environment name. */
  public static EngineClient to(EngineProperties properties, MeterRegistry meters) {
    // The rest of docker-java's own configuration holds: certificates, registry passwords.
    DockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(properties.endpoint(System.getenv()).toString())
            .build();
    return new EngineClient(
        config,
        Transports.to(config, properties.connections(), properties.streams()),
        properties.callDeadline(),
        meters);
  }

  /** Calls the engine with the usual deadline. */
  public <T> T call(Operation operation, Function<DockerClient, T> work) {
    return call(operation, deadline, work);
  }

  /** Returns the deadline of a call that has none of its own. */
  public Duration usual() {
    return deadline;
  }

  /** Calls the engine with a deadline of its own. */
  <T> T call(Operation operation, Duration limit, Function<DockerClient, T> work) {
    return calls.within(limit, operation, () -> work.apply(agreed().docker()));
  }

  /** Calls the engine for something that has no answer. */
  public void run(Operation operation, Duration limit, Consumer<DockerClient> work) {
    call(
        operation,
        limit,
        docker -> {
          work.accept(docker);
          return true;
        });
  }

  /** Returns the API version that both understand. */
  public ApiVersion apiVersion() {
    return calls.within(deadline, Operation.VERSION, () -> agreed().version());
  }

  /** Returns whether the engine answers a ping in this time. */
  public boolean pings(Duration limit) {
    Request ping = Request.builder().method(Request.Method.GET).path("/_ping").build();
    try {
      return calls.within(
          limit,
          Operation.PING,
          () -> {
            try (Response response = transports.ping().execute(ping)) {
              return response.getStatusCode() == 200;
            }
          });
    } catch (EngineException e) {
      return false;
    }
  }

  /** Asks for a body that is read for long; waits until the engine begins to answer. */
  public Response open(Operation operation, String path) {
    AtomicReference<Response> opened = new AtomicReference<>();
    try {
      return calls.within(
          deadline,
          operation,
          () -> {
            Request.Builder request = Request.builder().method(Request.Method.GET);
            Response response = execute(operation, request, path);
            opened.set(response);
            return response;
          });
    } catch (RuntimeException e) {
      // It may have come just as the time was over.
      Response late = opened.get();
      if (late != null) {
        late.close();
      }
      throw e;
    }
  }

  /** Asks for a body and reads all of it, in one deadline. */
  public <T> T read(
      Operation operation, Duration limit, Request.Builder request, String path, Body<T> reader) {
    return calls.within(
        limit,
        operation,
        () -> {
          try (Response response = execute(operation, request, path)) {
            return reader.read(response.getBody());
          }
        });
  }

  /** Asks for a body and reads all of it, in the usual deadline. */
  public <T> T read(Operation operation, String path, Body<T> reader) {
    Request.Builder request = Request.builder().method(Request.Method.GET);
    return read(operation, deadline, request, path, reader);
  }

  /** A reader of the body of an answer. */
  @FunctionalInterface
  public interface Body<T> {
    T read(InputStream body) throws IOException;
  }

  /** Forgets what was found out about the engine: another may answer the next time. */
  public void forget() {
    agreed = null;
  }

  public DockerClientConfig config() {
    return config;
  }

  /** Returns the words for a failure that came while a body was read. */
  public EngineErrors errors() {
    return calls.errors();
  }

  private Response execute(Operation operation, Request.Builder request, String path)
      throws IOException {
    request.path("/v" + agreed().version() + path);
    Response response = transports.streams().execute(request.build());
    if (Thread.currentThread().isInterrupted()) {
      // The caller does not wait for it any more.
      response.close();
    } else if (response.getStatusCode() >= 300) {
      try (response) {
        String body = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
        throw errors().refused(operation, response.getStatusCode(), body, null);
      }
    }
    return response;
  }

  private Agreed agreed() throws IOException {
    Agreed now = agreed;
    if (now == null) {
      ApiVersion version = ApiVersion.agree(transports.calls());
      AgreedConfig agreedConfig = new AgreedConfig(config, version);
      now = new Agreed(version, DockerClientImpl.getInstance(agreedConfig, transports.calls()));
      agreed = now;
    }
    return now;
  }

  @Override
  public void close() throws IOException {
    transports.close();
  }
}
