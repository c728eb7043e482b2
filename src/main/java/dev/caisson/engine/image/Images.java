package dev.caisson.engine.image;

import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import dev.caisson.engine.client.EngineClient;
import dev.caisson.engine.client.EngineErrors;
import dev.caisson.engine.client.JsonAnswers;
import dev.caisson.engine.client.Operation;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's images: looked up, and pulled where they are absent. */
public final class Images {
  private static final Logger log = LoggerFactory.getLogger(Images.class);

  private final EngineClient client;
  private final Duration deadline;
  private final AllowedRegistries registries;
  private final Map<ImageReference, Running> pulls = new ConcurrentHashMap<>();

  /** A pull on its way, and how it ends. */
  private record Running(Pull pull, FutureTask<Boolean> task) {}

  public Images(EngineClient client, Duration deadline, AllowedRegistries registries) {
    this.client = client;
    this.deadline = deadline;
    this.registries = registries;
  }

  /** Returns the image, pulled if it is absent. */
  public Engine.Image get(ImageReference reference, Consumer<String> progress) {
    Optional<InspectImageResponse> there = find(reference);
    if (there.isEmpty() && !reference.isId()) {
      registries.check(reference);
      pull(reference, progress);
      there = find(reference);
    }
    return EngineImage.of(
        reference,
        there.orElseThrow(
            () -> PullErrors.of(reference, 404, "No such image: " + reference, null)));
  }

  /**
   * Lets pass an image that may be pulled, or needs not to be.
   *
   * @throws EngineException.RegistryNotAllowed if it is absent, and its registry may not be asked
   */
  public void admit(ImageReference reference) {
    try {
      registries.check(reference);
    } catch (EngineException.RegistryNotAllowed e) {
      if (!reference.isId() && find(reference).isEmpty()) {
        throw e;
      }
    }
  }

  /** Returns the engine's description of the image, if it is there. */
  public Optional<InspectImageResponse> find(ImageReference reference) {
    return client.call(
        Operation.INSPECT_IMAGE,
        docker -> {
          try {
            return Optional.of(docker.inspectImageCmd(reference.value()).exec());
          } catch (NotFoundException e) {
            return Optional.empty();
          } catch (BadRequestException e) {
            // Some engines know fewer forms of a name than others.
            throw PullErrors.of(reference, 404, e.getMessage(), e);
          }
        });
  }

  /**
   * Pulls the image once for all who ask at the same time; one who leaves does not end it for the
   * rest.
   */
  private void pull(ImageReference reference, Consumer<String> progress) {
    Running running = pulls.computeIfAbsent(reference, this::start);
    running.pull.follow(progress);
    try {
      running.task.get();
    } catch (ExecutionException e) {
      throw client.errors().of(Operation.PULL, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw client.errors().interrupted(Operation.PULL);
    } finally {
      running.pull.leave(progress);
    }
  }

  private Running start(ImageReference reference) {
    Pull pull = new Pull();
    FutureTask<Boolean> task =
        new FutureTask<>(() -> {
          try {
            run(reference, pull);
            return true;
          } finally {
            pulls.remove(reference);
          }
        });
    Thread.ofVirtual().name("engine-pull-" + reference).start(task);
    return new Running(pull, task);
  }

  private void run(ImageReference reference, Pull pull) {
    Request.Builder request = Request.builder().method(Request.Method.POST);
    String password = password(reference);
    if (password != null) {
      request.putHeader("X-Registry-Auth", password);
    }
    String path =
        "/images/create?fromImage=" + URLEncoder.encode(reference.value(), StandardCharsets.UTF_8);
    log.atInfo().addKeyValue("image", reference).log("image is absent, it is pulled");
    try {
      client.read(
          Operation.PULL,
          deadline,
          request,
          path,
          body -> JsonAnswers.read(body, PullResponseItem.class, pull));
    } catch (EngineException.Refused e) {
      throw PullErrors.of(reference, e.status, EngineErrors.said(e), e);
    }
    if (pull.error() != null) {
      throw PullErrors.of(reference, 0, pull.error(), null);
    }
  }

  /**
   * Returns the credentials that the service's Docker configuration has for this image's registry,
   * as the engine wants them; null if it has none.
   */
  private @Nullable String password(ImageReference reference) {
    AuthConfig found = client.config().effectiveAuthConfig(reference.name());
    if (found == null) {
      return null;
    }
    try {
      byte[] json = DockerClientConfig.getDefaultObjectMapper().writeValueAsBytes(found);
      return Base64.getUrlEncoder().encodeToString(json);
    } catch (IOException e) {
      throw new UncheckedIOException("the registry's credentials cannot be sent", e);
    }
  }
}
