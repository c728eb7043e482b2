package dev.caisson.process;

import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.Request;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The endpoints that start, list, await, signal and end the processes of a sandbox. */
@Tag(
    name = "Processes",
    description = "Processes of a sandbox, which keep running when a connection ends.")
@RestController
@RequestMapping("/v1/sandboxes/{id}/processes")
class ProcessController {
  private final Processes processes;

  ProcessController(Processes processes) {
    this.processes = processes;
  }

  /** The event that a caller can wait for. */
  enum Awaited {
    EXITED,
    READY
  }

  @Operation(
      operationId = "startProcess",
      summary = "Start a process",
      description =
          "Waits for the end of the process and answers with its exit and output; with `background`"
              + " it answers at once with the pid. Closing the connection never ends the process.")
  @ApiResponse(
      responseCode = "200",
      description = "The process has ended",
      useReturnTypeSchema = true)
  @ApiResponse(
      responseCode = "201",
      description = "The process runs in the background",
      useReturnTypeSchema = true,
      headers = @Header(name = "Location", schema = @Schema(type = "string")))
  @ApiResponse(responseCode = "409", description = "A process of this name is running")
  @ApiResponse(responseCode = "422", description = "The system did not start the process")
  @PostMapping
  ResponseEntity<ProcessAnswer> start(
      @PathVariable String id,
      StartKey key,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text,
      @Valid @RequestBody StartRequest request) {
    Request.Start start = key.under(request.toStart());
    SandboxId sandbox = sandbox(id);
    return ProcessStarts.answer(
        sandbox, request.background(), processes.launch(sandbox, start, text));
  }

  @Operation(
      operationId = "listProcesses",
      summary = "List processes",
      description =
          "Returns running and ended processes, newest first, without the text of their output.")
  @GetMapping
  ProcessPage list(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable ProcessState state,
      @Parameter(description = "Name of the processes to list") @RequestParam(required = false)
          @Nullable String name,
      @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit,
      @Parameter(description = "Value of nextCursor from the previous page")
          @RequestParam(required = false)
          @Nullable String cursor) {
    ProcessPage.Collector page = new ProcessPage.Collector(state, name, limit, cursor);
    processes.each(sandbox(id), page::add);
    return page.page();
  }

  @Operation(
      operationId = "getProcess",
      summary = "Get a process",
      description =
          "Includes the output, or a part of it (`text`). `waitFor=EXITED` waits for the end of the"
              + " process, `waitFor=READY` until it is ready or can no longer become ready. If the"
              + " timeout is over first, the answer is the process as it is then.")
  @GetMapping("/{pid}")
  ProcessAnswer get(
      @PathVariable String id,
      @PathVariable long pid,
      @RequestParam(required = false) @Nullable Awaited waitFor,
      @Parameter(schema = @Schema(type = "string", example = "PT30S", defaultValue = "PT30S"))
          @RequestParam(defaultValue = "PT30S")
          @DurationMin(message = "must not be negative")
          @DurationMax(minutes = 10, message = "must be at most PT10M")
          Duration timeout,
      @Parameter(description = InlineText.DESCRIPTION)
          @RequestParam(defaultValue = InlineText.USUAL)
          InlineText text) {
    Duration wait = waitFor == null ? Duration.ZERO : timeout;
    return processes.await(sandbox(id), pid, wait, waitFor == Awaited.READY, text);
  }

  @Operation(
      operationId = "signalProcess",
      summary = "Send a signal to a process and its whole group")
  @PostMapping("/{pid}/signal")
  ProcessAnswer signal(
      @PathVariable String id, @PathVariable long pid, @Valid @RequestBody SignalRequest request) {
    return ProcessAnswer.from(processes.signal(sandbox(id), pid, request.signal()));
  }

  @Operation(
      operationId = "deleteProcess",
      summary = "End a process",
      description =
          "Sends TERM to the whole process group, then KILL after the grace period, and answers"
              + " when the process has ended. Its output stays readable.")
  @DeleteMapping("/{pid}")
  ProcessAnswer delete(
      @PathVariable String id,
      @PathVariable long pid,
      @Parameter(schema = @Schema(type = "string", example = "PT5S", defaultValue = "PT5S"))
          @RequestParam(defaultValue = "PT5S")
          @DurationMin(message = "must not be negative")
          @DurationMax(minutes = 10, message = "must be at most PT10M")
          Duration grace,
      @Parameter(description = "Whether to end descendants that have left the process group, too")
          @RequestParam(defaultValue = "false")
          boolean tree) {
    return ProcessAnswer.from(processes.end(sandbox(id), pid, grace, tree));
  }

  /** Parses the id of a sandbox; a text that cannot be one is reported as not found, too. */
  static SandboxId sandbox(String id) {
    return SandboxId.parse(id).orElseThrow(() -> new SandboxException.NotFound(id));
  }
}
