package dev.caisson.forward;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What is to be on the address of a sandbox's own, beside the ports that containers publish. */
record DockerForwardRequest(
    @Schema(
            description =
                "Whether the Docker Engine API is there too, on port 2375: without a key, for"
                    + " everybody on the service's host",
            defaultValue = "false")
        @Nullable Boolean engine) {}
