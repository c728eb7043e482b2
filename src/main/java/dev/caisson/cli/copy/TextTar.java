package dev.caisson.cli.copy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A tar whose names are UTF-8, and which ends at one that is not: commons-compress would read
 * question marks in it, and make one file of two such names.
 */
public final class TextTar extends TarArchiveInputStream {
  /** The offset of the byte that holds a record's type. */
  private static final int TYPE = 156;

  /** True when names come from a pax header, which is read as UTF-8 in any case. */
  private boolean pax;

  private int depth;

  public TextTar(InputStream in) {
    super(new FullReads(in), StandardCharsets.ISO_8859_1.name());
  }

  @Override
  public TarArchiveEntry getNextEntry() throws IOException {
    // Called again by itself for the entry behind a header.
    pax &= depth > 0;
    depth++;
    try {
      return super.getNextEntry();
    } finally {
      depth--;
    }
  }

  /** Returns the name of the newest entry. */
  String name(TarArchiveEntry entry) throws IOException {
    return text(entry.getName());
  }

  /** Returns where the newest entry leads, which is a link. */
  String linkName(TarArchiveEntry entry) throws IOException {
    return text(entry.getLinkName());
  }

  @Override
  protected byte[] readRecord() throws IOException {
    byte[] record = super.readRecord();
    pax |=
        record != null
            && record.length > TYPE
            && record[TYPE] == TarConstants.LF_PAX_EXTENDED_HEADER_LC;
    return record;
  }

  private String text(String bytes) throws IOException {
    if (pax) {
      return bytes;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IOException(
          "a name is not valid UTF-8: "
              + bytes
              + "; download the directory as a tar (GET …/files/archive)",
          e);
    }
  }
}
