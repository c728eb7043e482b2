package dev.caisson.process;

import static dev.caisson.process.ProcessController.sandbox;

import dev.caisson.sandbox.SandboxId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.PositiveOrZero;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The endpoints that take input for processes, and the size of their terminals. */
@Tag(name = "Processes")
@RestController
@RequestMapping("/v1/sandboxes/{id}/processes/{pid}")
class InputController {
  private static final int PIECE = 64 << 10;

  private final Processes processes;

  InputController(Processes processes) {
    this.processes = processes;
  }

  @Operation(
      operationId = "writeStdin",
      summary = "Give input to a process",
      description =
          "Passes on the body's bytes as they arrive, and answers when the process has taken them."
              + " For processes that were started with `stdinOpen` or `tty`. With `offset` a"
              + " request can be repeated: bytes that were given before are skipped.",
      requestBody =
          @RequestBody(
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                      schema = @Schema(type = "string", format = "binary"))))
  @ApiResponse(
      responseCode = "200",
      description = "The process has taken the bytes",
      useReturnTypeSchema = true)
  @ApiResponse(
      responseCode = "409",
      description = "The process has ended, takes no input, or does not read it",
      content = @Content)
  @PostMapping("/stdin")
  StdinAnswer stdin(
      @PathVariable String id,
      @PathVariable long pid,
      @Parameter(
              description =
                  "Whether the input ends after these bytes, so that the process reads the end of"
                      + " its input")
          @RequestParam(defaultValue = "false")
          boolean close,
      @Parameter(description = "Offset of the first byte in the process's whole input")
          @RequestParam(required = false)
          @PositiveOrZero
          @Nullable Long offset,
      @Parameter(
              description = "Maximum time that a piece waits until the process reads it",
              schema = @Schema(type = "string", example = "PT30S", defaultValue = "PT30S"))
          @RequestParam(defaultValue = "PT30S")
          @DurationMin(millis = 1, message = "must be positive")
          @DurationMax(minutes = 10, message = "must be at most PT10M")
          Duration timeout,
      HttpServletRequest request)
      throws IOException {
    SandboxId sandbox = sandbox(id);
    InputStream body = request.getInputStream();
    long at = offset == null ? -1 : offset;
    while (true) {
      byte[] piece = body.readNBytes(PIECE);
      boolean last = piece.length < PIECE;
      boolean closing = last && close;
      long total = processes.write(sandbox, pid, at, piece, closing, timeout);
      at = at < 0 ? at : at + piece.length;
      if (last) {
        return new StdinAnswer(total, !close);
      }
    }
  }

  @Operation(operationId = "resizeTerminal", summary = "Change the size of a process's terminal")
  @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "409", description = "The process has ended, or has no terminal")
  @PostMapping("/resize")
  ProcessAnswer resize(
      @PathVariable String id,
      @PathVariable long pid,
      @Valid @org.springframework.web.bind.annotation.RequestBody TerminalSize size) {
    return ProcessAnswer.from(processes.resize(sandbox(id), pid, size.toTerminal()));
  }
}
