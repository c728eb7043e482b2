package dev.caisson.access;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of keys.
 *
 * @param adminKeyFile file with the admin key; made with a new key if it is absent
 */
@Validated
@ConfigurationProperties("caisson.access")
public record AccessProperties(
    @DefaultValue("/var/lib/caisson/admin.key") @NotNull Path adminKeyFile) {}
