package dev.caisson.supervisor.wire;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of the service to a sandbox's file system. The supervisor acts as root of the sandbox;
 * every path is absolute and is resolved inside. {@link Answer.Refused} carries the system error's
 * name and a message with the path.
 *
 * @param <A> the answer
 */
public sealed interface FileRequest<A extends Answer> extends Request<A> {

  /** Hands this to what answers requests of the file system. */
  void answeredBy(FileRequestHandler handler)
      throws IOException, InterruptedException, RefusedException;

  @Override
  default void answeredBy(RequestHandler handler)
      throws IOException, InterruptedException, RefusedException {
    handler.handle(this);
  }

  /** A file request that is answered by a sequence, ended by {@link Answer.Done}. */
  sealed interface Streamed<A extends Answer> extends FileRequest<A>, Request.Stream<A> {}

  /**
   * A request that is followed by {@link Chunk}s and answered when the last of them was taken. One
   * that is refused may be refused before; its connection ends with the refusal.
   */
  sealed interface Upload<A extends Answer> extends FileRequest<A> {}

  /** Describes one file. */
  record Stat(String path) implements FileRequest<FileInfo> {
    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Lists what is in a directory, and in those in it down to this depth: each directory before what
   * is in it, siblings by name. Links are not followed.
   *
   * @param depth 1 for the directory's own entries
   */
  record ListFiles(String path, int depth) implements Streamed<FileInfo> {
    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Reads a plain file: {@link FileInfo} first, then {@link Answer.Bytes}. A link is followed.
   *
   * @param offset negative counts from the end
   * @param length how many bytes at most, -1 for all
   */
  record ReadFile(String path, long offset, long length) implements Streamed<Answer> {
    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Writes a file, whole or not at all: under another name beside it, then renamed.
   *
   * @param mode permission bits, -1 for those of the file that it replaces, else 0644
   * @param owner as {@link Request.Start#user()}; null for that of the file that it replaces, else
   *     the user that processes get by default
   * @param parents whether missing directories are made
   * @param overwrite whether a file may be there already ({@code EEXIST}), a link too
   * @param modifiedAt microseconds since the epoch, 0 for now
   * @param follow whether a link is followed to the file that is written then, there or not yet;
   *     else the link is replaced
   * @param holes whether its content may come with {@link Chunk#hole}s
   */
  record WriteFile(
      String path,
      int mode,
      @Nullable String owner,
      boolean parents,
      boolean overwrite,
      long modifiedAt,
      @Since(2) boolean follow,
      @Since(4) boolean holes)
      implements Upload<FileInfo> {

    /** Returns the builder of a request to write this file. */
    public static WriteFileBuilder builder(String path) {
      return new WriteFileBuilder(path);
    }

    /** Returns a copy that writes through a link. */
    public WriteFile followed() {
      return new WriteFileBuilder(this).follow(true).build();
    }

    /** Returns a copy whose content has holes, or not. */
    public WriteFile withHoles(boolean has) {
      return new WriteFileBuilder(this).holes(has).build();
    }

    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Asks whose numbers these are here: those of the names, where the image knows them, else as they
   * are.
   *
   * @param user a name, or null for none
   * @param group a name, or null for none
   */
  @Since(2)
  record FindOwner(@Nullable String user, @Nullable String group, long uid, long gid)
      implements FileRequest<Answer.Owner> {
    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Makes a directory; its owner is, where nothing is said, the user that processes get by default.
   *
   * @param parents whether missing ones are made too, and one that is there is no error
   */
  record MakeDirectory(
      String path, int mode, @Nullable String owner, boolean parents, long modifiedAt)
      implements FileRequest<FileInfo> {
    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Makes a link.
   *
   * @param target what is written in a symbolic link, the path of the other name of a hard one
   */
  record MakeLink(String path, String target, boolean hard, @Nullable String owner)
      implements FileRequest<FileInfo> {
    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** Makes a fifo. */
  record MakeFifo(String path, int mode, @Nullable String owner, long modifiedAt)
      implements FileRequest<FileInfo> {
    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Changes mode (-1: stays), owner (null: stays) and time (0: stays) of a file, of a link itself;
   * a link's mode cannot be changed.
   */
  record ChangeFile(String path, int mode, @Nullable String owner, long modifiedAt)
      implements FileRequest<FileInfo> {
    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Gives a file another name, across file systems too.
   *
   * @param overwrite whether a file of that name may be there already ({@code EEXIST})
   */
  record MoveFile(String from, String to, boolean overwrite) implements FileRequest<FileInfo> {
    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /** Deletes a file or directory; with what is in it, if {@code recursive}. */
  record DeleteFile(String path, boolean recursive) implements FileRequest<Answer.Done> {
    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Reads a tree for an archive: each file as {@link FileInfo}, a plain one followed by its {@link
   * Answer.Bytes} (as many as its size said). Links are not followed.
   *
   * @param names whether a further name of a plain file is told as such: by the path of the first
   *     as {@link FileInfo#target}, and without content
   * @param holes whether a file with large holes is told without them: {@link Answer.Extents}
   *     before its bytes, and the bytes of those alone
   */
  record ReadTree(String path, @Since(3) boolean names, @Since(4) boolean holes)
      implements Streamed<Answer> {

    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Looks for files by name, and for text in them: a {@link FileInfo} for each file that matches
   * where no text is asked for, else an {@link Answer.Match} for each line.
   *
   * @param glob as a {@code FileSystem}'s matcher takes it, against the path below {@code path} or,
   *     if it has no slash, against the name; null for every file
   * @param text null for none
   * @param regex whether {@code text} is a regular expression
   * @param limit of what is answered
   */
  record Search(
      String path,
      @Nullable String glob,
      @Nullable String text,
      boolean regex,
      boolean ignoreCase,
      List<String> exclude,
      int limit)
      implements Streamed<Answer> {
    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }

  /**
   * Watches a file or directory: {@link Answer.Changed}, the first of them {@code WATCHING} when it
   * is in force. Never done by itself, but when what is watched is deleted.
   */
  record WatchFiles(String path, boolean recursive) implements Streamed<Answer.Changed> {
    @Override
    public void answeredBy(FileRequestHandler handler)
        throws IOException, InterruptedException, RefusedException {
      handler.handle(this);
    }
  }
}
