package dev.caisson.process;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/**
 * A signal to be sent.
 *
 * @param signal a name with or without SIG, or a number
 */
@Schema(name = "SendSignal")
record SignalRequest(
    @Schema(description = "Signal name, with or without SIG, or number", example = "TERM")
        @NotNull
        @Pattern(regexp = "[A-Za-z0-9+-]{1,16}", message = "must be a signal such as TERM")
        String signal) {}
