package dev.caisson.sandbox;

import dev.caisson.supervisor.wire.ProcessInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a sandbox that has ended, as they were last heard of; all have ended with it.
 */
public interface KnownProcesses {
  /** None was ever heard of. */
  KnownProcesses NONE =
      new KnownProcesses() {
        @Override
        public List<ProcessInfo> list() {
          return List.of();
        }

        @Override
        public @Nullable ProcessInfo find(long pid) {
          return null;
        }
      };

  /** All of them, oldest first. */
  List<ProcessInfo> list();

  /** One of them, or null if it was never heard of. */
  @Nullable ProcessInfo find(long pid);
}
