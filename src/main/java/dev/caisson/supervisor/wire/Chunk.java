package dev.caisson.supervisor.wire;

/**
 * A piece of the content that follows a {@link FileRequest.Upload}.
 *
 * @param last whether the content is whole with it; a connection that ends before has none of it
 */
public record Chunk(byte[] bytes, boolean last) implements Message {}
