package dev.caisson.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.supervisor.wire.ProcessInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of processes: newest first, each once, while others come and go. */
class ProcessPageTest {

  @Test
  void thePagesTogetherAreTheListNewestFirst() {
    List<ProcessInfo> all = new ArrayList<>();
    for (int pid = 1; pid <= 7; pid++) {
      all.add(new FakeJournal(Integer.toString(pid)).process());
    }
    ProcessPage first = page(all, null, null, 3, null);
    all.add(new FakeJournal("8").process());
    ProcessPage second = page(all, null, null, 3, first.nextCursor());
    ProcessPage third = page(all, null, null, 3, second.nextCursor());

    assertThat(pids(first)).containsExactly(7L, 6L, 5L);
    assertThat(pids(second)).containsExactly(4L, 3L, 2L);
    assertThat(pids(third)).containsExactly(1L);
    assertThat(third.nextCursor()).isNull();
  }

  @Test
  void aStateIsFilteredBeforeThePageIsCut() {
    List<ProcessInfo> all =
        List.of(
            new FakeJournal("1").exit(0).process(),
            new FakeJournal("2").process(),
            new FakeJournal("3").exit(1).process());

    ProcessPage page = page(all, ProcessState.EXITED, null, 2, null);
    assertThat(pids(page)).containsExactly(3L, 1L);
    assertThat(page.nextCursor()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!", "bm9uc2Vuc2U"})
  void aCursorThatIsNoneIsRefusedByItsName(String cursor) {
    assertThatThrownBy(() -> page(List.of(), null, null, 2, cursor))
        .isInstanceOfSatisfying(
            ProcessException.Invalid.class,
            e -> assertThat(e.fields().getFirst().field()).isEqualTo("cursor"));
  }

  private static ProcessPage page(
      List<ProcessInfo> all,
      @Nullable ProcessState state,
      @Nullable String name,
      int limit,
      @Nullable String cursor) {
    ProcessPage.Collector page = new ProcessPage.Collector(state, name, limit, cursor);
    all.forEach(page::add);
    return page.page();
  }

  /** What a sandbox says of its processes can be large, and there is no end to it. */
  @Test
  void aPageOfLargeOnesIsAShortOneThatGoesOn() {
    String large = "x".repeat(2 << 20);
    ProcessPage.Collector collected = new ProcessPage.Collector(null, null, 1000, null);
    for (long at = 1; at <= 100; at++) {
      collected.add(ProcessInfo.builder(at, List.of(large)).startedAt(at).build());
    }

    ProcessPage page = collected.page();

    assertThat(pids(page)).hasSizeBetween(7, 8).startsWith(100L);
    assertThat(page.nextCursor()).isNotNull();
  }

  private static List<Long> pids(ProcessPage page) {
    return page.items().stream().map(ProcessAnswer::pid).toList();
  }
}
