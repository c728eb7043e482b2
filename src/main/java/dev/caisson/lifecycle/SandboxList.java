package dev.caisson.lifecycle;

import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxProperties;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of sandboxes, newest first. */
@Schema(name = "SandboxList")
record SandboxList(
    List<SandboxAnswer> items,
    @Schema(description = "Value of `cursor` for the next page; null on the last page")
        @Nullable String nextCursor) {

  /** Creates a page of these sandboxes, of which one more than the limit was asked for. */
  static SandboxList page(List<Sandbox> found, int limit, SandboxProperties defaults) {
    List<Sandbox> page = found.subList(0, Math.min(limit, found.size()));
    String next = found.size() > limit ? page.getLast().id().value() : null;
    return new SandboxList(
        page.stream().map(each -> SandboxAnswer.from(each, defaults)).toList(), next);
  }
}
