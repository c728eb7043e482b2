package dev.caisson.supervisor.process;

import dev.caisson.supervisor.system.Log;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of the kernel's lists of sockets ({@code /proc/net/tcp} and its like): those that listen. */
final class SocketTable {
  private static final HexFormat HEX = HexFormat.of();
  private static final int WORD = 4;
  private static final byte[] ANY = new byte[16];

  private SocketTable() {}

  /** The description of a socket; its holders have it under the inode. */
  record Entry(String protocol, String address, int port, long inode) {}

  /**
   * Reads the listening sockets of this list, up to {@code most}; none where the kernel does not
   * have it.
   */
  static List<Entry> read(Path file, String protocol, int most) {
    // A listening TCP socket; of UDP, one that is connected to nobody.
    String state = protocol.equals("tcp") ? "0A" : "07";
    List<Entry> found = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      lines.readLine();
      for (String line = lines.readLine();
          line != null && found.size() < most;
          line = lines.readLine()) {
        Entry entry = entry(line.strip().split(" +", 11), protocol, state);
        if (entry != null) {
          found.add(entry);
        }
      }
    } catch (IOException e) {
      Log.debug("a list of sockets cannot be read", "file", file, "error", e);
    }
    return found;
  }

  private static @Nullable Entry entry(String[] fields, String protocol, String state)
      throws IOException {
    if (fields.length < 10 || !fields[3].equals(state)) {
      return null;
    }
    try {
      int colon = fields[1].indexOf(':');
      return new Entry(
          protocol,
          address(HEX.parseHex(fields[1].substring(0, colon))),
          HexFormat.fromHexDigits(fields[1].substring(colon + 1)),
          Long.parseLong(fields[9]));
    } catch (RuntimeException e) {
      throw new IOException("not a line of a list of sockets", e);
    }
  }

  /** Converts an address, each word of which is written as a number of this machine. */
  private static String address(byte[] words) throws IOException {
    ByteBuffer address = ByteBuffer.allocate(words.length);
    ByteBuffer written = ByteBuffer.wrap(words);
    for (int i = 0; i < words.length; i += WORD) {
      address.order(ByteOrder.nativeOrder()).putInt(written.getInt());
    }
    byte[] bytes = address.array();
    if (bytes.length == ANY.length && java.util.Arrays.equals(bytes, ANY)) {
      return "::";
    }
    InetAddress known = InetAddress.getByAddress(bytes);
    return bytes.length == ANY.length && known.isLoopbackAddress() ? "::1" : known.getHostAddress();
  }
}
