package dev.caisson.registry;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of a registry. They are not validated by annotation: a violation would carry the
 * value.
 */
@Schema(name = "RegistryCredentials", example = "{\"username\": \"ci\", \"password\": \"a token\"}")
record RegistryRequest(
    @Schema(example = "ci") @Nullable String username,
    @Schema(description = "Password or token; never returned, never logged", format = "password")
        @Nullable String password) {

  RegistryCredential toCredential() {
    return RegistryCredential.checked(
        username == null ? "" : username, password == null ? "" : password);
  }

  @Override
  public String toString() {
    return "RegistryRequest[username=" + username + "]";
  }
}
