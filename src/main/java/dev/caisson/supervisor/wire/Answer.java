package dev.caisson.supervisor.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer of a supervisor to a request. */
public sealed interface Answer extends Message
    permits Answer.Simple, ProcessInfo, DaemonStatus, FileInfo {

  /** An answer with no life of its own beyond its request. */
  sealed interface Simple extends Answer {}

  /**
   * The first frame of every connection, said by the supervisor.
   *
   * @param protocol {@link Connection#PROTOCOL} of the supervisor
   * @param sandbox the id it was started with
   * @param version of its kit
   * @param configured whether {@link Request.Configure} has been heard
   * @param provable whether it takes a word ({@link Request.Introduce}); one of before does not
   * @param revision {@link Connection#REVISION} of the supervisor
   */
  record Greeting(
      int protocol,
      @Bounds(bytes = 64, form = Bounds.Form.WORD) String sandbox,
      @Bounds(bytes = 128, cut = true, form = Bounds.Form.LINE) String version,
      boolean configured,
      boolean provable,
      @Since(1) @Bounds(least = 0) int revision)
      implements Simple {}

  /**
   * A proof that the supervisor has the word it was introduced with.
   *
   * @param mac HMAC-SHA256 of the nonce, keyed by the word
   */
  record Proof(@Bounds(bytes = 32) byte[] mac) implements Simple {}

  /** The end of a request that is done; ends every stream. */
  record Done() implements Simple {}

  /**
   * A refusal of the request.
   *
   * @param code the name of a {@link RefusalCode}, of one of another version, or of a system error
   * @param message what happened, for a person
   */
  @Bounds(bytes = 256 << 10)
  record Refused(
      @Bounds(bytes = 40, form = Bounds.Form.CODE) String code,
      @Bounds(bytes = 4 << 10, cut = true, form = Bounds.Form.LINE) String message)
      implements Simple {

    /**
     * The whole answer to a request that the supervisor does not know, the same in every version.
     */
    public static final Refused UNKNOWN =
        new Refused("UNSUPPORTED", "this supervisor does not know the request");
  }

  /**
   * A piece of output, as it was written.
   *
   * @param seq of this piece, from 1, without holes but for {@link Gap}s
   * @param at microseconds since the epoch
   * @param offset of its first byte in its stream
   */
  @Bounds(bytes = (1 << 20) + 1024)
  record Output(
      @Bounds(least = 0) long seq,
      @Bounds(least = 0, most = Bounds.LAST_MOMENT) long at,
      StreamName stream,
      @Bounds(least = 0) long offset,
      @Bounds(bytes = 1 << 20) byte[] bytes)
      implements Simple {}

  /** The numbers of the user and group that a {@link FileRequest.FindOwner} asked for. */
  @Since(2)
  record Owner(@Bounds(least = 0) long uid, @Bounds(least = 0) long gid) implements Simple {}

  /** The pieces {@code from} to {@code to} (inclusive) were dropped by the journal's bound. */
  record Gap(@Bounds(least = 0) long from, @Bounds(least = 0) long to) implements Simple {}

  /** Raw bytes of one stream. */
  @Bounds(bytes = (1 << 20) + 1024)
  record Bytes(@Bounds(least = 0) long offset, @Bounds(bytes = 1 << 20) byte[] bytes)
      implements Simple {}

  /**
   * The extents of data of the plain file just described; all else of it is zeros.
   *
   * @param extents in their order; they touch neither each other nor what is beyond the size
   */
  @Since(4)
  @Bounds(bytes = 256 << 10)
  record Extents(@Bounds(elements = Extents.MOST) List<Extent> extents) implements Simple {
    /** The most extents that one answer has. */
    public static final int MOST = 4096;
  }

  /** A part of a file that has data. */
  @Since(4)
  record Extent(@Bounds(least = 0) long offset, @Bounds(least = 0) long length) {}

  /**
   * A process as it is now (ended, unless the wait was over first), with the first bytes of each
   * stream where they were asked for.
   */
  @Bounds(bytes = Connection.MAX_FRAME)
  record Finished(
      ProcessInfo process,
      @Bounds(bytes = 2 << 20) byte @Nullable [] stdout,
      @Bounds(bytes = 2 << 20) byte @Nullable [] stderr)
      implements Simple {}

  /** The success of a {@link Request.Dial}: bytes follow, from both sides. */
  record Dialled() implements Simple {}

  /** A note to a watcher: dockerd was asked on its socket and did not answer (yet). */
  @Bounds(bytes = 256 << 10)
  record ProbeFailed(@Bounds(bytes = 4 << 10, cut = true, form = Bounds.Form.LINE) String error)
      implements Simple {}

  /**
   * The counts of what runs in the sandbox.
   *
   * @param processes that run, daemons not counted
   * @param containers inner ones that run (a shim lives for each)
   */
  record Activity(@Bounds(least = 0) int processes, @Bounds(least = 0) int containers)
      implements Simple {}

  /**
   * The amount of input a process was given.
   *
   * @param total bytes since its start
   */
  record Written(@Bounds(least = 0) long total) implements Simple {}

  /**
   * A line of a file in which text was found.
   *
   * @param line its number, from 1
   * @param column of the first character that matches, from 1
   * @param text of the line, shortened to 1,000 characters around the match
   */
  @Bounds(bytes = Connection.MAX_FRAME)
  record Match(
      @Bounds(bytes = 1 << 20, cut = true) String path,
      @Bounds(least = 0) long line,
      @Bounds(least = 0) int column,
      @Bounds(bytes = 16 << 10, cut = true) String text)
      implements Simple {}

  /**
   * A change of a watched file.
   *
   * @param directory whether it is one, as far as that is still known
   */
  @Bounds(bytes = Connection.MAX_FRAME)
  record Changed(Kind kind, @Bounds(bytes = 1 << 20, cut = true) String path, boolean directory)
      implements Simple {

    /** The kind of a change. */
    public enum Kind {
      /** The start of the watch: nothing has changed yet, every change from here on is reported. */
      WATCHING,
      CREATED,
      MODIFIED,
      DELETED,
      /** More changes than could be reported: the watcher has to look again. */
      OVERFLOW
    }
  }

  /**
   * The sockets that listen in the sandbox.
   *
   * @param more whether there are more than the list can hold
   */
  @Bounds(bytes = 1 << 20)
  record Listeners(@Bounds(elements = 1024) List<Listener> listeners, boolean more)
      implements Simple {}

  /**
   * A socket that listens; of UDP, one that is bound and accepts from any sender.
   *
   * @param protocol {@code tcp} or {@code udp}
   * @param address it is bound to, numeric
   * @param pid of the process that holds it, 0 where that is not known
   * @param process of the sandbox's from whose start that one descends, 0 where from none
   * @param command its name, as the kernel has it
   * @param container the id of the inner container that it runs in, which has no network of its own
   */
  record Listener(
      @Bounds(bytes = 16, form = Bounds.Form.WORD) String protocol,
      @Bounds(bytes = 64, form = Bounds.Form.WORD) String address,
      @Bounds(least = 0, most = 65_535) int port,
      @Bounds(least = 0) long pid,
      @Bounds(least = 0) long process,
      @Bounds(bytes = 128, cut = true, form = Bounds.Form.LINE) @Nullable String command,
      @Bounds(bytes = 128, cut = true, form = Bounds.Form.LINE) @Nullable String container) {}
}
