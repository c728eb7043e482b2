package dev.caisson.supervisor.files;

import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.Yield;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.RefusedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a file has data, and where it has holes. However many there are, the list is bounded:
 * the smallest holes are taken for data.
 */
final class DataExtents {
  /** The size of a tar's blocks, in bytes: each extent but the last is whole blocks. */
  private static final int BLOCK = 512;

  private final long size;
  private List<Answer.Extent> extents = new ArrayList<>();

  /** Holes of less than this are taken for data. */
  private long least = BLOCK;

  private DataExtents(long size) {
    this.size = size;
  }

  /** Finds the extents of a file that is open; null if its holes are not worth it. */
  static Answer.@Nullable Extents of(
      FileCalls calls, FilePlace place, int descriptor, FileStat stat, Yield turn)
      throws InterruptedException {
    if (!stat.isSparse()) {
      return null;
    }
    DataExtents found = new DataExtents(stat.size());
    try {
      found.find(calls, place, descriptor, turn);
    } catch (RefusedException e) {
      Log.debug("where a file has holes cannot be told", "why", e.getMessage());
      return null;
    }
    long data = found.extents.stream().mapToLong(Answer.Extent::length).sum();
    return stat.size() - data < FileStat.LARGE_HOLE ? null : new Answer.Extents(found.extents);
  }

  private void find(FileCalls calls, FilePlace place, int descriptor, Yield turn)
      throws InterruptedException, RefusedException {
    long at = 0;
    while (at < size) {
      // A file system of somebody's own making may answer with what lies behind.
      long data = calls.data(place, descriptor, at);
      if (data < 0) {
        return;
      }
      data = Math.max(at, data);
      if (data >= size) {
        return;
      }
      long hole = calls.hole(place, descriptor, data);
      at = hole <= data ? size : hole;
      add(data / BLOCK * BLOCK, at > size - BLOCK ? size : (at + BLOCK - 1) / BLOCK * BLOCK);
      turn.give();
    }
  }

  private void add(long from, long to) {
    join(extents, from, to);
    while (extents.size() > Answer.Extents.MOST) {
      least *= 2;
      List<Answer.Extent> fewer = new ArrayList<>();
      extents.forEach(each -> join(fewer, each.offset(), each.offset() + each.length()));
      extents = fewer;
    }
  }

  private void join(List<Answer.Extent> list, long from, long to) {
    Answer.Extent last = list.isEmpty() ? null : list.getLast();
    if (last != null && from - last.offset() - last.length() < least) {
      list.set(list.size() - 1, new Answer.Extent(last.offset(), to - last.offset()));
    } else {
      list.add(new Answer.Extent(from, to - from));
    }
  }
}
