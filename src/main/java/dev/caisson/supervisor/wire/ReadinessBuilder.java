package dev.caisson.supervisor.wire;

import org.jspecify.annotations.Nullable;

/**
 * A builder of {@link Request.Readiness}: each method sets a condition, of which there is none
 * otherwise.
 */
public final class ReadinessBuilder {
  private int port;
  private @Nullable String http;
  private @Nullable String output;
  private long delayMillis;
  private long timeoutMillis;

  ReadinessBuilder() {}

  public ReadinessBuilder port(int port) {
    this.port = port;
    return this;
  }

  public ReadinessBuilder http(@Nullable String http) {
    this.http = http;
    return this;
  }

  public ReadinessBuilder output(@Nullable String output) {
    this.output = output;
    return this;
  }

  public ReadinessBuilder delayMillis(long delayMillis) {
    this.delayMillis = delayMillis;
    return this;
  }

  public ReadinessBuilder timeoutMillis(long timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
    return this;
  }

  public Request.Readiness build() {
    return new Request.Readiness(port, http, output, delayMillis, timeoutMillis);
  }
}
