package dev.caisson.certificate;

import dev.caisson.secret.SecretFile;
import dev.caisson.secret.SecretFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The authority of one state directory, which signs certificates. Its key is in a file there that
 * only its owner can read, and is handed to no one.
 */
final class Authority {
  private static final Duration LIFE = Duration.ofDays(3650);

  /** The time by which clocks of clients may be behind. */
  private static final Duration SKEW = Duration.ofMinutes(10);

  private static final String CURVE = "secp256r1";
  private static final String SIGNATURE = "SHA256withECDSA";

  private static final int SERIAL_BITS = 126;

  /** The fewest characters that a key with its certificate has. */
  private static final int LEAST = 500;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final Clock clock;

  private Authority(X509Certificate certificate, PrivateKey key, Clock clock) {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
  }

  /**
   * Reads the authority of this file, which is made where it is absent.
   *
   * @throws SecretFileException if it is broken, or over
   */
  static Authority of(Path file, Clock clock) {
    String text = new SecretFile(file, LEAST).readOrMake(() -> generate(clock));
    Authority read;
    try {
      read =
          new Authority(
              certificate(Pem.read(Pem.CERTIFICATE, text)),
              KeyFactory.getInstance("EC")
                  .generatePrivate(new PKCS8EncodedKeySpec(Pem.read(Pem.PRIVATE_KEY, text))),
              clock);
      // The two parts must be of each other.
      read.client("check", read.certificate.getPublicKey(), clock.instant())
          .verify(read.certificate.getPublicKey());
    } catch (GeneralSecurityException | IllegalArgumentException | IllegalStateException e) {
      // No cause: its message could quote the key.
      throw new SecretFileException(
          file,
          "must hold a private key and its certificate, unchanged",
          "Restore it from a backup, or remove it: the next start creates a new one, and client"
              + " certificates must be issued again.");
    }
    if (!clock.instant().isBefore(read.end())) {
      throw new SecretFileException(
          file,
          "contains an authority that expired at " + read.end(),
          "Remove it: the next start creates a new one, and client certificates must be"
              + " issued again.");
    }
    return read;
  }

  private static String generate(Clock clock) {
    KeyPair pair = keyPair();
    byte[] id = new byte[4];
    RANDOM.nextBytes(id);
    X500Name name = new X500Name("CN=Caisson Docker CA " + HexFormat.of().formatHex(id));
    Instant now = clock.instant();
    try {
      X509v3CertificateBuilder builder =
          builder(name, now.plus(LIFE), name, pair.getPublic(), clock)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
              .addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
      return Pem.write(Pem.PRIVATE_KEY, pair.getPrivate().getEncoded())
          + Pem.write(Pem.CERTIFICATE, signed(builder, pair.getPrivate()).getEncoded());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Creates a new pair, of the kind that all its certificates have. */
  static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** Returns when the time of the authority is over, and that of all it has signed. */
  Instant end() {
    return certificate.getNotAfter().toInstant();
  }

  /**
   * Signs a client's certificate.
   *
   * @param name all that is in its subject
   * @param until it is good no longer than that
   */
  X509Certificate client(String name, PublicKey of, Instant until) {
    return leaf(new X500Name("CN=" + name), of, until, KeyPurposeId.id_kp_clientAuth, null);
  }

  /**
   * Signs a server's certificate.
   *
   * @param names by which its clients know it: host names, and addresses as numbers
   */
  X509Certificate server(Collection<String> names, PublicKey of, Instant until) {
    GeneralName[] all = names.stream().map(Authority::generalName).toArray(GeneralName[]::new);
    return leaf(
        new X500Name("CN=Caisson Docker"),
        of,
        until,
        KeyPurposeId.id_kp_serverAuth,
        new GeneralNames(all));
  }

  private static GeneralName generalName(String name) {
    boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private X509Certificate leaf(
      X500Name subject,
      PublicKey of,
      Instant until,
      KeyPurposeId purpose,
      @Nullable GeneralNames names) {
    Instant end = until.isBefore(end()) ? until : end();
    X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    try {
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      X509v3CertificateBuilder builder =
          builder(issuer, end, subject, of, clock)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose))
              .addExtension(
                  Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(of))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
      if (names != null) {
        builder.addExtension(Extension.subjectAlternativeName, false, names);
      }
      return signed(builder, key);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, Instant end, X500Name subject, PublicKey of, Clock clock) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1),
        Date.from(clock.instant().minus(SKEW)),
        Date.from(end),
        subject,
        of);
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey by)
      throws IOException, GeneralSecurityException {
    try {
      return certificate(
          builder.build(new JcaContentSignerBuilder(SIGNATURE).build(by)).getEncoded());
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static X509Certificate certificate(byte[] encoded) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }
}
