package dev.caisson.archive;

import dev.caisson.streams.BoundedInput;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a tar whose writer is not trusted. What an entry says of itself is bounded before it
 * is kept: commons-compress (1.28) reads a name or a pax header of any announced length into
 * memory.
 */
public final class TarEntries implements Closeable {
  /** The most bytes that lie between the content of an entry and that of the next. */
  static final int MAX_HEAD = 1 << 20;

  /** The longest name or link target, in characters: the kernel takes no longer path. */
  static final int MAX_NAME = 4096;

  /** The most characters of pax headers that hold for an entry, those of the whole tar included. */
  static final int MAX_PAX = 256 << 10;

  private final BoundedInput in;
  private final NamedTar tar;

  /** Reads entries of this tar; it is closed with this. */
  public TarEntries(InputStream in) {
    this.in = new BoundedInput(in);
    this.tar = new NamedTar(this.in);
  }

  /**
   * Returns the next entry, past what is left of the content of the one before; null after the
   * last.
   *
   * @throws IOException if it cannot be read, or says more of itself than {@link #MAX_HEAD} bytes,
   *     {@link #MAX_NAME} characters of a name or {@link #MAX_PAX} of pax headers
   */
  public @Nullable TarArchiveEntry next() throws IOException {
    if (tar.getCurrentEntry() != null) {
      tar.transferTo(OutputStream.nullOutputStream());
    }
    in.bound(MAX_HEAD);
    TarArchiveEntry entry;
    try {
      entry = tar.getNextEntry();
    } catch (IllegalArgumentException | IndexOutOfBoundsException | NegativeArraySizeException e) {
      throw new IOException("an entry has a malformed header", e);
    }
    in.unbound();
    if (entry != null) {
      check(entry);
      entry.setUserName(tar.text("uname", entry.getUserName()));
      entry.setGroupName(tar.text("gname", entry.getGroupName()));
    }
    return entry;
  }

  /** Returns the name of the entry that was read last, as {@code PathText}. */
  public String name() {
    return tar.name(tar.getCurrentEntry());
  }

  /** Returns where the entry leads that was read last, which is a link, as {@code PathText}. */
  public String linkName() {
    return tar.linkName(tar.getCurrentEntry());
  }

  private static void check(TarArchiveEntry entry) throws IOException {
    if (entry.getName().length() > MAX_NAME || length(entry.getLinkName()) > MAX_NAME) {
      throw new IOException("an entry has a name of more than " + MAX_NAME + " characters");
    }
    int pax = 0;
    for (Map.Entry<String, String> header : entry.getExtraPaxHeaders().entrySet()) {
      pax += header.getKey().length() + header.getValue().length();
      if (pax > MAX_PAX) {
        throw new IOException("an entry has more than " + MAX_PAX + " characters of pax headers");
      }
    }
    if (entry.getSize() < 0 || entry.getRealSize() < 0) {
      throw new IOException("an entry has a negative size");
    }
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /** Returns the content of the entry that was read last; closed with this. */
  public InputStream content() {
    return tar;
  }

  /** Tells whether the content of this entry can be read; of some sparse formats it cannot. */
  public boolean canRead(TarArchiveEntry entry) {
    return tar.canReadEntryData(entry);
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }
}
