package dev.caisson.cli;

import java.time.Duration;

/** How to wait where nothing can tell that it is time: a service that is away says nothing. */
interface Pause {
  void rest(Duration time) throws InterruptedException;
}
