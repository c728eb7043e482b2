package dev.caisson.lifecycle;

import dev.caisson.host.Preflight;
import dev.caisson.sandbox.Admission;
import dev.caisson.sandbox.Isolation;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxSpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The admission of sandboxes to this host: what it can do, and the disk space that it has left. */
@Component
final class HostAdmission {
  private final Preflight preflight;
  private final HostDisk disk;

  HostAdmission(Preflight preflight, HostDisk disk) {
    this.preflight = preflight;
    this.disk = disk;
  }

  /**
   * Admits a sandbox for a caller.
   *
   * @param isolation that is asked for, null for the best there is
   * @throws SandboxException.Unsupported if this host cannot do what was asked for
   * @throws SandboxException.HostDiskFull if there is no room for one more
   */
  Admission admit(SandboxSpec spec, @Nullable Isolation isolation) throws InterruptedException {
    Admission admission = fit(spec, isolation);
    disk.admit();
    return admission;
  }

  /** Admits a spare sandbox, by what was last seen of the host. */
  Admission admitSpare(SandboxSpec spec, @Nullable Isolation isolation)
      throws InterruptedException {
    disk.admit();
    return Admission.of(spec, isolation, preflight.report());
  }

  private Admission fit(SandboxSpec spec, @Nullable Isolation isolation)
      throws InterruptedException {
    try {
      return Admission.of(spec, isolation, preflight.report());
    } catch (SandboxException.KitMissing e) {
      // It may have been built meanwhile.
      return Admission.of(spec, isolation, preflight.again());
    }
  }
}
