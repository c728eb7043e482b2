package dev.caisson.history;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Copies of H2's file that the service makes by itself.
 *
 * @param kept how many; the oldest goes first, and 0 makes none
 * @param every how long after the last one the next is made
 */
@Validated
@ConfigurationProperties("caisson.backup")
record BackupProperties(
    @DefaultValue("7") @PositiveOrZero int kept, @DefaultValue("24h") @NotNull Duration every) {}
