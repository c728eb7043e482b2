package dev.caisson.history;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;

/**
 * The analyzer that says in two lines, in place of a stack trace, that the file of the database is
 * damaged.
 */
final class DamagedDatabaseFailure implements FailureAnalyzer {
  /**
   * The codes of H2: the file is corrupted; it is of no version that is known; it cannot be read.
   */
  private static final Set<Integer> DAMAGED = Set.of(90030, 90048, 90028, 50000);

  private final Environment environment;

  DamagedDatabaseFailure(Environment environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql
          && sql.getClass().getPackageName().startsWith("org.h2")
          && DAMAGED.contains(sql.getErrorCode())) {
        String home = environment.getProperty("caisson.sandbox.home", "CAISSON_HOME");
        return new FailureAnalysis(
            "the database "
                + home
                + "/database/caisson.mv.db cannot be read: it is damaged ("
                + sql.getErrorCode()
                + ")",
            "Move it away and unpack the newest of "
                + home
                + "/backup in its place (docs/operations.md, Backup); without a backup, move it"
                + " away: the service starts with an empty history, and sandboxes run on",
            failure);
      }
    }
    return null;
  }
}
