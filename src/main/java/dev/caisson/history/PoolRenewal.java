package dev.caisson.history;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The renewal of the pool's connections once H2 has closed its file under them, as it does when the
 * disk is full: it opens the file again for a new connection only, and tells the pool that the old
 * ones are valid.
 */
@Component
final class PoolRenewal {
  private static final Logger log = LoggerFactory.getLogger(PoolRenewal.class);

  /**
   * The codes of H2: files cannot be read or written; the database has been closed, or is being
   * closed.
   */
  private static final Set<Integer> CLOSED = Set.of(90028, 90031, 90098, 90121);

  private final DataSource source;

  PoolRenewal(DataSource source) {
    this.source = source;
  }

  /** Renews the connections if that is what this failure tells; returns whether it did. */
  boolean after(Throwable failure) {
    if (!tellsOfAClosedDatabase(failure)) {
      return false;
    }
    try {
      HikariPoolMXBean pool =
          source.isWrapperFor(HikariDataSource.class)
              ? source.unwrap(HikariDataSource.class).getHikariPoolMXBean()
              : null;
      if (pool == null) {
        return false;
      }
      pool.softEvictConnections();
      return true;
    } catch (SQLException e) {
      log.warn("the connections to the database cannot be renewed: {}", e.getMessage());
      return false;
    }
  }

  static boolean tellsOfAClosedDatabase(@Nullable Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql && CLOSED.contains(sql.getErrorCode())) {
        return true;
      }
    }
    return false;
  }
}
