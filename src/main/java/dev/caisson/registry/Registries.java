package dev.caisson.registry;

import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.sandbox.Sandbox;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The credentials of all registries. In memory they are sealed as they are in the records; opened,
 * they are on the way to a supervisor alone.
 */
@Component
public class Registries {
  private static final Logger log = LoggerFactory.getLogger(Registries.class);

  private final RegistryRecords records;
  private final CredentialCipher seal;
  private final Sandboxes sandboxes;
  private @Nullable Map<RegistryName, String> known;
  private volatile long changes;

  Registries(RegistryRecords records, CredentialCipher seal, Sandboxes sandboxes) {
    this.records = records;
    this.seal = seal;
    this.sandboxes = sandboxes;
  }

  /** Returns the registries that there are credentials of. */
  synchronized List<RegistryName> names() {
    return List.copyOf(known().keySet());
  }

  /**
   * Keeps a credential in the place of what was kept before, and hands it to every sandbox with
   * Docker.
   */
  void put(RegistryName registry, RegistryCredential credential) throws InterruptedException {
    synchronized (this) {
      String sealed = seal.seal(registry, credential);
      records.replace(registry.value(), sealed, known().get(registry));
      known().put(registry, sealed);
      changes++;
    }
    handToAll();
  }

  /** Forgets the credential of a registry, here and in every sandbox. */
  void delete(RegistryName registry) throws InterruptedException {
    synchronized (this) {
      String before = known().get(registry);
      if (before == null) {
        return;
      }
      records.replace(registry.value(), null, before);
      known().remove(registry);
      changes++;
    }
    handToAll();
  }

  /**
   * Sees to it that what runs in the sandbox from now on has the credentials.
   *
   * @throws SupervisorException.Lost if it could not be reached
   */
  public void handTo(SandboxId sandbox) {
    long version;
    do {
      // Another thread may be on the way with what is older, or newer: the last to end is right.
      version = changes;
      try {
        sandboxes.supervisor(sandbox).ask(new Request.Credentials(opened()));
      } catch (SupervisorException.Refused | SupervisorException.TooOld e) {
        // Of a kit before there were any; its CLI has no helper either.
        log.atDebug()
            .addKeyValue("sandbox", sandbox)
            .addKeyValue("error", e.getMessage())
            .log("sandbox takes no registry credentials");
      }
    } while (version != changes);
  }

  private void handToAll() {
    for (Sandbox sandbox : sandboxes.list()) {
      if (sandbox.spec().docker() && sandbox.state() == SandboxState.READY) {
        handToIfThere(sandbox.id());
      }
    }
  }

  /**
   * Hands the credentials to a sandbox that may be about to end; the next operation in it tries
   * again.
   */
  void handToIfThere(SandboxId sandbox) {
    try {
      handTo(sandbox);
    } catch (SupervisorException | SandboxException e) {
      log.atWarn()
          .addKeyValue("sandbox", sandbox)
          .addKeyValue("error", e.getMessage())
          .log("registry credentials could not be handed to a sandbox");
    }
  }

  private synchronized List<Request.Credential> opened() {
    List<Request.Credential> opened = new ArrayList<>();
    known()
        .forEach((registry, sealed) -> {
          try {
            RegistryCredential credential = seal.open(registry, sealed);
            opened.add(
                new Request.Credential(
                    registry.value(), credential.username(), credential.secret()));
          } catch (CredentialCipher.BrokenException e) {
            log.atWarn()
                .addKeyValue("registry", registry)
                .addKeyValue("error", e.getMessage())
                .log("registry credentials cannot be opened, put them anew");
          }
        });
    return opened;
  }

  /** Reads the credentials as recorded; what was sealed under an older key is sealed anew first. */
  private Map<RegistryName, String> known() {
    if (known == null) {
      Map<RegistryName, String> read = new TreeMap<>();
      records
          .all()
          .forEach((registry, sealed) -> {
            RegistryName name = new RegistryName(registry);
            read.put(name, seal.isOld(sealed) ? anew(name, sealed) : sealed);
          });
      known = read;
    }
    return known;
  }

  private String anew(RegistryName registry, String old) {
    try {
      String sealed = seal.seal(registry, seal.open(registry, old));
      records.replace(registry.value(), sealed, old);
      log.atInfo().addKeyValue("registry", registry).log("registry credentials sealed anew");
      return sealed;
    } catch (CredentialCipher.BrokenException | SandboxException e) {
      log.atWarn()
          .addKeyValue("registry", registry)
          .addKeyValue("error", e.getMessage())
          .log("registry credentials were not sealed anew");
      return old;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return old;
    }
  }
}
