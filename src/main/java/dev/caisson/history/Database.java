package dev.caisson.history;

import dev.caisson.sandbox.SandboxException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The database, read from threads of its own: an interrupt, which ends a wait everywhere else here,
 * would close the file of H2 or the socket to PostgreSQL for all its users.
 */
@Component
final class Database {
  private final JdbcTemplate sql;
  private final TransactionTemplate transactions;
  private final PoolRenewal renewal;
  private final Reserve reserve;

  Database(
      JdbcTemplate sql,
      PlatformTransactionManager transactions,
      PoolRenewal renewal,
      Reserve reserve) {
    this.sql = sql;
    this.renewal = renewal;
    this.reserve = reserve;
    this.transactions = new TransactionTemplate(transactions);
  }

  /**
   * Reads, once more where the file had been closed; an interrupt is kept for later.
   *
   * @throws SandboxException.RecordsAway if it does not answer
   */
  <T> T read(Function<JdbcTemplate, T> question) {
    FutureTask<T> task = new FutureTask<>(() -> ask(question));
    Thread.ofVirtual().name("database-read").start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> T ask(Function<JdbcTemplate, T> question) {
    try {
      return question.apply(sql);
    } catch (RuntimeException e) {
      if (!recovers(e)) {
        throw e;
      }
      return question.apply(sql);
    }
  }

  /**
   * Recovers the database from a failure, so that the same can succeed the next time; returns false
   * if nothing was found to do.
   */
  private boolean recovers(RuntimeException failure) {
    if (!PoolRenewal.tellsOfAClosedDatabase(failure)) {
      return false;
    }
    reserve.giveUp();
    return renewal.after(failure);
  }

  /** Returns the number that a query answers; 0 where it answers none. */
  long number(String query, Object... values) {
    return read(sql -> {
      Long number = sql.query(query, row -> row.next() ? row.getLong(1) : 0L, values);
      return number == null ? 0L : number;
    });
  }

  /**
   * Makes these changes, all or none; only the ledger's thread does, which is never interrupted.
   */
  void write(Consumer<JdbcTemplate> changes) {
    try {
      transactions.executeWithoutResult(_ -> changes.accept(sql));
    } catch (RuntimeException e) {
      // The writer tries again.
      boolean _ = recovers(e);
      throw e;
    }
  }

  /**
   * Tells whether trying the same again later can help: it was the database, not what it was asked.
   */
  static boolean isAway(RuntimeException e) {
    return e instanceof TransactionException
        || e instanceof NonTransientDataAccessResourceException
        || (e instanceof DataAccessException && !(e instanceof NonTransientDataAccessException));
  }

  private static RuntimeException failure(@Nullable Throwable cause) {
    if (cause instanceof DataAccessException || cause instanceof TransactionException) {
      return new SandboxException.RecordsAway(cause);
    }
    return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
  }
}
