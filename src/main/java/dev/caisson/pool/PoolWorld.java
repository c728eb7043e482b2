package dev.caisson.pool;

import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Spares;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * What every pool works with.
 *
 * @param refills how many may be made at once
 * @param ids of all that are held, being made, or just taken
 */
record PoolWorld(
    Spares spares,
    PoolProperties properties,
    Capacity capacity,
    Semaphore refills,
    Set<SandboxId> ids,
    MeterRegistry meters,
    Clock clock) {}
