package dev.caisson.certificate;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The port for Docker clients that show a certificate.
 *
 * @param tlsPort its number; 0 for none
 * @param tlsNames host names and addresses by which clients know this host, besides those it finds
 *     itself; the first is handed out where a caller has come by none of all these
 */
@Validated
@ConfigurationProperties("caisson.docker")
record DockerTlsProperties(
    @DefaultValue("0") @Min(0) @Max(65535) int tlsPort,
    @DefaultValue({}) @NotNull
        List<
                @Pattern(
                    regexp = "[A-Za-z0-9.:\\[\\]-]{1,253}",
                    message = "must be a host name or an address")
                String>
            tlsNames) {}
