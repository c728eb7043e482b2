package dev.caisson.engine.image;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host of a registry as an image's name has it, in the one spelling in which two that are the
 * same are equal. Nothing is looked up: a name is judged as a name.
 *
 * @param name in lower case, without a dot at its end; an address of version 6 without brackets
 * @param port empty where none is named
 */
record RegistryHost(String name, String port) {
  /** The registry of images whose name has none. */
  static final String HUB = "docker.io";

  private static final Pattern NUMBER = Pattern.compile("0x[0-9a-f]*|[0-9]+");
  private static final Pattern DOTTED =
      Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");

  /** Names that lead to this machine, or are set aside for networks of one's own. */
  private static final List<String> NEAR =
      List.of(
          "localhost",
          "localhost6",
          "localdomain",
          "localdomain6",
          "ip6-localhost",
          "ip6-loopback",
          "internal");

  /** First address and length of the blocks of version 4 that are not the internet's. */
  private static final int[][] PRIVATE = {
    {0, 0, 8},
    {10, 0, 8},
    {100, 64, 10},
    {127, 0, 8},
    {169, 254, 16},
    {172, 16, 12},
    {192, 0, 24},
    {192, 168, 16},
    {198, 18, 15},
    {224, 0, 3},
  };

  /** Parses {@code host}, {@code host:port}, {@code [address]} or {@code [address]:port}. */
  static RegistryHost parse(String text) {
    int colon = text.startsWith("[") ? text.indexOf(':', text.indexOf(']')) : text.indexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    String port = colon < 0 ? "" : text.substring(colon + 1).replaceFirst("^0+(?=.)", "");
    String name = host.replaceAll("^\\[|]$|\\.+$", "").toLowerCase(Locale.ROOT);
    InetAddress address = address(name);
    String one = address == null ? name : address.getHostAddress();
    return new RegistryHost(one.equals("index." + HUB) ? HUB : one, port);
  }

  /** Returns whether this host is the one of an entry, whose name may begin with {@code *.}. */
  boolean isOf(RegistryHost entry) {
    boolean isNamed =
        entry.name.startsWith("*.")
            ? name.endsWith(entry.name.substring(1)) && !isAddress()
            : name.equals(entry.name);
    return isNamed && port.equals(entry.port);
  }

  /**
   * Returns whether this is neither an address of this machine or a private network, in any
   * spelling, nor a name that is known to lead there.
   */
  boolean isPublic() {
    if (isAddress()) {
      InetAddress address = address(name);
      // Other spellings than the usual one, such as 0x7f.1, never name a registry.
      return address != null && isPublic(address);
    }
    return NEAR.stream().noneMatch(near -> name.equals(near) || name.endsWith("." + near));
  }

  /**
   * Returns whether a resolver might take it for an address: it ends with a number, or has colons.
   */
  private boolean isAddress() {
    return name.contains(":")
        || NUMBER.matcher(name.substring(name.lastIndexOf('.') + 1)).matches();
  }

  /** Reads a name as an address; null if it is none, or is not spelled as one. */
  private static @Nullable InetAddress address(String name) {
    if (!name.contains(":") && !DOTTED.matcher(name).matches()) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(name);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Returns whether an address is public; of version 6 only what is routed, and does not hold an
   * address of version 4.
   */
  private static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      int value = value(bytes);
      return Arrays.stream(PRIVATE)
          .noneMatch(block -> (value ^ (block[0] << 24 | block[1] << 16)) >>> (32 - block[2]) == 0);
    }
    int first = value(bytes) >>> 16;
    boolean isTeredo = value(bytes) == 0x2001_0000;
    boolean isSixToFour = first == 0x2002;
    return first >>> 13 == 1 && !isTeredo && !isSixToFour;
  }

  private static int value(byte[] bytes) {
    return ((bytes[0] & 0xff) << 24)
        | ((bytes[1] & 0xff) << 16)
        | ((bytes[2] & 0xff) << 8)
        | (bytes[3] & 0xff);
  }
}
