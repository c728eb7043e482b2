package dev.caisson.supervisor.daemon;

import java.time.Duration;

/** The questions to the daemons, and how long an answer may take. */
enum ProbeQuestion {
  /** Just started: connects as soon as the sockets are there; slow is not yet mute. */
  START(Duration.ofSeconds(60)),
  /**
   * containerd is back and dockerd, which lived on, must find it: it tries again about every second
   * (Docker 26.1.5: found after 1.0 s).
   */
  RECONNECT(Duration.ofSeconds(15)),
  /** The question whether dockerd still answers. */
  ALIVE(Duration.ofSeconds(5));

  private final Duration patience;

  ProbeQuestion(Duration patience) {
    this.patience = patience;
  }

  Duration patience() {
    return patience;
  }
}
