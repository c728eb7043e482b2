/** Keeps dockerd and containerd: starts, probes, restarts and stops them. */
@NullMarked
package dev.caisson.supervisor.daemon;

import org.jspecify.annotations.NullMarked;
