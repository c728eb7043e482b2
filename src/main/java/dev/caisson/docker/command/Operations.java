package dev.caisson.docker.command;

import dev.caisson.docker.Daemons;
import dev.caisson.host.RegistryMirrors;
import dev.caisson.process.InlineText;
import dev.caisson.process.ProcessAnswer;
import dev.caisson.process.ProcessException;
import dev.caisson.process.Processes;
import dev.caisson.process.StartKey;
import dev.caisson.registry.Registries;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The operations of the Docker CLI, each started as a process of the sandbox, once its daemon is
 * ready and it has the credentials of registries.
 */
@Component
public class Operations {
  private static final Duration WAIT_FOR_READY = Duration.ofSeconds(60);

  /** A wait that ends only with the process. */
  private static final Duration TO_THE_END = Duration.ofDays(365);

  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final int PIECE = 256 << 10;

  private final Daemons daemons;
  private final Processes processes;
  private final Registries registries;
  private final RegistryMirrors mirrors;

  Operations(Daemons daemons, Processes processes, Registries registries, RegistryMirrors mirrors) {
    this.daemons = daemons;
    this.processes = processes;
    this.registries = registries;
    this.mirrors = mirrors;
  }

  /** Starts an operation, and answers as every start does. */
  public ProcessAnswer start(
      SandboxId id, StartKey key, DockerOperation operation, InlineText text) {
    Request.Start start = operation.unique(key.under(operation.toStart()));
    prepare(id, operation);
    try {
      return advised(operation, processes.launch(id, start, text));
    } catch (ProcessException.NotStarted e) {
      Request.Start older = operation.toStartOfOlderKit();
      if (older == null || e.reason != RefusalCode.ENOENT) {
        throw e;
      }
      Request.Start again = operation.unique(key.under(older));
      return advised(operation, processes.launch(id, again, text));
    }
  }

  /**
   * Starts an operation with input that is handed on as it comes, a piece at a time. An upload that
   * breaks off ends the process: with half of its input it would make half of something.
   *
   * @throws ProcessException.Invalid if the input cannot be read to its end
   */
  ProcessAnswer start(
      SandboxId id, StartKey key, DockerOperation operation, InlineText text, InputStream input) {
    Request.Start start = operation.unique(key.under(operation.toStart()));
    prepare(id, operation);
    ProcessInfo process = processes.start(id, start);
    try {
      give(id, process.pid(), input);
    } catch (IOException e) {
      processes.end(id, process.pid(), GRACE, false);
      throw new ProcessException.Invalid("body", "is incomplete; the process was ended");
    }
    if (start.background()) {
      return ProcessAnswer.from(process);
    }
    try {
      return processes.await(id, process.pid(), TO_THE_END, false, text);
    } catch (SupervisorException.Lost e) {
      throw new ProcessException.CutOff(id, process.pid(), e);
    }
  }

  /** Runs each prune that is asked for, one after the other. */
  PruneAnswer prune(SandboxId id, PruneRequest request, InlineText text) {
    requireReady(id, request.waitForReady());
    return new PruneAnswer(
        request.toStarts().stream().map(start -> processes.run(id, start, text)).toList());
  }

  /**
   * Adds advice on the registry mirrors to the answer of a failed pull. Docker says nothing of a
   * mirror that is gone: it goes to the registry itself.
   */
  private ProcessAnswer advised(DockerOperation operation, ProcessAnswer process) {
    if (process.exit() == null || !operation.isPullFailure(process.exit().code())) {
      return process;
    }
    String advice = mirrors.advice();
    return advice.isEmpty() ? process : process.with(advice);
  }

  private void prepare(SandboxId id, DockerOperation operation) {
    requireReady(id, operation.waitForReady());
    registries.handTo(id);
  }

  private void requireReady(SandboxId id, @Nullable Duration wait) {
    daemons.requireReady(id, wait == null ? WAIT_FOR_READY : wait);
  }

  /**
   * Gives the process its input by offsets: of a start that is repeated under its key, the bytes
   * that were taken are not given again.
   */
  private void give(SandboxId id, long pid, InputStream input) throws IOException {
    long at = 0;
    try {
      while (true) {
        byte[] piece = input.readNBytes(PIECE);
        boolean last = piece.length < PIECE;
        processes.write(id, pid, at, piece, last, Duration.ZERO);
        at += piece.length;
        if (last) {
          return;
        }
      }
    } catch (ProcessException.Ended | ProcessException.Conflict e) {
      // The process takes no more, as its exit says; the caller reads that only after its body.
      input.transferTo(OutputStream.nullOutputStream());
    }
  }
}
