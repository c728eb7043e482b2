package dev.caisson.access;

import dev.caisson.sandbox.Tunnel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A tunnel that was opened by a grant, and is cut when that is over. */
final class GrantedTunnel implements Tunnel {
  private final Tunnel tunnel;
  private final Grants.Use use;

  GrantedTunnel(Tunnel tunnel, Grants.Use use) {
    this.tunnel = tunnel;
    this.use = use;
  }

  @Override
  public InputStream input() {
    return tunnel.input();
  }

  @Override
  public OutputStream output() {
    return tunnel.output();
  }

  @Override
  public void endOutput() throws IOException {
    tunnel.endOutput();
  }

  @Override
  public boolean isQuiet() {
    return tunnel.isQuiet();
  }

  @Override
  public void close() {
    use.close();
    tunnel.close();
  }
}
