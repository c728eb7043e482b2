package dev.caisson.host;

import dev.caisson.time.Deadline;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.springframework.stereotype.Component;

/**
 * The registry mirrors of sandboxes, which are asked whether they are still there: a daemon whose
 * mirror is gone goes to the registry itself without a word, and where that cannot be reached says
 * so of the registry alone.
 */
@Component
public class RegistryMirrors {
  /** The time for all mirrors together, which are asked at the same time. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final String REMEDY =
      "start it again, a pull-through cache of this project with kit/registry.sh cache UPSTREAM"
          + " (./quickstart does that, too); or set caisson.sandbox.docker.registry-mirrors to one"
          + " that is there";

  private static final String APART =
      "; the engine is rootless, so sandboxes are in another network than the service, and may be"
          + " answered";

  private volatile List<URI> mirrors = List.of();
  private volatile boolean apart;

  /** Sets the mirrors to ask. */
  public void serve(List<String> urls) {
    mirrors = urls.stream().map(String::strip).map(URI::create).toList();
  }

  /**
   * Sets whether sandboxes are in another network than the service, as those of a rootless engine
   * are: a mirror that is silent here may answer them.
   */
  void apart(boolean elsewhere) {
    apart = elsewhere;
  }

  /** Asks each mirror, and returns how each is now, within two seconds. */
  public List<RegistryMirror> look() {
    Deadline end = Deadline.in(PATIENCE);
    List<URI> asked = mirrors;
    List<FutureTask<RegistryMirror>> looks = new ArrayList<>();
    for (URI mirror : asked) {
      FutureTask<RegistryMirror> look = new FutureTask<>(() -> ask(mirror));
      Thread.ofVirtual().name("registry-mirror").start(look);
      looks.add(look);
    }
    List<RegistryMirror> found = new ArrayList<>();
    for (int i = 0; i < looks.size(); i++) {
      found.add(awaited(asked.get(i), looks.get(i), end));
    }
    return found;
  }

  /**
   * Returns one text that names the mirrors that do not answer and what to do; empty where all do.
   */
  public String advice() {
    return String.join(
        "\n",
        look().stream().filter(each -> !each.answers()).map(RegistryMirror::warning).toList());
  }

  private RegistryMirror awaited(URI mirror, FutureTask<RegistryMirror> look, Deadline end) {
    try {
      return look.get(end.nanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return silent(mirror, "no answer within " + PATIENCE.toSeconds() + " s");
    } catch (ExecutionException e) {
      return silent(mirror, String.valueOf(Objects.requireNonNull(e.getCause()).getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return silent(mirror, "the look was interrupted");
    }
  }

  /**
   * Asks a mirror. Any answer will do: what the mirror says of itself is between it and the
   * daemons.
   */
  private RegistryMirror ask(URI mirror) throws IOException {
    String path = Objects.requireNonNullElse(mirror.getPath(), "").replaceFirst("/+$", "");
    int patience = (int) PATIENCE.toMillis();
    try {
      // Daemons in sandboxes know nothing of a proxy of the service.
      URI head = URI.create(url(mirror) + path + "/v2/");
      var asked = (HttpURLConnection) head.toURL().openConnection(Proxy.NO_PROXY);
      asked.setConnectTimeout(patience);
      asked.setReadTimeout(patience);
      asked.setInstanceFollowRedirects(false);
      try {
        int status = asked.getResponseCode();
        return status < 0
            ? silent(mirror, "what listens there speaks no HTTP")
            : answers(mirror, "it answers with status " + status);
      } finally {
        asked.disconnect();
      }
    } catch (SSLException e) {
      return answers(mirror, "it speaks TLS; whether sandboxes trust it is not known here");
    } catch (SocketTimeoutException e) {
      return silent(mirror, "no answer within " + PATIENCE.toSeconds() + " s");
    } catch (UnknownHostException e) {
      return silent(mirror, "its name is not known");
    }
  }

  private static RegistryMirror answers(URI mirror, String how) {
    return new RegistryMirror(url(mirror), true, how, null);
  }

  private RegistryMirror silent(URI mirror, String why) {
    return apart
        ? new RegistryMirror(url(mirror), false, why + APART, null)
        : new RegistryMirror(url(mirror), false, why, REMEDY);
  }

  /** Returns a mirror's URL without what could be a secret. */
  private static String url(URI mirror) {
    String port = mirror.getPort() < 0 ? "" : ":" + mirror.getPort();
    return mirror.getScheme() + "://" + mirror.getHost() + port;
  }
}
