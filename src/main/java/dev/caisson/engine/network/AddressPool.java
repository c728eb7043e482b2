package dev.caisson.engine.network;

/**
 * The addresses from which sandboxes get networks, a /29 each: room for one sandbox and its way
 * out.
 *
 * @param base first address
 * @param size how many networks there are
 */
record AddressPool(long base, int size) {
  private static final int PREFIX = 29;
  private static final int ADDRESSES = 1 << (32 - PREFIX);

  /** Parses a network such as {@code 10.203.0.0/16}. */
  static AddressPool of(String cidr) {
    String[] parts = cidr.split("/", 2);
    int prefix = Integer.parseInt(parts[1]);
    long address = 0;
    for (String octet : parts[0].split("\\.", -1)) {
      address = address << 8 | Integer.parseInt(octet);
    }
    return new AddressPool(address & -1L << (32 - prefix), 1 << (PREFIX - prefix));
  }

  /** Returns the network of this number. */
  String subnet(int index) {
    long address = base + (long) index * ADDRESSES;
    return "%d.%d.%d.%d/%d"
        .formatted(
            address >> 24 & 255, address >> 16 & 255, address >> 8 & 255, address & 255, PREFIX);
  }
}
