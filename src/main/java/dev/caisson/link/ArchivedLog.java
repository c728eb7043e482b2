package dev.caisson.link;

import dev.caisson.supervisor.journal.JournalReader;
import dev.caisson.supervisor.wire.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The archived log of the processes that ended without a word, each a record without a directory of
 * its own. The sandbox's root can have written anything there: no more is read than a supervisor
 * keeps.
 */
final class ArchivedLog {
  private static final String DIRECTORY = "ended";

  private ArchivedLog() {}

  /**
   * Returns the records by the number of their process, the last of each: what they say of it is
   * not checked.
   *
   * @param most how many pieces are read
   * @param bytes of all of them together
   * @param longest a record that is larger is none
   */
  static NavigableMap<Long, byte[]> records(Path archive, int most, long bytes, long longest) {
    TreeMap<Long, byte[]> records = new TreeMap<>();
    long left = bytes;
    try (JournalReader reader = JournalReader.after(archive.resolve(DIRECTORY), 0)) {
      int read = 0;
      for (Answer.Simple piece = reader.next();
          piece != null && read < most && left > 0;
          piece = reader.next()) {
        if (piece instanceof Answer.Output output) {
          byte[] record = output.bytes();
          read++;
          left -= record.length;
          if (record.length >= Long.BYTES && record.length <= longest) {
            // Its number comes first in a record.
            records.put(ByteBuffer.wrap(record).getLong(), record);
          }
        }
      }
    } catch (IOException e) {
      // What was read until then is there.
      return records;
    }
    return records;
  }
}
