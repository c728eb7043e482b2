package dev.caisson.certificate;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names by which clients may know a port: those that its operator has set, first; that of the
 * address it listens at, or those of this host where it listens at all of them; and localhost.
 */
final class ServerNames {
  /**
   * The addresses, set aside for documentation, by which the way out is looked up; nothing is asked
   * of them.
   */
  private static final List<String> FAR = List.of("192.0.2.1", "2001:db8::1");

  private ServerNames() {}

  /**
   * Finds the names of a port.
   *
   * @param address null for all of this host's
   */
  static Set<String> of(List<String> set, @Nullable InetAddress address) {
    Set<String> names = new LinkedHashSet<>();
    set.forEach(name -> names.add(plain(name)));
    if (address == null || address.isAnyLocalAddress()) {
      addHost(names);
    } else {
      names.add(number(address));
    }
    names.addAll(List.of("localhost", "127.0.0.1", number(InetAddress.ofLiteral("::1"))));
    return names;
  }

  /**
   * Returns a name as it is compared: without case, and without the brackets of an IPv6 address.
   */
  static String plain(String name) {
    String lower = name.strip().toLowerCase(Locale.ROOT);
    if (!lower.startsWith("[") || !lower.endsWith("]")) {
      return lower;
    }
    try {
      return number(InetAddress.ofLiteral(lower.substring(1, lower.length() - 1)));
    } catch (IllegalArgumentException e) {
      return lower;
    }
  }

  private static void addHost(Set<String> names) {
    for (String far : FAR) {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.connect(new InetSocketAddress(far, 9));
        InetAddress own = socket.getLocalAddress();
        if (own != null && !own.isAnyLocalAddress()) {
          names.add(number(own));
        }
      } catch (IOException | RuntimeException e) {
        // There is no way out of that kind.
      }
    }
    try {
      names.add(plain(InetAddress.getLocalHost().getHostName()));
    } catch (UnknownHostException e) {
      // This host does not know its own name.
    }
  }

  /** Returns the number of an address, without the name of an interface. */
  private static String number(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
