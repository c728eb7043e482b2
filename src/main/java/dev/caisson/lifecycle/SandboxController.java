package dev.caisson.lifecycle;

import dev.caisson.sandbox.DockerData;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxErrorCode;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The HTTP edge of sandboxes. */
@RestController
@RequestMapping("/v1/sandboxes")
@Tag(
    name = "Sandboxes",
    description = "Sandboxes, from their creation to the record that is kept after their end.")
class SandboxController {
  /**
   * The longest time a create waits for a start; a pull from a slow registry is the longest there
   * is.
   */
  private static final Duration START = Duration.ofMinutes(15);

  /** The longest time a long poll waits. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  /** The longest time a delete waits for the end, before it answers with what the end is at. */
  private static final Duration LONGEST_DELETE = Duration.ofSeconds(29);

  private final Sandboxes sandboxes;
  private final IdempotencyKeys keys;
  private final SandboxProperties properties;
  private final Templates templates;

  SandboxController(
      Sandboxes sandboxes,
      IdempotencyKeys keys,
      SandboxProperties properties,
      Templates templates) {
    this.templates = templates;
    this.sandboxes = sandboxes;
    this.keys = keys;
    this.properties = properties;
  }

  @PostMapping
  @Operation(
      operationId = "createSandbox",
      summary = "Create a sandbox and wait until it is ready",
      description =
          "With `Prefer: respond-async` the answer is 202 at once, with the state STARTING. With an"
              + " Idempotency-Key, the same request is answered with the same sandbox for as long"
              + " as that sandbox is kept; another request with the same key is refused (422,"
              + " IDEMPOTENCY_KEY_REUSED).")
  @ApiResponse(
      responseCode = "201",
      description = "The sandbox is ready",
      headers =
          @Header(
              name = "Idempotency-Replayed",
              description = "true if an earlier request made the sandbox",
              schema = @Schema(type = "boolean")))
  @ApiResponse(responseCode = "202", description = "The sandbox is starting")
  ResponseEntity<SandboxAnswer> create(
      @Valid @RequestBody(required = false) @Nullable SandboxCreation body,
      @Parameter(example = "respond-async") @RequestHeader(name = "Prefer", required = false)
          @Nullable String prefer,
      @Parameter(
              description = "Key of the caller's choice: 1 to 255 printable ASCII characters",
              example = "0b2f0c9e-7d0e-4c7c-9f4f-3d7b1f0f8a55")
          @Pattern(
              regexp = "[\\x20-\\x7e]{1,255}",
              message = "must be 1 to 255 printable ASCII characters")
          @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String idempotencyKey,
      HttpServletRequest request)
      throws InterruptedException {
    SandboxCreation wanted = body == null ? SandboxCreation.EMPTY : body;
    SandboxCreation whole = wanted;
    DockerData data = DockerData.OWN;
    if (wanted.template() != null) {
      Templates.Template template = templates.get(wanted.template());
      whole = wanted.over(template.creation());
      data = data(template, whole);
    }
    SandboxSpec spec = whole.toSpec(properties);
    SandboxCreator.Created made =
        sandboxes.create(
            data.images() == null || !spec.docker() ? spec : spec.with(data),
            whole.isolation() == null ? null : Isolation.of(whole.isolation()),
            request.getRemoteAddr(),
            idempotencyKey == null ? null : keys.of(idempotencyKey, wanted));
    Sandbox created = made.sandbox();
    URI location = URI.create("/v1/sandboxes/" + created.id());
    if (prefer != null && prefersAsync(prefer)) {
      return ResponseEntity.accepted()
          .location(location)
          .header("Preference-Applied", "respond-async")
          .headers(head -> replayed(head, made))
          .body(SandboxAnswer.from(created, properties));
    }
    Sandbox ready = sandboxes.awaitReady(created.id(), START);
    return ResponseEntity.created(location)
        .headers(head -> replayed(head, made))
        .body(SandboxAnswer.from(ready, properties));
  }

  /**
   * Returns the daemon's data that a template gives. Its images belong to the root of the isolation
   * that they were pulled in; and a daemon knows what an older one has left, but not the other way
   * round.
   *
   * @throws SandboxException.Unsupported if isolation or version of Docker is not the template's
   */
  private static DockerData data(Templates.Template template, SandboxCreation whole) {
    String images = template.images();
    if (images == null) {
      return DockerData.OWN;
    }
    if (whole.isolation() != null && !whole.isolation().equals(template.isolation())) {
      throw new SandboxException.Unsupported(
          SandboxErrorCode.ISOLATION_OF_TEMPLATE,
          "the images of the template were pulled in isolation " + template.isolation(),
          "leave isolation out, or create a template with this isolation");
    }
    if (!Objects.equals(version(whole), version(template.creation()))) {
      throw new SandboxException.Unsupported(
          SandboxErrorCode.DOCKER_VERSION_OF_TEMPLATE,
          "the images of the template were pulled by another version of Docker",
          "leave docker.version out, or create a template with this version");
    }
    return DockerData.with(images);
  }

  private static @Nullable String version(SandboxCreation creation) {
    return creation.docker() == null ? null : creation.docker().version();
  }

  private static void replayed(HttpHeaders head, SandboxCreator.Created made) {
    if (made.replayed()) {
      head.set("Idempotency-Replayed", "true");
    }
  }

  @GetMapping
  @Operation(
      operationId = "listSandboxes",
      summary = "List sandboxes, newest first, including ended ones while they are kept")
  SandboxList list(
      @RequestParam(required = false) @Nullable SandboxState state,
      @Parameter(description = "Label, as key:value", example = "team:ci")
          @RequestParam(required = false)
          @Nullable String label,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit,
      @Parameter(description = "Value of nextCursor from another page")
          @Pattern(
              regexp = "sb-[a-z2-9]{8}",
              message = "must be the nextCursor of a previous answer")
          @RequestParam(required = false)
          @Nullable String cursor) {
    return SandboxList.page(
        sandboxes.page(
            state,
            sandbox -> (state == null || sandbox.state() == state) && has(sandbox, label),
            cursor == null ? null : SandboxId.parse(cursor).orElse(null),
            limit + 1),
        limit,
        properties);
  }

  @GetMapping("/{id}")
  @Operation(
      operationId = "getSandbox",
      summary = "Get a sandbox, or wait for it",
      description =
          "With `waitFor` it answers when the condition holds, or with the current state when the"
              + " timeout is over.")
  SandboxAnswer get(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable Awaited waitFor,
      @RequestParam(defaultValue = "PT30S") Duration timeout)
      throws InterruptedException {
    SandboxId known = known(id);
    if (waitFor == null) {
      return SandboxAnswer.from(sandboxes.get(known), properties);
    }
    Duration patience = timeout.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : timeout;
    return SandboxAnswer.from(
        sandboxes.awaitForCaller(known, waitFor::holds, patience), properties);
  }

  @PatchMapping("/{id}")
  @Operation(
      operationId = "updateSandbox",
      summary = "Change the ttl (from now) or the labels of a sandbox")
  SandboxAnswer update(@PathVariable String id, @Valid @RequestBody SandboxPatch patch)
      throws InterruptedException {
    return SandboxAnswer.from(sandboxes.respecify(known(id), patch::applyTo), properties);
  }

  @DeleteMapping("/{id}")
  @Operation(
      operationId = "deleteSandbox",
      summary =
          "Terminate a sandbox and wait, for half a minute at most, until nothing of it is left",
      description =
          "Idempotent. Processes get TERM, and KILL after the grace period. If this takes longer"
              + " than 30 s, the answer is 202 with the state ENDING, and the last of the warnings"
              + " tells what is under way; `waitFor=ENDED` waits for the end. A second request with"
              + " a shorter grace period shortens the first one's.")
  @ApiResponse(responseCode = "200", description = "The sandbox has ended")
  @ApiResponse(responseCode = "202", description = "The sandbox is still ending")
  ResponseEntity<SandboxAnswer> delete(
      @PathVariable String id, @RequestParam(required = false) @Nullable Duration grace)
      throws InterruptedException {
    SandboxId known = known(id);
    sandboxes.terminate(known, grace);
    Sandbox sandbox =
        sandboxes.awaitForCaller(known, each -> each.state().isTerminal(), LONGEST_DELETE);
    return ResponseEntity.status(sandbox.state().isTerminal() ? HttpStatus.OK : HttpStatus.ACCEPTED)
        .body(SandboxAnswer.from(sandbox, properties));
  }

  private static boolean prefersAsync(String prefer) {
    return Arrays.stream(prefer.split(",")).anyMatch(p -> p.strip().equals("respond-async"));
  }

  private static boolean has(Sandbox sandbox, @Nullable String label) {
    if (label == null) {
      return true;
    }
    String[] pair = label.split(":", 2);
    String value = sandbox.spec().labels().get(pair[0]);
    return pair.length == 2 ? pair[1].equals(value) : value != null;
  }

  private static SandboxId known(String id) {
    return SandboxId.parse(id).orElseThrow(() -> new SandboxException.NotFound(id));
  }

  /** The states that a caller can wait for. */
  enum Awaited {
    READY,
    ENDED;

    /**
     * Returns whether there is nothing to wait for any more; a sandbox that is over will not become
     * ready.
     */
    boolean holds(Sandbox sandbox) {
      return sandbox.state().isTerminal()
          || (this == READY && sandbox.state() != SandboxState.STARTING);
    }
  }
}
