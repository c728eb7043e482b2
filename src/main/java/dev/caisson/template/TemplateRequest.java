package dev.caisson.template;

import dev.caisson.lifecycle.SandboxCreation;
import dev.caisson.pool.PoolSize;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a template. */
@Schema(name = "TemplateCreation", example = "{\"sandbox\": {\"docker\": {\"enabled\": true}}}")
record TemplateRequest(
    @Schema(
            description =
                "Settings for the fields that are absent from a request that names this template."
                    + " They cannot include env, whose values are not stored, a name, or another"
                    + " template.")
        @Valid
        @Nullable SandboxCreation sandbox,
    @ArraySchema(
            arraySchema =
                @Schema(
                    description =
                        "Images that the Docker daemon of each such sandbox has from the start,"
                            + " without a pull"),
            schema = @Schema(example = "busybox:latest"))
        @Size(max = 100)
        @Nullable
            List<
                @Pattern(
                    regexp = "[A-Za-z0-9\\[][A-Za-z0-9._/:@\\[\\]-]{0,511}",
                    message = "must be an image such as nginx:latest")
                String>
            images,
    @Schema(
            description =
                "Number of such sandboxes to keep running before they are requested: creating a"
                    + " sandbox from this template, or with the same settings, then takes"
                    + " milliseconds. Absent: none")
        @Valid
        @Nullable PoolWanted pool) {

  /** The bounds between which the pool follows demand. */
  @Schema(name = "PoolWanted")
  record PoolWanted(
      @Schema(example = "2") @Min(0) @Max(100) int min,
      @Schema(description = "Maximum size of the pool; the same as min if absent", example = "10")
          @Min(1)
          @Max(100)
          @Nullable Integer max) {

    @AssertTrue(message = "must have a max that is above 0 and not below min")
    @Schema(hidden = true)
    boolean isPool() {
      return max == null ? min > 0 : max >= min;
    }

    PoolSize size() {
      return new PoolSize(min, max == null ? min : max);
    }
  }

  @AssertTrue(message = "cannot have env, name or template")
  @Schema(hidden = true)
  boolean isSandbox() {
    return sandbox == null
        || (sandbox.env() == null && sandbox.name() == null && sandbox.template() == null);
  }
}
