package dev.caisson.cli;

import java.time.Duration;

/** A wait where no event can end it: a service that is away sends none. */
interface Pause {
  void rest(Duration time) throws InterruptedException;
}
