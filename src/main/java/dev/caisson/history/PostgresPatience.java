package dev.caisson.history;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/**
 * The bound on how long an answer of PostgreSQL is waited for, where its URL does not say: a
 * network that swallows packets would else hold a connection, and the ledger with it, for a quarter
 * of an hour.
 */
@Component
final class PostgresPatience implements BeanPostProcessor {
  private static final String SECONDS = "10";

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof HikariDataSource source
        && source.getJdbcUrl() != null
        && source.getJdbcUrl().startsWith("jdbc:postgresql:")
        && !source.getJdbcUrl().contains("socketTimeout=")) {
      source.addDataSourceProperty("socketTimeout", SECONDS);
    }
    return bean;
  }
}
