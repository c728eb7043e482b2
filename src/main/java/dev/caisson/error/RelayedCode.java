package dev.caisson.error;

/**
 * A code that a sandbox's supervisor has given, mostly the name of a system error. The set is open:
 * a newer supervisor can have codes that this version of the service does not know.
 *
 * @param name such as {@code ENOENT}
 * @param meaning empty if the code is not known
 */
public record RelayedCode(String name, ErrorKind kind, String meaning) implements ErrorCode {}
