package dev.caisson.ports;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A port and the listener on it, as a caller sees them. */
@Schema(name = "Port")
record PortAnswer(
    @Schema(example = "3000") int port,
    @Schema(allowableValues = {"tcp", "udp"}) String protocol,
    @Schema(description = "Whether something listens at the moment") boolean listening,
    @Schema(example = "[\"0.0.0.0\", \"::\"]") List<String> addresses,
    @Nullable PortProcess process,
    @Nullable PortContainer container,
    @JsonProperty("public")
        @Schema(description = "Whether the port can be reached without a key or link")
        boolean open,
    @Schema(description = "URLs of the port; null for UDP, which is not carried")
        @Nullable PortUrls urls) {

  /** The process that listens. */
  @Schema(name = "PortProcess")
  record PortProcess(
      @Schema(description = "Pid in the sandbox") long pid,
      @Schema(
              description =
                  "Pid of the process, started through the API, from which this one descends")
          @Nullable Long startedAs,
      @Schema(example = "node") @Nullable String command) {}

  /** The inner container that publishes the port, or listens in the sandbox's own network. */
  @Schema(name = "PortContainer")
  record PortContainer(
      String id,
      @Schema(example = "web") @Nullable String name,
      @Schema(description = "Port on which the container listens", example = "80") int port) {}

  static PortAnswer from(Listening found, boolean open, PortUrls urls) {
    Listening.Holder process = found.process();
    Listening.Container container = found.container();
    boolean tcp = found.protocol().equals("tcp");
    return new PortAnswer(
        found.port(),
        found.protocol(),
        !found.addresses().isEmpty(),
        List.copyOf(found.addresses()),
        process == null
            ? null
            : new PortProcess(process.pid(), process.startedAs(), process.command()),
        container == null
            ? null
            : new PortContainer(container.id(), container.name(), container.port()),
        open && tcp,
        tcp ? urls : null);
  }
}
