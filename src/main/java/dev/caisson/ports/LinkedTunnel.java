package dev.caisson.ports;

import dev.caisson.access.Grants;
import dev.caisson.sandbox.Tunnel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Function;

/** A tunnel that is closed when the link is over by which it was opened. */
final class LinkedTunnel implements Tunnel {
  private final Tunnel tunnel;
  private final Grants.Use use;

  LinkedTunnel(Tunnel tunnel, Function<Runnable, Grants.Use> register) {
    this.tunnel = tunnel;
    this.use = register.apply(tunnel::close);
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
  public void close() {
    use.close();
    tunnel.close();
  }
}
