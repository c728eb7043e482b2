package dev.caisson.access;

import org.jspecify.annotations.Nullable;

/** The domain below which things of sandboxes have host names, as another room supplies it. */
public interface HostDomain {

  /** Returns the domain in lower case; null if there is none. */
  @Nullable String domain();
}
