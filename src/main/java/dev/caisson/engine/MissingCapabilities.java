package dev.caisson.engine;

import java.util.ArrayList;
import java.util.List;

/** Capabilities that matter to containers in sandboxes, and that the host itself does not have. */
final class MissingCapabilities {
  private static final List<String> NAMES =
      List.of(
          "CHOWN",
          "DAC_OVERRIDE",
          "DAC_READ_SEARCH",
          "FOWNER",
          "FSETID",
          "KILL",
          "SETGID",
          "SETUID",
          "SETPCAP",
          "LINUX_IMMUTABLE",
          "NET_BIND_SERVICE",
          "NET_BROADCAST",
          "NET_ADMIN",
          "NET_RAW",
          "IPC_LOCK",
          "IPC_OWNER",
          "SYS_MODULE",
          "SYS_RAWIO",
          "SYS_CHROOT",
          "SYS_PTRACE",
          "SYS_PACCT",
          "SYS_ADMIN",
          "SYS_BOOT",
          "SYS_NICE",
          "SYS_RESOURCE",
          "SYS_TIME",
          "SYS_TTY_CONFIG",
          "MKNOD",
          "LEASE",
          "AUDIT_WRITE",
          "AUDIT_CONTROL",
          "SETFCAP");

  private MissingCapabilities() {}

  /**
   * Returns the capabilities missing in the mask of hexadecimal digits, as the kernel writes it;
   * none if there is no mask.
   */
  static List<String> in(String mask) {
    List<String> missing = new ArrayList<>();
    if (mask.matches("[0-9a-fA-F]{1,16}")) {
      long bits = Long.parseUnsignedLong(mask, 16);
      for (int bit = 0; bit < NAMES.size(); bit++) {
        if ((bits & 1L << bit) == 0) {
          missing.add("CAP_" + NAMES.get(bit));
        }
      }
    }
    return missing;
  }
}
