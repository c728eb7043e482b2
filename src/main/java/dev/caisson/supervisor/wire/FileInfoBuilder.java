package dev.caisson.supervisor.wire;

import org.jspecify.annotations.Nullable;

/**
 * A builder of {@link FileInfo}s: each method sets the component of its name, which is absent or 0
 * otherwise.
 */
public final class FileInfoBuilder {
  private final String path;
  private final FileInfo.Type type;
  private long size;
  private int mode;
  private long uid;
  private long gid;
  private @Nullable String owner;
  private @Nullable String group;
  private long modifiedAt;
  private @Nullable String target;
  private boolean replaced;
  private boolean sparse;

  FileInfoBuilder(String path, FileInfo.Type type) {
    this.path = path;
    this.type = type;
  }

  public FileInfoBuilder size(long size) {
    this.size = size;
    return this;
  }

  public FileInfoBuilder mode(int mode) {
    this.mode = mode;
    return this;
  }

  public FileInfoBuilder uid(long uid) {
    this.uid = uid;
    return this;
  }

  public FileInfoBuilder gid(long gid) {
    this.gid = gid;
    return this;
  }

  public FileInfoBuilder owner(@Nullable String owner) {
    this.owner = owner;
    return this;
  }

  public FileInfoBuilder group(@Nullable String group) {
    this.group = group;
    return this;
  }

  public FileInfoBuilder modifiedAt(long modifiedAt) {
    this.modifiedAt = modifiedAt;
    return this;
  }

  public FileInfoBuilder target(@Nullable String target) {
    this.target = target;
    return this;
  }

  public FileInfoBuilder replaced(boolean replaced) {
    this.replaced = replaced;
    return this;
  }

  public FileInfoBuilder sparse(boolean sparse) {
    this.sparse = sparse;
    return this;
  }

  public FileInfo build() {
    return new FileInfo(
        path, type, size, mode, uid, gid, owner, group, modifiedAt, target, replaced, sparse);
  }
}
