package dev.caisson.files;

import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.RefusalCode;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * The files of all sandboxes. Nothing of them is kept here: a request is handed to the sandbox's
 * supervisor, and its answer is handed on.
 */
@Component
public class SandboxFiles {
  /**
   * The most characters of paths and lines that an answer holds; names in a sandbox have no bound.
   */
  private static final int HEAVIEST = 16 << 20;

  private final Sandboxes sandboxes;
  private final Streams streams;

  SandboxFiles(Sandboxes sandboxes, Streams streams) {
    this.sandboxes = sandboxes;
    this.streams = streams;
  }

  /** Parses the id of a sandbox; a text that cannot be one is reported as not found, too. */
  static SandboxId sandbox(String id) {
    return SandboxId.parse(id).orElseThrow(() -> new SandboxException.NotFound(id));
  }

  /**
   * Asks for an operation that is done at once, or takes its time (a tree that is deleted): a stop
   * of this service does not wait for it.
   *
   * @throws FileException.Refused if the system refuses
   */
  <A extends Answer> A ask(SandboxId id, String path, FileRequest<A> request) {
    Supervisor supervisor = ready(id);
    Streams.Handle handle = streams.open(Thread.currentThread()::interrupt);
    try (handle) {
      return supervisor.ask(request);
    } catch (SupervisorException.Refused e) {
      throw refused(path, e);
    } finally {
      if (handle.ended()) {
        // It was meant for the wait; the answer still has to be written.
        boolean _ = Thread.interrupted();
      }
    }
  }

  /** Asks for a sequence; a refusal is thrown by its first {@code next}. */
  <A extends Answer> Answers<A> open(SandboxId id, String path, FileRequest.Streamed<A> request) {
    try {
      return ready(id).open(request);
    } catch (SupervisorException.Refused e) {
      throw refused(path, e);
    }
  }

  /**
   * Writes a file, whole or not at all. An older supervisor gives holes room on the disk.
   *
   * @throws FileException.BadContent if the content cannot be read to its end
   */
  FileInfo write(SandboxId id, FileRequest.WriteFile request, InputStream content) {
    try {
      return ready(id).send(request, new Uploaded(content, () -> touch(id)));
    } catch (SupervisorException.Refused e) {
      throw refused(request.path(), e);
    } catch (SupervisorException.TooOld e) {
      if (!request.holes()) {
        throw e;
      }
      return write(id, request.withHoles(false), content);
    } catch (IOException e) {
      throw new FileException.BadContent(
          id, request.path(), "The content is incomplete; nothing was written", e);
    }
  }

  /** Lists a directory, down to this depth. */
  FileList list(SandboxId id, String path, int depth, int limit) {
    List<FileAnswer> entries = new ArrayList<>();
    long heavy = 0;
    try (Answers<FileInfo> answers = open(id, path, new FileRequest.ListFiles(path, depth));
        Streams.Handle _ = streams.open(answers::close)) {
      for (FileInfo file = answers.next(); file != null; file = answers.next()) {
        if (entries.size() == limit || heavy > HEAVIEST) {
          return new FileList(entries, true);
        }
        heavy += file.path().length();
        entries.add(FileAnswer.from(file));
      }
    } catch (SupervisorException.Refused e) {
      throw refused(path, e);
    }
    return new FileList(entries, false);
  }

  /** Finds the files, or the lines of files, that match. */
  SearchAnswer search(SandboxId id, SearchRequest request, HttpServletRequest client) {
    List<FileAnswer> files = new ArrayList<>();
    List<SearchAnswer.Line> lines = new ArrayList<>();
    boolean truncated = false;
    long heavy = 0;
    try (Answers<Answer> answers = open(id, request.path(), request.toSearch());
        Streams.Handle _ = streams.open(client, answers::close)) {
      for (Answer answer = answers.next(); answer != null && !truncated; answer = answers.next()) {
        if (files.size() + lines.size() == request.most() || heavy > HEAVIEST) {
          truncated = true;
        } else if (answer instanceof FileInfo file) {
          heavy += file.path().length();
          files.add(FileAnswer.from(file));
        } else if (answer instanceof Answer.Match match) {
          heavy += match.path().length() + match.text().length();
          lines.add(SearchAnswer.Line.from(match));
        }
      }
    } catch (SupervisorException.Refused e) {
      if (e.reason == RefusalCode.TOO_MANY_SEARCHES) {
        throw new FileException.TooManySearches(id, e);
      }
      if (e.reason != RefusalCode.SEARCH_TIME_OVER) {
        throw refused(request.path(), e);
      }
      truncated = true;
    }
    return new SearchAnswer(files, lines, truncated);
  }

  /** Lets the sandbox's ttl begin anew: a long transfer is use as well. */
  void touch(SandboxId id) {
    sandboxes.touch(id);
  }

  /** Converts a refusal that concerns files; any other is returned as it is. */
  static RuntimeException refused(String path, SupervisorException.Refused no) {
    return no.reason.isSystemError()
            || no.reason == RefusalCode.NO_SUCH_USER
            || no.reason == RefusalCode.NOT_A_FILE
        ? new FileException.Refused(path, no)
        : no;
  }

  /**
   * Returns the supervisor of a ready sandbox. An archive has no files; this refuses every request
   * in the same way.
   */
  private Supervisor ready(SandboxId id) {
    SandboxState state = sandboxes.get(id).state();
    if (state != SandboxState.READY) {
      throw new SandboxException.NotReady(id, state);
    }
    return sandboxes.supervisor(id);
  }
}
