package dev.caisson.lifecycle;

import dev.caisson.sandbox.EndReason;
import dev.caisson.sandbox.Life;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Startup;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sandbox as callers see it. */
@Schema(name = "Sandbox")
record SandboxAnswer(
    @Schema(example = "sb-7f3k9q2m") String id,
    SandboxState state,
    @Nullable EndReason reason,
    @Nullable String detail,
    @Nullable String name,
    String image,
    @Nullable String imageDigest,
    Map<String, String> labels,
    @Schema(
            description =
                "Isolation mode: userns, capabilities (no boundary against a hostile root), runc or"
                    + " runtime:NAME",
            example = "userns")
        String isolation,
    @Schema(description = "Limitations of the sandbox that one might not expect")
        List<String> warnings,
    ResourcesAnswer resources,
    @Schema(example = "open") String network,
    @Schema(type = "string", format = "duration", example = "PT10M") @Nullable Duration ttl,
    Instant createdAt,
    @Nullable Instant readyAt,
    @Nullable Instant expiresAt,
    @Nullable Instant endedAt,
    Startup startup,
    DaemonAnswer docker) {

  /** The limits in force. */
  @Schema(name = "ResourcesInForce")
  record ResourcesAnswer(
      double cpu,
      long memory,
      int pids,
      @Schema(description = "Limit in bytes on everything that the sandbox keeps; null: no limit")
          @Nullable Long disk) {

    static ResourcesAnswer from(Resources resources, long disk) {
      return new ResourcesAnswer(
          resources.cpu(), resources.memory(), resources.pids(), disk == 0 ? null : disk);
    }
  }

  static SandboxAnswer from(Sandbox sandbox, SandboxProperties defaults) {
    SandboxSpec spec = sandbox.spec();
    Life life = sandbox.life();
    return new SandboxAnswer(
        sandbox.id().value(),
        life.state(),
        life.reason(),
        life.detail(),
        spec.name(),
        spec.image(),
        sandbox.imageDigest(),
        spec.labels(),
        sandbox.isolation().name(),
        sandbox.warnings(),
        ResourcesAnswer.from(spec.resources(), defaults.bound(spec.resources())),
        spec.network().name().toLowerCase(Locale.ROOT),
        spec.ttl(),
        life.createdAt(),
        life.readyAt(),
        life.expiresAt(),
        life.endedAt(),
        sandbox.startup(),
        DaemonAnswer.from(sandbox.daemon()));
  }
}
