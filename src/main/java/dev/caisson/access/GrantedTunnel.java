package dev.caisson.access;

import dev.caisson.sandbox.DelegatingTunnel;
import dev.caisson.sandbox.Tunnel;

/** A tunnel that was opened by a grant, and is cut when that is over. */
final class GrantedTunnel extends DelegatingTunnel {
  private final Grants.Use use;

  GrantedTunnel(Tunnel tunnel, Grants.Use use) {
    super(tunnel);
    this.use = use;
  }

  @Override
  public void close() {
    use.close();
    super.close();
  }
}
