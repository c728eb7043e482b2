package dev.caisson.history;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/** Something that happened to a sandbox, its image, its processes, its daemon or its disk. */
@Schema(name = "SandboxEvent")
record SandboxEvent(
    @Schema(
            description =
                "Its number among the events of all sandboxes; also the event's id. Grows, and is"
                    + " never used twice",
            example = "4711")
        long seq,
    Instant at,
    @Schema(example = "sb-7f3k9q2m") String sandbox,
    @Schema(
            description = "Also the event's name",
            allowableValues = {"sandbox", "image", "process", "docker", "disk"})
        String type,
    @Schema(
            description = "What happened, in the form that belongs to the type",
            implementation = EventData.class)
        JsonNode data) {}
