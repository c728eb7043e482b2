package dev.caisson.proxy;

/** What is asked in the sandbox did not answer in HTTP, or went away before it had. */
public final class ProxyException extends RuntimeException {
  ProxyException(String message, Throwable cause) {
    super(message, cause);
  }
}
