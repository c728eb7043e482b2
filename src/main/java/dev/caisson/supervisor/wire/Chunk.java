package dev.caisson.supervisor.wire;

/**
 * A piece of the content that follows a {@link FileRequest.Upload}.
 *
 * @param last whether the content is whole with it; a connection that ends before has none of it
 * @param hole how many zeros come before these bytes, for which the file system need not keep room
 */
public record Chunk(byte[] bytes, boolean last, @Since(4) long hole) implements Message {
  /** A piece without a hole before it. */
  public Chunk(byte[] bytes, boolean last) {
    this(bytes, last, 0);
  }
}
