package dev.caisson.supervisor.process;

import dev.caisson.supervisor.wire.ProcessInfo;
import java.util.List;

/** The listener that hears of each process that has ended; must not wait. */
@FunctionalInterface
public interface ExitListener {
  void ended(List<String> command, ProcessInfo.Exit exit);
}
