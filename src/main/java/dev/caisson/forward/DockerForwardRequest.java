package dev.caisson.forward;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A request for a sandbox's own address, with what is to be there beside the published ports. */
record DockerForwardRequest(
    @Schema(
            description =
                "Whether to forward the Docker Engine API, too, on port 2375: without a key, for"
                    + " everybody on the service's host",
            defaultValue = "false")
        @Nullable Boolean engine) {}
