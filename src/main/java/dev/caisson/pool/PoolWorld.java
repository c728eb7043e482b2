package dev.caisson.pool;

import dev.caisson.lifecycle.PooledSandboxes;
import dev.caisson.sandbox.SandboxId;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * The parts of the service that every pool works with.
 *
 * @param refills how many may be made at once
 * @param ids of all sandboxes that are held, being made, or just taken
 */
record PoolWorld(
    PooledSandboxes spares,
    PoolProperties properties,
    Capacity capacity,
    Semaphore refills,
    Set<SandboxId> ids,
    MeterRegistry meters,
    Clock clock) {}
