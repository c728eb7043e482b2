package dev.caisson.supervisor.wire;

import org.jspecify.annotations.Nullable;

/**
 * A file of a sandbox, of any type; a link is described itself, not what it leads to.
 *
 * @param path absolute, as it was asked for or found; a {@link PathText}
 * @param size in bytes
 * @param mode the permission bits, set-user-id, set-group-id and sticky included
 * @param owner the name of {@code uid}, where the sandbox has one
 * @param group the name of {@code gid}, where the sandbox has one
 * @param modifiedAt microseconds since the epoch
 * @param target where a link leads, as it is written in it; of a plain file another name of it,
 *     where names were asked for; a {@link PathText}
 * @param replaced whether it has just taken the place of another, where that was asked for
 * @param sparse whether much less of a plain file is on the disk than its size says
 */
@Bounds(bytes = Connection.MAX_FRAME)
public record FileInfo(
    @Bounds(bytes = 1 << 20, cut = true) String path,
    Type type,
    @Bounds(least = 0) long size,
    int mode,
    @Bounds(least = 0) long uid,
    @Bounds(least = 0) long gid,
    @Bounds(bytes = 256, cut = true, form = Bounds.Form.LINE) @Nullable String owner,
    @Bounds(bytes = 256, cut = true, form = Bounds.Form.LINE) @Nullable String group,
    long modifiedAt,
    @Bounds(bytes = 16 << 10) @Nullable String target,
    boolean replaced,
    @Since(4) boolean sparse)
    implements Answer {

  /** Returns the builder of a file's description. */
  public static FileInfoBuilder builder(String path, Type type) {
    return new FileInfoBuilder(path, type);
  }

  /** The type of a file. */
  public enum Type {
    FILE,
    DIRECTORY,
    LINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    FIFO,
    SOCKET
  }
}
