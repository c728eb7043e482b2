package dev.caisson.supervisor.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.caisson.supervisor.peer.Peer;
import dev.caisson.supervisor.system.InterruptibleCharSequence;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.SearchBudget;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** A search for files by name, and for text in them. */
public final class FileSearch implements TreeWalk.Visitor {
  /**
   * The number of bytes at a file's beginning, a zero byte among which means that it is not text.
   */
  private static final int HEAD = 8 << 10;

  private static final int BUFFER = 64 << 10;

  /**
   * The longest part of a line that is searched, in bytes; the rest of a longer line is skipped.
   */
  private static final int LONGEST_LINE = 256 << 10;

  private static final int SHOWN = 1000;

  private final Peer peer;
  private final FileCalls calls;
  private final FileDescriptions descriptions;
  private final FilePlace root;
  private final @Nullable Glob glob;
  private final @Nullable Pattern pattern;
  private final List<Glob> exclude = new ArrayList<>();
  private final SearchBudget budget = new SearchBudget(SearchBudget.TIME);
  private int left;

  /** The end of a search that has found as much as was asked for. */
  private static final class EnoughException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** The expression cannot be tried on a line in reasonable time or space. */
  private static final class ExpressionException extends RefusedException {
    private static final long serialVersionUID = 1L;

    ExpressionException(String what, FilePlace place, long line) {
      super(
          "EXPRESSION_TOO_COSTLY",
          "the expression %s on line %d of %s: make it simpler, or leave that file out"
              .formatted(what, line, place));
    }
  }

  public FileSearch(
      Peer peer, FileCalls calls, FileDescriptions descriptions, FileRequest.Search request)
      throws RefusedException {
    this.peer = peer;
    this.calls = calls;
    this.descriptions = descriptions;
    root = FilePlace.of(request.path());
    glob = request.glob() == null ? null : Glob.of(request.glob());
    pattern = request.text() == null ? null : pattern(request.text(), request);
    for (String other : request.exclude()) {
      exclude.add(Glob.of(other));
    }
    left = request.limit();
  }

  private static Pattern pattern(String text, FileRequest.Search request) throws RefusedException {
    int flags =
        (request.regex() ? 0 : Pattern.LITERAL)
            | (request.ignoreCase() ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0);
    try {
      return Pattern.compile(text, flags);
    } catch (PatternSyntaxException e) {
      throw new RefusedException(
          RefusalCode.EINVAL,
          "not a regular expression: " + e.getDescription() + " at " + e.getIndex());
    } catch (StackOverflowError e) {
      throw new RefusedException(RefusalCode.EINVAL, "not a regular expression: nested too deeply");
    }
  }

  public void run() throws IOException, InterruptedException, RefusedException {
    if (left <= 0) {
      return;
    }
    try {
      new TreeWalk(calls, this, false).walk(root, true);
    } catch (EnoughException e) {
      Log.debug("a search has found enough");
    }
  }

  @Override
  public boolean visit(FilePlace place, FileStat stat, int depth)
      throws IOException, InterruptedException, RefusedException {
    budget.turn();
    if (Temporary.is(place)) {
      return false;
    }
    String relative =
        depth == 0
            ? new String(root.last(), StandardCharsets.UTF_8)
            : new String(place.from(root), StandardCharsets.UTF_8);
    if (depth > 0 && exclude.stream().anyMatch(other -> other.matches(relative))) {
      return false;
    }
    boolean wanted = glob == null || glob.matches(relative);
    if (!wanted || (depth == 0 && stat.isDirectory())) {
      return true;
    }
    if (pattern == null) {
      found(descriptions.of(place, stat));
    } else if (stat.isPlain()) {
      look(place, pattern, depth == 0);
    }
    return true;
  }

  @Override
  public void fail(FilePlace place, RefusedException why) {
    Log.debug("a file cannot be searched", "why", why.getMessage());
  }

  private void found(Answer answer) throws IOException {
    peer.send(answer);
    if (--left == 0) {
      throw new EnoughException();
    }
  }

  private void look(FilePlace place, Pattern wanted, boolean follow)
      throws IOException, InterruptedException, RefusedException {
    int descriptor;
    try {
      descriptor = calls.openFile(place, follow);
    } catch (RefusedException e) {
      fail(place, e);
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      lines(place, descriptor, wanted, arena.allocate(BUFFER));
    } catch (SearchBudget.TimeOverException | ExpressionException e) {
      throw e;
    } catch (RefusedException e) {
      fail(place, e);
    } finally {
      calls.close(descriptor);
    }
  }

  private void lines(FilePlace place, int descriptor, Pattern wanted, MemorySegment buffer)
      throws IOException, InterruptedException, RefusedException {
    Line line = new Line();
    long number = 1;
    long at = 0;
    while (true) {
      int count = calls.read(place, descriptor, buffer, BUFFER, at);
      byte[] bytes = buffer.asSlice(0, count).toArray(JAVA_BYTE);
      if (at == 0 && hasZero(bytes)) {
        return;
      }
      at += count;
      int from = 0;
      for (int i = 0; i < count; i++) {
        if (bytes[i] == '\n') {
          line.add(bytes, from, i);
          match(place, number++, line.take(), wanted);
          from = i + 1;
        }
      }
      line.add(bytes, from, count);
      if (count == 0) {
        if (line.length > 0) {
          match(place, number, line.take(), wanted);
        }
        return;
      }
      budget.turn();
    }
  }

  private static boolean hasZero(byte[] bytes) {
    for (int i = 0; i < Math.min(HEAD, bytes.length); i++) {
      if (bytes[i] == 0) {
        return true;
      }
    }
    return false;
  }

  private void match(FilePlace place, long number, String line, Pattern wanted)
      throws IOException, InterruptedException, RefusedException {
    Matcher matcher = wanted.matcher(new InterruptibleCharSequence(line, budget));
    try {
      if (matcher.find()) {
        String shown = shown(line, matcher.start());
        found(new Answer.Match(place.toString(), number, matcher.start() + 1, shown));
      }
    } catch (StackOverflowError e) {
      throw new ExpressionException("is too complex", place, number);
    } catch (InterruptibleCharSequence.TooManyLooksException e) {
      throw new ExpressionException("takes too long", place, number);
    } catch (InterruptibleCharSequence.EndedMatchException e) {
      if (e.getCause() instanceof RefusedException over) {
        throw over;
      }
      throw new InterruptedException();
    }
  }

  private static String shown(String line, int match) {
    int from = Math.max(0, Math.min(match - SHOWN / 4, line.length() - SHOWN));
    return line.substring(from, Math.min(line.length(), from + SHOWN));
  }

  /** A line that is put together; what is too long of it is left out. */
  private static final class Line {
    private byte[] bytes = new byte[1024];
    private int length;

    void add(byte[] more, int from, int to) {
      int count = Math.min(to - from, LONGEST_LINE - length);
      if (count <= 0) {
        return;
      }
      if (length + count > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
      }
      System.arraycopy(more, from, bytes, length, count);
      length += count;
    }

    String take() {
      int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
      length = 0;
      return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
  }
}
