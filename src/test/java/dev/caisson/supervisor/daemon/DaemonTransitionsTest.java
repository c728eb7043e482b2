package dev.caisson.supervisor.daemon;

import static dev.caisson.supervisor.daemon.DaemonEvent.CONTAINERD_EXITED;
import static dev.caisson.supervisor.daemon.DaemonEvent.DOCKERD_EXITED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.daemon.DaemonTransitions.Move;
import dev.caisson.supervisor.wire.DaemonStatus.State;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DaemonTransitionsTest {

  /** Which of the two run in a phase: what every other statement about the table rests on. */
  private static Set<Daemon> running(DaemonPhase phase) {
    return switch (phase) {
      case STARTING, RECONNECTING, READY, MUTE, DUMPING, ENDING_MUTE, RESTARTING, STOPPING ->
          EnumSet.of(Daemon.CONTAINERD, Daemon.DOCKERD);
      case DOCKERD_WAITS, TURNING, STOPPING_CONTAINERD, GIVING_UP_CONTAINERD ->
          EnumSet.of(Daemon.CONTAINERD);
      case CONTAINERD_WAITS,
          ENDING_MUTE_ALONE,
          RESTARTING_ALONE,
          STOPPING_ALONE,
          GIVING_UP_DOCKERD ->
          EnumSet.of(Daemon.DOCKERD);
      case STOPPED, BOTH_WAIT, FAILED, UNSUPPORTED -> EnumSet.noneOf(Daemon.class);
    };
  }

  private enum Daemon {
    CONTAINERD,
    DOCKERD
  }

  static Stream<Arguments> everyPair() {
    return Stream.of(DaemonPhase.values())
        .flatMap(phase -> Stream.of(DaemonEvent.values()).map(event -> Arguments.of(phase, event)));
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void everyPairIsDecidedAndKeepsAccountOfWhatRuns(DaemonPhase phase, DaemonEvent event) {
    Move move = DaemonTransitions.next(phase, event);

    Set<Daemon> running = EnumSet.copyOf(withNone(running(phase)));
    if (event == DOCKERD_EXITED) {
      running.remove(Daemon.DOCKERD);
    } else if (event == CONTAINERD_EXITED) {
      running.remove(Daemon.CONTAINERD);
    }
    for (DaemonAction action : move.actions()) {
      switch (action) {
        case START, START_AGAIN -> running = EnumSet.allOf(Daemon.class);
        case DUMP, END_MUTE, TERM_DOCKERD, KILL_DOCKERD ->
            assertThat(running).contains(Daemon.DOCKERD);
        case TERM_CONTAINERD, KILL_CONTAINERD -> {
          // Its shims report to it, and dockerd asks it: it goes last.
          assertThat(running).containsExactly(Daemon.CONTAINERD);
        }
        case BACK_OFF -> assertThat(running).hasSizeLessThan(2);
        case FORGIVE, BE_PATIENT, CALM_DOWN -> {}
      }
    }
    if (event == DaemonEvent.CANNOT && phase == DaemonPhase.STARTING) {
      // Said before anything was started.
      running = EnumSet.noneOf(Daemon.class);
    }
    assertThat(running(move.phase())).isEqualTo(running);
  }

  @ParameterizedTest
  @EnumSource
  void whateverItDoesAStopEndsInStopped(DaemonPhase phase) {
    if (phase != DaemonPhase.UNSUPPORTED) {
      DaemonPhase stopping = DaemonTransitions.next(phase, DaemonEvent.WANT_DOWN).phase();
      assertThat(stopping.state()).isEqualTo(State.STOPPED);
      assertThat(exits(stopping)).isEqualTo(DaemonPhase.STOPPED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whateverItDoesAStartEndsInReady(DaemonPhase phase) {
    if (phase != DaemonPhase.UNSUPPORTED) {
      DaemonPhase starting = DaemonTransitions.next(phase, DaemonEvent.WANT_UP).phase();
      while (!starting.listens()) {
        starting =
            DaemonTransitions.next(
                    starting,
                    running(starting).contains(Daemon.DOCKERD) ? DOCKERD_EXITED : CONTAINERD_EXITED)
                .phase();
      }
      assertThat(DaemonTransitions.next(starting, DaemonEvent.ANSWERED).phase())
          .isEqualTo(DaemonPhase.READY);
    }
  }

  @Test
  void everyPhaseCanBeReached() {
    Set<DaemonPhase> reached = EnumSet.of(DaemonPhase.STOPPED);
    Queue<DaemonPhase> next = new ArrayDeque<>(reached);
    while (!next.isEmpty()) {
      DaemonPhase phase = next.remove();
      for (DaemonEvent event : DaemonEvent.values()) {
        DaemonPhase then = DaemonTransitions.next(phase, event).phase();
        if (reached.add(then)) {
          next.add(then);
        }
      }
    }
    assertThat(reached).containsExactlyInAnyOrder(DaemonPhase.values());
  }

  @ParameterizedTest
  @EnumSource
  void unsupportedIsTheEnd(DaemonEvent event) {
    assertThat(DaemonTransitions.next(DaemonPhase.UNSUPPORTED, event))
        .isEqualTo(new Move(DaemonPhase.UNSUPPORTED, java.util.List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "READY, DOCKERD_EXITED, DOCKERD_WAITS, BACK_OFF",
    "DOCKERD_WAITS, TIMER, STARTING, START_AGAIN",
    "READY, CONTAINERD_EXITED, CONTAINERD_WAITS, BACK_OFF",
    "CONTAINERD_WAITS, TIMER, RECONNECTING, START_AGAIN",
    "RECONNECTING, SILENT, ENDING_MUTE, END_MUTE",
    "READY, SILENT, MUTE, BE_PATIENT",
    "MUTE, SILENT, MUTE,",
    "MUTE, ANSWERED, READY, CALM_DOWN",
    "MUTE, TIMER, DUMPING, DUMP",
    "DUMPING, ANSWERED, READY, CALM_DOWN",
    "DUMPING, TIMER, ENDING_MUTE, END_MUTE",
    "ENDING_MUTE, ANSWERED, ENDING_MUTE,",
    "ENDING_MUTE, TIMER, ENDING_MUTE, KILL_DOCKERD",
    "ENDING_MUTE, DOCKERD_EXITED, DOCKERD_WAITS, BACK_OFF",
    "ENDING_MUTE, CONTAINERD_EXITED, ENDING_MUTE_ALONE,",
    "ENDING_MUTE_ALONE, DOCKERD_EXITED, BOTH_WAIT, BACK_OFF",
    "STARTING, SILENT, MUTE, BE_PATIENT",
    "READY, WANT_UP, READY, FORGIVE",
    "STOPPING, TIMER, STOPPING, KILL_DOCKERD",
    "STOPPING, DOCKERD_EXITED, STOPPING_CONTAINERD, TERM_CONTAINERD",
    "STOPPING, ANSWERED, STOPPING,",
    "STARTING, CANNOT, UNSUPPORTED,",
  })
  void theMovesThatMatter(
      DaemonPhase phase, DaemonEvent event, DaemonPhase then, DaemonAction action) {
    Move move = DaemonTransitions.next(phase, event);
    assertThat(move.phase()).isEqualTo(then);
    assertThat(move.actions())
        .isEqualTo(action == null ? java.util.List.of() : java.util.List.of(action));
  }

  private static DaemonPhase exits(DaemonPhase phase) {
    DaemonPhase then = phase;
    if (running(then).contains(Daemon.DOCKERD)) {
      then = DaemonTransitions.next(then, DOCKERD_EXITED).phase();
    }
    if (running(then).contains(Daemon.CONTAINERD)) {
      then = DaemonTransitions.next(then, CONTAINERD_EXITED).phase();
    }
    return then;
  }

  private static EnumSet<Daemon> withNone(Set<Daemon> daemons) {
    EnumSet<Daemon> result = EnumSet.noneOf(Daemon.class);
    result.addAll(daemons);
    return result;
  }
}
