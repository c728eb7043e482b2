package dev.caisson.session;

import dev.caisson.process.InlineText;
import dev.caisson.process.ProcessAnswer;
import dev.caisson.process.ProcessStarts;
import dev.caisson.process.StartKey;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The endpoints of shell sessions. */
@Tag(
    name = "Sessions",
    description =
        "Shell sessions: each command starts with the directory and the variables of the previous"
            + " one.")
@RestController
@RequestMapping("/v1/sandboxes/{id}/sessions")
class SessionController {
  private final Sessions sessions;

  SessionController(Sessions sessions) {
    this.sessions = sessions;
  }

  @Operation(
      operationId = "createSession",
      summary = "Create a shell session",
      description =
          "The session lives as long as the sandbox, and needs /bin/sh there. With bash, if the"
              + " image has it, all variables and functions are kept, otherwise exported variables."
              + " The working directory is kept in both cases.")
  @ApiResponse(
      responseCode = "201",
      description = "The session was created",
      useReturnTypeSchema = true,
      headers = @Header(name = "Location", schema = @Schema(type = "string")))
  @ApiResponse(responseCode = "409", description = "A session of this name exists")
  @ApiResponse(responseCode = "422", description = "The user, directory or shell does not exist")
  @PostMapping
  ResponseEntity<SessionAnswer> create(
      @PathVariable String id, @Valid @RequestBody SessionRequest request) {
    SessionAnswer made = sessions.create(sandbox(id), request);
    return ResponseEntity.created(URI.create("/v1/sandboxes/" + id + "/sessions/" + made.name()))
        .body(made);
  }

  @Operation(operationId = "listSessions", summary = "List a sandbox's sessions")
  @GetMapping
  SessionList list(@PathVariable String id) {
    return sessions.list(sandbox(id));
  }

  @Operation(operationId = "getSession", summary = "Get a session")
  @GetMapping("/{session}")
  SessionAnswer get(@PathVariable String id, @PathVariable String session) {
    return sessions.get(sandbox(id), session);
  }

  @Operation(
      operationId = "deleteSession",
      summary = "Delete a session",
      description = "Removes the state that its commands have left; running processes continue.")
  @DeleteMapping("/{session}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String id, @PathVariable String session) {
    sessions.delete(sandbox(id), session);
  }

  @Operation(
      operationId = "runInSession",
      summary = "Run a command in a session",
      description =
          "Starts a process like any other, with an exit code and streams of its own, and answers"
              + " like every process start. The command's state is saved when it ends: of two"
              + " commands at the same time, the one that ends later wins. A command that is killed"
              + " saves nothing.")
  @ApiResponse(
      responseCode = "200",
      description = "The process has ended",
      useReturnTypeSchema = true)
  @ApiResponse(
      responseCode = "201",
      description = "The process runs in the background",
      useReturnTypeSchema = true)
  @ApiResponse(responseCode = "422", description = "The system did not start the process")
  @PostMapping("/{session}/processes")
  ResponseEntity<ProcessAnswer> run(
      @PathVariable String id,
      @PathVariable String session,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @RequestBody SessionCommand command) {
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox, command.background(), sessions.run(sandbox, session, key, command, text));
  }

  private static SandboxId sandbox(String id) {
    return SandboxId.parse(id).orElseThrow(() -> new SandboxException.NotFound(id));
  }
}
