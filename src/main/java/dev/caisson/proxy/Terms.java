package dev.caisson.proxy;

import dev.caisson.sandbox.SandboxId;
import java.time.Duration;

/**
 * The terms on which a request is passed on.
 *
 * @param sandbox where it goes, whose exchanges are counted
 * @param guest whether it came without the service's key
 * @param patience how long the head of the answer may take
 */
public record Terms(SandboxId sandbox, boolean guest, Duration patience) {}
