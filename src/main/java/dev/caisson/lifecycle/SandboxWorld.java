package dev.caisson.lifecycle;

import dev.caisson.host.Preflight;
import dev.caisson.sandbox.Engine;
import dev.caisson.sandbox.History;
import dev.caisson.sandbox.SandboxProperties;
import dev.caisson.sandbox.Supervisors;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import org.springframework.stereotype.Component;

/** The parts of the service that every keeper works with. */
@Component
record SandboxWorld(
    Engine engine,
    Preflight preflight,
    Supervisors supervisors,
    History history,
    SandboxProperties properties,
    List<DaemonListener> daemonListeners,
    ColdStarts starts,
    MeterRegistry meters,
    Clock clock) {}
