package dev.caisson.access;

import org.jspecify.annotations.Nullable;

/** The domain below which things of sandboxes have host names, as another room is told it. */
public interface HostDomain {

  /** In lower case; null if there is none. */
  @Nullable String domain();
}
