package dev.caisson.link;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.BrokenRuleException;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.Request;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Set;

/**
 * The answers that a request may get, and their order.
 *
 * @param first what an answer begins with
 * @param rest what may follow
 * @param endless whether it never ends by itself
 * @param most how many answers there are at most
 */
record Expectation(
    Set<Class<? extends Answer>> first,
    Set<Class<? extends Answer>> rest,
    boolean endless,
    long most) {
  /** The most processes of a list, more than any supervisor keeps. */
  private static final long PROCESSES = 50_000;

  /** The answer that a class of requests names as its own. */
  private static final ClassValue<Class<?>> ANSWERS =
      new ClassValue<>() {
        @Override
        protected Class<?> computeValue(Class<?> request) {
          for (Type declared : request.getGenericInterfaces()) {
            if (declared instanceof ParameterizedType generic
                && generic.getActualTypeArguments()[0] instanceof Class<?> answer) {
              return answer;
            }
          }
          throw new IllegalStateException(request + " does not say what answers it");
        }
      };

  /**
   * Returns an answer, if it is of the class that was asked for.
   *
   * @throws BrokenRuleException if it is not
   */
  @SuppressWarnings("unchecked")
  static <A extends Answer> A checked(Request<A> request, Answer answer)
      throws BrokenRuleException {
    if (!ANSWERS.get(request.getClass()).isInstance(answer)) {
      throw wrong(request, answer);
    }
    return (A) answer;
  }

  /** Returns the answers that a sequence consists of. */
  static Expectation of(Request.Stream<?> request) {
    return switch (request) {
      case Request.Run _ ->
          new Expectation(Set.of(ProcessInfo.class), Set.of(Answer.Finished.class), false, 2);
      case Request.Watch _ ->
          new Expectation(
              Set.of(DaemonStatus.class),
              Set.of(DaemonStatus.class, ProcessInfo.class, Answer.ProbeFailed.class),
              true,
              Long.MAX_VALUE);
      case Request.ListProcesses _ -> each(PROCESSES, Set.of(ProcessInfo.class));
      case Request.Follow _ ->
          each(
              Long.MAX_VALUE, Set.of(Answer.Output.class, Answer.Gap.class, Answer.Finished.class));
      case Request.Read _ -> each(Long.MAX_VALUE, Set.of(Answer.Bytes.class));
      case FileRequest.ListFiles _ -> each(Long.MAX_VALUE, Set.of(FileInfo.class));
      case FileRequest.ReadFile _ ->
          new Expectation(
              Set.of(FileInfo.class), Set.of(Answer.Bytes.class), false, Long.MAX_VALUE);
      case FileRequest.ReadTree tree ->
          new Expectation(
              Set.of(FileInfo.class),
              tree.holes()
                  ? Set.of(FileInfo.class, Answer.Bytes.class, Answer.Extents.class)
                  : Set.of(FileInfo.class, Answer.Bytes.class),
              false,
              Long.MAX_VALUE);
      case FileRequest.Search search ->
          search.text() == null
              ? each(Long.MAX_VALUE, Set.of(FileInfo.class))
              : each(Long.MAX_VALUE, Set.of(Answer.Match.class));
      case FileRequest.WatchFiles _ -> each(Long.MAX_VALUE, Set.of(Answer.Changed.class));
    };
  }

  private static Expectation each(long most, Set<Class<? extends Answer>> kinds) {
    return new Expectation(kinds, kinds, false, most);
  }

  /**
   * Refuses an answer that does not belong there.
   *
   * @param before how many there were
   * @throws BrokenRuleException if it does not
   */
  void check(Request<?> request, Answer answer, long before) throws BrokenRuleException {
    if (!(before == 0 ? first : rest).contains(answer.getClass())) {
      throw wrong(request, answer);
    }
    if (before >= most) {
      throw new BrokenRuleException(
          request.getClass().getSimpleName() + " has more than " + most + " answers");
    }
  }

  /** Tells whether the first answer is of another kind than those that follow. */
  boolean hasHead() {
    return !first.equals(rest);
  }

  /** Refuses an end that does not belong there. */
  void checkEnd(Request<?> request) throws BrokenRuleException {
    if (endless) {
      throw new BrokenRuleException(request.getClass().getSimpleName() + " was ended");
    }
  }

  private static BrokenRuleException wrong(Request<?> request, Answer answer) {
    return new BrokenRuleException(
        request.getClass().getSimpleName()
            + " was answered with "
            + answer.getClass().getSimpleName());
  }
}
