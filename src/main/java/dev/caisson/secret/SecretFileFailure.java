package dev.caisson.secret;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * The analyzer that says in two lines, in place of a stack trace, why a secret keeps the service
 * from starting.
 */
final class SecretFileFailure extends AbstractFailureAnalyzer<SecretFileException> {

  @Override
  protected FailureAnalysis analyze(Throwable root, SecretFileException cause) {
    return new FailureAnalysis(cause.getMessage(), cause.remedy, cause);
  }
}
