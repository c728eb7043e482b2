package dev.caisson.supervisor.wire;

import org.jspecify.annotations.Nullable;

/**
 * A builder of {@link FileRequest.WriteFile}s: each method sets the component of its name; where
 * none does, the file is new, in a directory that is there.
 */
public final class WriteFileBuilder {
  private final String path;
  private int mode = -1;
  private @Nullable String owner;
  private boolean parents;
  private boolean overwrite;
  private long modifiedAt;
  private boolean follow;
  private boolean holes;

  WriteFileBuilder(String path) {
    this.path = path;
  }

  WriteFileBuilder(FileRequest.WriteFile write) {
    path = write.path();
    mode = write.mode();
    owner = write.owner();
    parents = write.parents();
    overwrite = write.overwrite();
    modifiedAt = write.modifiedAt();
    follow = write.follow();
    holes = write.holes();
  }

  public WriteFileBuilder mode(int mode) {
    this.mode = mode;
    return this;
  }

  public WriteFileBuilder owner(@Nullable String owner) {
    this.owner = owner;
    return this;
  }

  public WriteFileBuilder parents(boolean parents) {
    this.parents = parents;
    return this;
  }

  public WriteFileBuilder overwrite(boolean overwrite) {
    this.overwrite = overwrite;
    return this;
  }

  public WriteFileBuilder modifiedAt(long modifiedAt) {
    this.modifiedAt = modifiedAt;
    return this;
  }

  public WriteFileBuilder follow(boolean follow) {
    this.follow = follow;
    return this;
  }

  public WriteFileBuilder holes(boolean holes) {
    this.holes = holes;
    return this;
  }

  public FileRequest.WriteFile build() {
    return new FileRequest.WriteFile(
        path, mode, owner, parents, overwrite, modifiedAt, follow, holes);
  }
}
