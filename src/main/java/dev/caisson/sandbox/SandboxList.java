package dev.caisson.sandbox;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A page of sandboxes, newest first. */
@Schema(name = "SandboxList")
record SandboxList(
    List<SandboxAnswer> items,
    @Schema(description = "Give it as 'cursor' for the next page; null on the last")
        @Nullable String nextCursor) {

  /** The page after the cursor, which is the id of the last one seen. */
  static SandboxList page(
      List<Sandbox> newestFirst, Predicate<Sandbox> wanted, @Nullable String cursor, int limit) {
    boolean known =
        cursor != null && newestFirst.stream().anyMatch(s -> s.id().value().equals(cursor));
    List<Sandbox> rest =
        newestFirst.stream()
            .dropWhile(s -> known && !s.id().value().equals(cursor))
            .skip(known ? 1 : 0)
            .filter(wanted)
            .limit(limit + 1L)
            .toList();
    List<Sandbox> page = rest.subList(0, Math.min(limit, rest.size()));
    String next = rest.size() > limit ? page.getLast().id().value() : null;
    return new SandboxList(page.stream().map(SandboxAnswer::from).toList(), next);
  }
}
