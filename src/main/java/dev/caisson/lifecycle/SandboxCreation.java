package dev.caisson.lifecycle;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caisson.sandbox.ByteSize;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.NetworkMode;
import dev.caisson.sandbox.Resources;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.SandboxSpec;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The body of a create; every field is optional. */
@Schema(
    name = "SandboxCreation",
    description = "Settings of a new sandbox; every field is optional.",
    example =
        "{\"image\": \"debian:trixie-slim\", \"resources\": {\"cpu\": 1.0, \"memory\": \"2Gi\"},"
            + " \"docker\": {\"enabled\": true}, \"ttl\": \"PT10M\"}")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SandboxCreation(
    @Schema(description = "Any Linux image", example = "debian:trixie-slim")
        @Pattern(
            regexp = "[a-zA-Z0-9][a-zA-Z0-9._/:@-]{0,254}",
            message = "must be an image such as debian:trixie-slim")
        @Nullable String image,
    @Schema(example = "build-42")
        @Size(max = 64)
        @Pattern(regexp = Said.PLAIN, message = "must have no control characters")
        @Nullable String name,
    @Schema(example = "{\"team\": \"ci\"}", description = Said.LABEL_BOUNDS)
        @Nullable Map<String, String> labels,
    @Schema(
            description =
                "Environment of every process; values are never returned or logged. "
                    + Said.ENV_BOUNDS)
        @Nullable Map<String, String> env,
    @Pattern(regexp = "/[^\\x00]*", message = "must be an absolute path") @Size(max = 4096)
        @Nullable String workdir,
    @Valid @Nullable ResourcesWanted resources,
    @Schema(
            type = "string",
            format = "duration",
            nullable = true,
            example = "PT10M",
            description =
                "Maximum time without activity (running processes and inner containers are"
                    + " activity); null: until deleted; absent: the service's default")
        @Nullable Ttl ttl,
    @Valid @Nullable DockerWanted docker,
    @Nullable NetworkWanted network,
    @Schema(
            description =
                "Program to start: 'image' runs the image's ENTRYPOINT and CMD as a background"
                    + " process",
            allowableValues = {"image"})
        @Pattern(regexp = "image", message = "can only be 'image'")
        @Nullable String start,
    @Schema(
            description =
                "Isolation mode: userns, capabilities, runc or runtime:NAME, within what the"
                    + " operator allows; GET /v1/host lists the modes. Absent: the best available"
                    + " one",
            example = "userns")
        @Pattern(
            regexp = Isolation.NAMES,
            message = "must be userns, rootless, capabilities, runc or runtime:NAME")
        @Nullable String isolation,
    @Schema(description = "Template for the fields that are absent here", example = "ci")
        @Size(max = 64)
        @Nullable String template) {
  /** A create that says nothing. */
  public static final SandboxCreation EMPTY =
      new SandboxCreation(null, null, null, null, null, null, null, null, null, null, null, null);

  /** The limits that hold for everything in the sandbox, inner containers included. */
  @Schema(name = "Resources")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ResourcesWanted(
      @DecimalMin("0.05")
          @DecimalMax("1024")
          @Schema(example = "1.0", description = "Number of processor cores")
          @Nullable Double cpu,
      @Schema(
              type = "string",
              example = "2Gi",
              description = "Memory limit, in bytes or as a number with a unit")
          @Nullable ByteSize memory,
      @Min(32) @Max(1 << 22) @Schema(example = "2048") @Nullable Integer pids,
      @Schema(
              type = "string",
              example = "10Gi",
              description =
                  "Limit on everything that the sandbox keeps: files, processes' output, and its"
                      + " Docker daemon's data; absent: the service's default")
          @Nullable ByteSize disk) {

    @AssertTrue(message = "must be from 64Mi to 16Ti")
    @Schema(hidden = true)
    boolean isMemory() {
      return memory == null || (memory.bytes() >= 64L << 20 && memory.bytes() <= 16L << 40);
    }

    ResourcesWanted over(@Nullable ResourcesWanted base) {
      return base == null
          ? this
          : new ResourcesWanted(
              said(cpu, base.cpu),
              said(memory, base.memory),
              said(pids, base.pids),
              said(disk, base.disk));
    }

    Resources over(Resources usual) {
      return new Resources(
          cpu == null ? usual.cpu() : cpu,
          memory == null ? usual.memory() : memory.bytes(),
          pids == null ? usual.pids() : pids,
          disk == null ? usual.disk() : disk.bytes());
    }

    @AssertTrue(message = "must be from 64Mi to 16Ti")
    @Schema(hidden = true)
    boolean isDisk() {
      return disk == null || (disk.bytes() >= 64L << 20 && disk.bytes() <= 16L << 40);
    }
  }

  /** The Docker daemon that is wanted for the sandbox, if any, and its version. */
  @Schema(name = "DockerWanted")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record DockerWanted(
      @Schema(
              description =
                  "Whether the sandbox has a Docker daemon. Absent: yes if a version is given, or"
                      + " if the template says so")
          @Nullable Boolean enabled,
      @Schema(
              description =
                  "Docker version, or the beginning of one: 28, 28.5. GET /v1/host lists the"
                      + " available versions; absent: the default one",
              example = "28.5")
          @Pattern(
              regexp = "[0-9]{1,4}(\\.[0-9]{1,4}){0,2}",
              message = "must be a version of Docker such as 28, 28.5 or 28.5.2")
          @Nullable String version) {

    public DockerWanted {
      enabled = (enabled == null && version != null) ? Boolean.TRUE : enabled;
    }

    @AssertTrue(message = "must be absent if enabled is false")
    @Schema(hidden = true)
    boolean isVersion() {
      return version == null || on();
    }

    /** Returns whether there is to be a daemon. */
    public boolean on() {
      return Boolean.TRUE.equals(enabled);
    }

    DockerWanted over(@Nullable DockerWanted base) {
      return base == null
          ? this
          : new DockerWanted(said(enabled, base.enabled), said(version, base.version));
    }
  }

  /** The network that is wanted for the sandbox. */
  @Schema(name = "NetworkWanted")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record NetworkWanted(@Schema(example = "open") @Nullable Mode mode) {

    /** The modes of the network, in the words of the contract. */
    public enum Mode {
      open,
      none
    }
  }

  @AssertTrue(message = "must be positive")
  @Schema(hidden = true)
  boolean isTtl() {
    return ttl == null || ttl.isPositive();
  }

  @AssertTrue(message = Said.LABELS)
  @Schema(hidden = true)
  boolean isLabels() {
    return Said.areLabels(labels);
  }

  @AssertTrue(message = Said.ENV)
  @Schema(hidden = true)
  boolean isEnv() {
    return Said.isEnv(env);
  }

  /**
   * Returns a copy completed from the base wherever this create says nothing, with the labels of
   * both.
   */
  SandboxCreation over(SandboxCreation base) {
    Map<String, String> both = new TreeMap<>(base.labels == null ? Map.of() : base.labels);
    both.putAll(labels == null ? Map.of() : labels);
    return new SandboxCreation(
        said(image, base.image),
        said(name, base.name),
        both,
        said(env, base.env),
        said(workdir, base.workdir),
        resources == null ? base.resources : resources.over(base.resources),
        said(ttl, base.ttl),
        docker == null ? base.docker : docker.over(base.docker),
        said(network, base.network),
        said(start, base.start),
        said(isolation, base.isolation),
        template);
  }

  private static <T> @Nullable T said(@Nullable T here, @Nullable T base) {
    return here == null ? base : here;
  }

  /** Returns the spec of what was asked for, completed from the defaults where nothing was said. */
  public SandboxSpec toSpec(SandboxProperties defaults) {
    Resources usual =
        new Resources(defaults.cpu(), defaults.memory().toBytes(), defaults.pids(), 0);
    boolean isolated = network != null && network.mode() == NetworkWanted.Mode.none;
    return SandboxSpec.builder(
            image == null ? defaults.image() : image,
            resources == null ? usual : resources.over(usual))
        .name(name)
        .labels(labels == null ? Map.of() : labels)
        .env(env == null ? Map.of() : env)
        .workdir(workdir)
        .ttl(ttl == null ? defaults.ttl() : ttl.life())
        .docker(docker != null && docker.on())
        .network(isolated ? NetworkMode.NONE : NetworkMode.OPEN)
        .startImage(start != null)
        .dockerVersion(docker != null && docker.on() ? docker.version() : null)
        .build();
  }
}
