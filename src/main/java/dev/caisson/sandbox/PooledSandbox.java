package dev.caisson.sandbox;

import java.time.Instant;

/**
 * A sandbox that is up and configured, and not claimed yet: with Docker, its daemon is ready.
 *
 * @param resources its limits until it is claimed
 * @param kit that was there when it was made
 * @param watch on whether it is still good, until it is claimed
 */
public record PooledSandbox(
    SandboxId id,
    Shape shape,
    Resources resources,
    String container,
    Engine.Image image,
    Engine.Kit kit,
    Supervisor supervisor,
    AutoCloseable watch,
    Instant readyAt) {}
