package dev.caisson.sandbox;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened to a sandbox, its processes or its daemon.
 *
 * @param seq its number within the sandbox, from 1
 * @param type {@code sandbox}, {@code image}, {@code process} or {@code docker}
 */
public record SandboxEvent(long seq, Instant at, String type, Map<String, Object> data) {}
