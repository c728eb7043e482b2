package dev.caisson.history;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/** Something that happened to a sandbox, its image, its processes, its daemon or its disk. */
@Schema(name = "SandboxEvent")
record SandboxEvent(
    @Schema(
            description =
                "Sequence number among the events of all sandboxes, and the event's ID. It grows,"
                    + " and is never reused.",
            example = "4711")
        long seq,
    Instant at,
    @Schema(example = "sb-7f3k9q2m") String sandbox,
    @Schema(
            description = "Type of the event, which is also its name in the stream",
            allowableValues = {"sandbox", "image", "process", "docker", "disk"})
        String type,
    @Schema(
            description = "Details of what happened, in the form that belongs to the type",
            implementation = EventData.class)
        JsonNode data) {}
