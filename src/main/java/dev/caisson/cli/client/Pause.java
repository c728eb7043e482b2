package dev.caisson.cli.client;

import java.time.Duration;

/** A wait where no event can end it: a service that is away sends none. */
public interface Pause {
  void rest(Duration time) throws InterruptedException;
}
