package dev.caisson.engine.image;

import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The progress of one pull, reported in few lines to all who wait for the image. */
final class Pull implements Consumer<PullResponseItem> {
  private static final Logger log = LoggerFactory.getLogger(Pull.class);

  private final List<Consumer<String>> followers = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final Map<String, String> layers = new HashMap<>();
  private @Nullable String error;

  /** Tells a follower all lines, first those that were there before it came. */
  synchronized void follow(Consumer<String> follower) {
    lines.forEach(follower);
    followers.add(follower);
  }

  synchronized void leave(Consumer<String> follower) {
    followers.remove(follower);
  }

  /** Returns what the engine said at the end, if the pull failed. */
  synchronized @Nullable String error() {
    return error;
  }

  @Override
  public synchronized void accept(PullResponseItem item) {
    ResponseItem.ErrorDetail detail = item.getErrorDetail();
    if (detail != null) {
      error = detail.getMessage();
    } else if (item.getStatus() != null) {
      String layer = Objects.requireNonNullElse(item.getId(), "");
      // The engine repeats a status with every few kilobytes: a line for each change is enough.
      if (layer.isEmpty() || !item.getStatus().equals(layers.put(layer, item.getStatus()))) {
        tell((layer.isEmpty() ? "" : layer + ": ") + item.getStatus() + size(item));
      }
    }
  }

  private void tell(String line) {
    lines.add(line);
    for (Consumer<String> follower : List.copyOf(followers)) {
      try {
        follower.accept(line);
      } catch (RuntimeException e) {
        log.warn("who waits for an image failed on its progress and is told no more of it", e);
        followers.remove(follower);
      }
    }
  }

  private static String size(PullResponseItem item) {
    ResponseItem.ProgressDetail detail = item.getProgressDetail();
    Long total = detail == null ? null : detail.getTotal();
    return total == null || total <= 0 ? "" : " (" + total + " bytes)";
  }
}
