package dev.caisson.process;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.Request;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A supervisor with journals in memory, that answers reads as a real one and the rest as told. */
public final class FakeSupervisor implements Supervisor {
  /** It was asked these. */
  public final List<Request<?>> asked = new CopyOnWriteArrayList<>();

  /** Open as soon as it was asked anything. */
  public final CountDownLatch addressed = new CountDownLatch(1);

  /** How it answers what is not a read: answers, or an exception to be thrown. */
  public volatile Function<Request<?>, List<?>> script = _ -> List.of(refused("INTERNAL"));

  /** How it answers the next start in the foreground, where that is not in the script. */
  public volatile @Nullable Answers<Answer> streaming;

  private final Map<String, FakeJournal> journals = new ConcurrentHashMap<>();

  /** A process, or a daemon, with this journal. */
  public FakeJournal journal(String key) {
    return journals.computeIfAbsent(key, FakeJournal::new);
  }

  /** What it says when it says no. */
  public static SupervisorException.Refused refused(String code) {
    return new SupervisorException.Refused(
        SandboxId.random(), new Answer.Refused(code, "no: " + code));
  }

  @Override
  @SuppressWarnings("unchecked")
  public <A extends Answer> A ask(Request<A> request) {
    asked.add(request);
    addressed.countDown();
    return switch (request) {
      case Request.Describe describe -> (A) find(Long.toString(describe.pid())).process();
      case Request.Await await -> (A) find(Long.toString(await.pid())).await(await.timeoutMillis());
      default -> Objects.requireNonNull(new FakeAnswers<A>(script.apply(request)).next());
    };
  }

  @Override
  @SuppressWarnings("unchecked")
  public <A extends Answer> Answers<A> open(Request.Stream<A> request) {
    asked.add(request);
    addressed.countDown();
    return switch (request) {
      case Request.ListProcesses _ ->
          new FakeAnswers<>(journals.values().stream().map(FakeJournal::process).toList());
      case Request.Follow follow -> (Answers<A>) find(follow.journal()).follow(follow);
      case Request.Read read -> (Answers<A>) find(read.journal()).read(read);
      default ->
          streaming == null
              ? new FakeAnswers<>(script.apply(request))
              : (Answers<A>) Objects.requireNonNull(streaming);
    };
  }

  private FakeJournal find(String key) {
    FakeJournal journal = journals.get(key);
    if (journal == null) {
      throw refused("NO_SUCH_PROCESS");
    }
    return journal;
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
    // Nothing is held.
  }
}
