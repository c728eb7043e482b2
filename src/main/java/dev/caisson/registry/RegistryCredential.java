package dev.caisson.registry;

/**
 * The name and the secret for pulls and pushes at a registry. Neither is empty or holds a NUL
 * character.
 */
record RegistryCredential(String username, String secret) {
  private static final int MOST_USERNAME = 255;
  private static final int MOST_SECRET = 8192;

  /**
   * Creates a checked credential; no message repeats what was given.
   *
   * @throws RegistryException.Invalid that names the field
   */
  static RegistryCredential checked(String username, String secret) {
    check("username", username, MOST_USERNAME);
    check("password", secret, MOST_SECRET);
    return new RegistryCredential(username, secret);
  }

  private static void check(String field, String value, int most) {
    if (value.isEmpty() || value.length() > most || value.indexOf('\0') >= 0) {
      throw new RegistryException.Invalid(
          field, "must be 1 to " + most + " characters, none of them NUL");
    }
  }

  @Override
  public String toString() {
    return "RegistryCredential[username=" + username + "]";
  }
}
