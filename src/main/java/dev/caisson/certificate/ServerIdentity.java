package dev.caisson.certificate;

import java.net.Socket;
import java.security.KeyPair;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The identity that a port shows, a certificate which lives in memory alone: the first handshake
 * after a third of its time has gone gets a new one, so that none ever sees it end.
 */
final class ServerIdentity extends X509ExtendedKeyManager {
  private static final Duration LIFE = Duration.ofDays(90);
  private static final Duration RENEWAL = Duration.ofDays(30);
  private static final String KIND = "EC";

  private final Authority authority;
  private final Supplier<? extends Collection<String>> names;
  private final Clock clock;
  private @Nullable Shown current;

  /** The certificate before, of which a handshake may still be under way. */
  private @Nullable Shown former;

  ServerIdentity(Authority authority, Supplier<? extends Collection<String>> names, Clock clock) {
    this.authority = authority;
    this.names = names;
    this.clock = clock;
  }

  /** A key and its certificate, by an alias that names no other. */
  private record Shown(String alias, PrivateKey key, X509Certificate[] chain, Instant renewal) {}

  private synchronized Shown current() {
    Shown known = current;
    Instant now = clock.instant();
    if (known == null || !now.isBefore(known.renewal)) {
      KeyPair pair = Authority.keyPair();
      X509Certificate made = authority.server(names.get(), pair.getPublic(), now.plus(LIFE));
      former = known;
      known =
          new Shown(
              made.getSerialNumber().toString(),
              pair.getPrivate(),
              new X509Certificate[] {made, authority.certificate()},
              now.plus(RENEWAL));
      current = known;
    }
    return known;
  }

  private synchronized @Nullable Shown of(@Nullable String alias) {
    for (Shown each : new @Nullable Shown[] {current, former}) {
      if (each != null && each.alias.equals(alias)) {
        return each;
      }
    }
    return null;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String kind, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return KIND.equals(kind) ? current().alias : null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String kind, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineServerAlias(kind, issuers, null);
  }

  @Override
  public String @Nullable [] getServerAliases(String kind, Principal @Nullable [] issuers) {
    return KIND.equals(kind) ? new String[] {current().alias} : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    Shown found = of(alias);
    return found == null ? null : found.chain.clone();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    Shown found = of(alias);
    return found == null ? null : found.key;
  }

  /** Returns null, since the port is no client. */
  @Override
  public String @Nullable [] getClientAliases(String kind, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] kinds, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
