package dev.caisson.docker;

import dev.caisson.proxy.HttpTunnel;
import dev.caisson.proxy.KeptTunnels;
import dev.caisson.proxy.ProxyException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.streams.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API of the daemons, as far as typed answers are made from it. */
@Component
public class DaemonApi {
  /**
   * The longest wait for an answer, such as a list with its disk usage; one that is followed may go
   * on for any time.
   */
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** The most bytes of an answer; a thousand containers are described in four megabytes. */
  private static final int LONGEST = 32 << 20;

  private static final int LONGEST_PROBLEM = 64 << 10;

  private static final ScheduledExecutorService TIMER =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("daemon-deadlines").factory());

  private final Daemons daemons;
  private final KeptTunnels tunnels;
  private final Streams streams;
  private final JsonMapper json;

  DaemonApi(Daemons daemons, KeptTunnels tunnels, Streams streams, JsonMapper json) {
    this.daemons = daemons;
    this.tunnels = tunnels;
    this.streams = streams;
    this.json = json;
  }

  /**
   * Asks for a document.
   *
   * @throws DockerException.NotReady if the daemon does not listen
   * @throws DockerException.Refused if the daemon refuses
   * @throws DockerException.Silent if the daemon does not answer in time
   */
  public JsonNode get(SandboxId id, String target) {
    try (Following answer = open(id, target)) {
      Future<?> deadline = TIMER.schedule(answer::close, ANSWER.toNanos(), TimeUnit.NANOSECONDS);
      byte[] body = answer.content().readNBytes(LONGEST + 1);
      deadline.cancel(false);
      if (body.length > LONGEST) {
        throw new DockerException.Silent(id, "its answer is longer than " + LONGEST + " bytes");
      }
      if (answer.http().isReusable()) {
        answer.tunnel().keep();
      }
      return json.readTree(body);
    } catch (IOException | JacksonException e) {
      throw new DockerException.Silent(id, "its answer broke off or cannot be read");
    }
  }

  /**
   * Asks for an answer that comes bit by bit; its status and headers are there when this returns.
   *
   * @throws DockerException as {@link #get}
   */
  public Following open(SandboxId id, String target) {
    KeptTunnels.Lease tunnel = tunnels.take(id, () -> daemons.dial(id));
    Streams.Handle handle = streams.open(tunnel::close);
    Future<?> deadline = TIMER.schedule(tunnel::close, ANSWER.toNanos(), TimeUnit.NANOSECONDS);
    Following following = null;
    try {
      HttpTunnel http = new HttpTunnel(tunnel);
      ClassicHttpResponse answer = http.get(target);
      InputStream content = content(answer);
      if (answer.getCode() != 200) {
        throw refused(id, answer.getCode(), content);
      }
      Header type = answer.getFirstHeader(HttpHeaders.CONTENT_TYPE);
      String format = type == null ? "" : type.getValue();
      following = new Following(tunnel, http, handle, content, format);
      return following;
    } catch (ProxyException | IOException e) {
      throw new DockerException.Silent(id, String.valueOf(e.getMessage()));
    } finally {
      deadline.cancel(false);
      if (following == null) {
        handle.close();
        tunnel.close();
      }
    }
  }

  /** An answer that is being read; closing it from another thread ends the read. */
  public record Following(
      KeptTunnels.Lease tunnel,
      HttpTunnel http,
      Streams.Handle handle,
      InputStream content,
      String type)
      implements AutoCloseable {

    @Override
    public void close() {
      handle.close();
      tunnel.close();
    }
  }

  private DockerException refused(SandboxId id, int status, InputStream content)
      throws IOException {
    byte[] body = content.readNBytes(LONGEST_PROBLEM);
    String message;
    try {
      message = json.readTree(body).path("message").asString("");
    } catch (JacksonException e) {
      message = new String(body, StandardCharsets.UTF_8).strip();
    }
    return new DockerException.Refused(id, status, message);
  }

  private static InputStream content(ClassicHttpResponse answer) throws IOException {
    HttpEntity entity = answer.getEntity();
    return entity == null ? InputStream.nullInputStream() : entity.getContent();
  }
}
