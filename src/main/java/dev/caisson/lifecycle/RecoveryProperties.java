package dev.caisson.lifecycle;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings for sandboxes that are on the engine and in no record.
 *
 * @param removeUnknown whether sandboxes that carry this service's label and are in no record are
 *     removed; unset, they run on, and a warning names them
 */
@ConfigurationProperties("caisson.sandbox")
record RecoveryProperties(@DefaultValue("false") boolean removeUnknown) {}
