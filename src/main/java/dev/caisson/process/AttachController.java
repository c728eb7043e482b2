package dev.caisson.process;

import static dev.caisson.process.ProcessController.sandbox;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.streams.Streams;
import dev.caisson.streams.WebSocketEndpoint;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.PositiveOrZero;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;
import tools.jackson.databind.json.JsonMapper;

/**
 * The endpoint that opens WebSockets to processes; an error before the opening is answered with a
 * problem document.
 */
@Tag(name = "Processes")
@RestController
class AttachController {
  /** The subprotocol, offered by clients that send their key as another one, as a browser does. */
  static final String PROTOCOL = "caisson.attach.v1";

  private final Processes processes;
  private final Streams streams;
  private final Writers writers;
  private final JsonMapper json;
  private final DefaultHandshakeHandler handshake = new DefaultHandshakeHandler();

  AttachController(Processes processes, Streams streams, Writers writers, JsonMapper json) {
    this.processes = processes;
    this.streams = streams;
    this.writers = writers;
    this.json = json;
    handshake.setSupportedProtocols(PROTOCOL);
  }

  @Operation(
      operationId = "attachProcess",
      summary = "Attach to a process (WebSocket)",
      description =
          "Carries the output and input of a process over a WebSocket, as described in"
              + " openapi/attach.md. Any number of clients see the output; one at a time, the"
              + " writer, gives input. After an interruption, attach again with `after`: nothing is"
              + " lost or repeated.")
  @ApiResponse(responseCode = "101", description = "The WebSocket is open", content = @Content)
  @WebSocketEndpoint
  @GetMapping("/v1/sandboxes/{id}/processes/{pid}/attach")
  void attach(
      @PathVariable String id,
      @PathVariable long pid,
      @Parameter(description = "Sequence number of the piece of output after which to begin")
          @RequestParam(defaultValue = "0")
          @PositiveOrZero
          long after,
      @Parameter(description = "Whether to become the writer, if there is none")
          @RequestParam(defaultValue = "true")
          boolean write,
      @Parameter(description = "Whether to become the writer in place of the present one")
          @RequestParam(defaultValue = "false")
          boolean takeOver,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
      throw new ProcessException.Invalid(HttpHeaders.UPGRADE, "must be websocket");
    }
    SandboxId sandbox = sandbox(id);
    processes.get(sandbox, pid);
    Attachment.Seat seat =
        takeOver
            ? Attachment.Seat.TAKEN_OVER
            : write ? Attachment.Seat.IF_FREE : Attachment.Seat.NONE;
    Attachment attachment =
        new Attachment(
            processes, streams, writers, json, new Writers.Place(sandbox, pid), after, seat);
    new WebSocketHttpRequestHandler(attachment, handshake).handleRequest(request, response);
  }
}
