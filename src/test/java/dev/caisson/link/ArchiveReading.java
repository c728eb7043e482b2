package dev.caisson.link;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.KnownProcesses;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.nio.file.Path;

/** Lists an archive in a virtual machine of its own, whose heap is as small as a test wants it. */
public final class ArchiveReading {
  private ArchiveReading() {}

  /** Prints how many processes were listed. */
  public static void main(String[] args) {
    ArchivedSupervisor supervisor =
        new ArchivedSupervisor(SandboxId.random(), Path.of(args[0]), KnownProcesses.none(null));
    long listed = 0;
    try (Answers<ProcessInfo> answers = supervisor.open(new Request.ListProcesses())) {
      while (answers.next() != null) {
        listed++;
      }
    }
    System.out.println("listed " + listed);
  }
}
