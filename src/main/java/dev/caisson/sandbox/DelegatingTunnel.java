package dev.caisson.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A tunnel that passes every call on to another one; subclasses say what its end means. */
public abstract class DelegatingTunnel implements Tunnel {
  private final Tunnel tunnel;

  protected DelegatingTunnel(Tunnel tunnel) {
    this.tunnel = tunnel;
  }

  @Override
  public final InputStream input() {
    return tunnel.input();
  }

  @Override
  public final OutputStream output() {
    return tunnel.output();
  }

  @Override
  public final void endOutput() throws IOException {
    tunnel.endOutput();
  }

  @Override
  public final boolean isQuiet() {
    return tunnel.isQuiet();
  }

  @Override
  public void close() {
    tunnel.close();
  }
}
