package dev.caisson.supervisor.system;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A piece of memory outside of the heap, which the C library reads and writes; what is taken of it
 * lies one behind the other. It belongs to one thread at a time and is gone with the last who holds
 * it.
 *
 * <p>A buffer, and no segment of the JDK's: the code by which those are read and written is
 * generated anew at each start of the virtual machine, which takes milliseconds.
 */
public final class Memory {
  private static final int WORD = 8;

  private final ByteBuffer bytes;
  private final long address;

  public Memory(int size) {
    bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    address = NativeCalls.address(bytes);
  }

  public int size() {
    return bytes.capacity();
  }

  /** Gives everything back that was taken; the contents stay. */
  public Memory clear() {
    bytes.clear();
    return this;
  }

  /** Takes so many bytes, which begin at a word; returns their address. */
  public long take(int count) {
    int at = (bytes.position() + WORD - 1) / WORD * WORD;
    bytes.position(at + count);
    return address + at;
  }

  /** Takes room for a text as C has it, and writes it; returns its address. */
  public long text(String text) {
    int at = bytes.position();
    bytes.put(text.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
    return address + at;
  }

  /**
   * Takes room for texts, and the array of their addresses, with the end that C expects; returns
   * the array's address.
   */
  public long texts(List<String> texts) {
    long array = take((texts.size() + 1) * WORD);
    int at = offset(array);
    for (String text : texts) {
      bytes.putLong(at, text(text));
      at += WORD;
    }
    bytes.putLong(at, 0);
    return array;
  }

  /** Returns the room that is enough for texts, in bytes, whatever is in them. */
  public static long room(List<String> texts) {
    long room = 2 * WORD;
    for (String text : texts) {
      room += WORD + 3L * text.length() + 1;
    }
    return room;
  }

  public int getInt(long at) {
    return bytes.getInt(offset(at));
  }

  void putInt(long at, int value) {
    bytes.putInt(offset(at), value);
  }

  public long getLong(long at) {
    return bytes.getLong(offset(at));
  }

  public void putLong(long at, long value) {
    bytes.putLong(offset(at), value);
  }

  private int offset(long at) {
    return (int) (at - address);
  }
}
