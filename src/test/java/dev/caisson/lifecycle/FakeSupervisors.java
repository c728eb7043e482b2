package dev.caisson.lifecycle;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.KnownProcesses;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.sandbox.Supervisors;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Supervisors that answer at once, say what they were asked, and can be lost. */
final class FakeSupervisors implements Supervisors {
  final Map<SandboxId, Fake> known = new ConcurrentHashMap<>();
  volatile boolean silent;

  /** Whoever watches is cut off at once. */
  volatile boolean fickle;

  volatile @Nullable RuntimeException forgetFailure;
  volatile int busy;

  /** What whoever watches is told first, and who claims; null: nothing. */
  volatile @Nullable DaemonStatus daemon;

  @Override
  public Path prepare(SandboxId sandbox, long owner) {
    return Path.of("/run", sandbox.value(), Long.toString(owner));
  }

  @Override
  public Supervisor connect(SandboxId sandbox, Duration deadline) {
    if (silent) {
      throw new SupervisorException.Lost(sandbox, "no answer", null);
    }
    return known.computeIfAbsent(sandbox, _ -> new Fake());
  }

  @Override
  public Supervisor archived(SandboxId sandbox, Path processes, KnownProcesses heard) {
    return new Fake();
  }

  @Override
  public void forget(SandboxId sandbox) {
    if (forgetFailure != null) {
      throw forgetFailure;
    }
    known.remove(sandbox);
  }

  /** One of them. */
  final class Fake implements Supervisor {
    final List<Request<?>> asked = new CopyOnWriteArrayList<>();
    volatile boolean lost;

    /** Whoever shuts it down waits for this, or until it is closed. */
    volatile @Nullable CountDownLatch shutdown;

    final CountDownLatch shuttingDown = new CountDownLatch(1);
    final List<ProcessInfo> processes = new CopyOnWriteArrayList<>();
    private final List<BlockingQueue<Object>> watches = new ArrayList<>();
    private final List<Object> early = new ArrayList<>();

    /** Says something to all who watch, or to the first who will. */
    void tell(Answer answer) {
      tell((Object) answer);
    }

    private synchronized void tell(Object said) {
      if (watches.isEmpty()) {
        early.add(said);
      }
      watches.forEach(told -> told.add(said));
    }

    private synchronized BlockingQueue<Object> watch() {
      BlockingQueue<Object> told = new LinkedBlockingQueue<>(early);
      early.clear();
      DaemonStatus first = daemon;
      if (first != null) {
        told.add(first);
      }
      watches.add(told);
      return told;
    }

    @Override
    public <A extends Answer> A ask(Request<A> request) {
      asked.add(request);
      if (lost) {
        throw new SupervisorException.Lost(SandboxId.random(), "no answer", null);
      }
      return cast(
          switch (request) {
            case Request.DescribeActivity _ -> new Answer.Activity(busy, 0);
            case Request.Shutdown _ -> shutDown();
            case Request.Claim _ -> java.util.Objects.requireNonNull(daemon);
            default -> new Answer.Done();
          });
    }

    private Answer.Done shutDown() {
      CountDownLatch latch = shutdown;
      shuttingDown.countDown();
      try {
        if (latch != null) {
          latch.await();
        }
      } catch (InterruptedException e) {
        throw new SupervisorException.Lost(SandboxId.random(), "interrupted", e);
      }
      return new Answer.Done();
    }

    /** Says something that no supervisor says: whoever watches believes nothing more. */
    void breakRules(String why) {
      tell(new SupervisorException.Untrusted(SandboxId.random(), why));
    }

    @Override
    public <A extends Answer> Answers<A> open(Request.Stream<A> request) {
      return request instanceof Request.Watch ? watched() : listed();
    }

    private <A extends Answer> Answers<A> listed() {
      Iterator<ProcessInfo> all = List.copyOf(processes).iterator();
      return new Answers<>() {
        @Override
        public @Nullable A next() {
          return all.hasNext() ? cast(all.next()) : null;
        }

        @Override
        public void close() {
          // Nothing is held.
        }
      };
    }

    private <A extends Answer> Answers<A> watched() {
      BlockingQueue<Object> told = fickle ? new LinkedBlockingQueue<>(List.of("closed")) : watch();
      return new Answers<>() {
        @Override
        public @Nullable A next() {
          try {
            Object next = told.take();
            if (next instanceof RuntimeException broken) {
              throw broken;
            }
            return next instanceof Answer answer ? cast(answer) : null;
          } catch (InterruptedException e) {
            return null;
          }
        }

        @Override
        public void close() {
          told.add("closed");
        }
      };
    }

    @Override
    public dev.caisson.sandbox.Tunnel dial(Request.Dial request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <A extends Answer> A send(FileRequest.Upload<A> request, InputStream content) {
      throw new UnsupportedOperationException("no files here");
    }

    @Override
    public void close() {
      tell("closed");
      CountDownLatch latch = shutdown;
      if (latch != null) {
        latch.countDown();
      }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <A extends Answer> A cast(Answer answer) {
      return (A) answer;
    }
  }

  static DaemonStatus daemon(DaemonStatus.State state) {
    return DaemonStatus.builder(state, true, 1)
        .pid(12)
        .version("26")
        .storageDriver("overlay2")
        .readyAfterMillis(400)
        .attempts(5)
        .build();
  }
}
