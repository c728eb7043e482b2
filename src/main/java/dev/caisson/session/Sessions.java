package dev.caisson.session;

import dev.caisson.lifecycle.Sandboxes;
import dev.caisson.process.InlineText;
import dev.caisson.process.ProcessAnswer;
import dev.caisson.process.ProcessException;
import dev.caisson.process.Processes;
import dev.caisson.process.StartKey;
import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxException;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.SandboxState;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.Request;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The sessions of all sandboxes. Nothing of them is kept here: a session is a directory in its
 * sandbox, whose owner is the user of its commands, and in which each leaves its state to the next
 * (kit/session.sh). The directory above is root's, so that no other user can make one.
 */
@Component
public class Sessions {
  private static final String PLACE = "/run/caisson-sessions";
  private static final String PROGRAM = "/opt/caisson/session";
  private static final String ROOT = "0:0";

  /** The most sessions that are listed. */
  private static final int MOST = 1000;

  /** The most bytes of a shell's message that an error repeats. */
  private static final int MOST_SAID = 1000;

  private static final Duration BEGIN = Duration.ofSeconds(30);

  private final Sandboxes sandboxes;
  private final Processes processes;
  private final RandomGenerator random = new SecureRandom();

  Sessions(Sandboxes sandboxes, Processes processes) {
    this.sandboxes = sandboxes;
    this.processes = processes;
  }

  /**
   * Begins a session: its first command does nothing and leaves what was asked for.
   *
   * @throws SessionException.Exists if there is one of this name
   * @throws SessionException.NotMade if there is no such user or directory
   * @throws ProcessException.NotStarted if the sandbox has no shell
   */
  SessionAnswer create(SandboxId id, SessionRequest request) {
    Map<String, String> variables = request.variables();
    Supervisor supervisor = ready(id);
    String name = request.name() == null ? fresh() : request.name();
    String path = path(name);
    FileInfo directory;
    try {
      supervisor.ask(new FileRequest.MakeDirectory(PLACE, 0711, ROOT, true, 0));
      directory =
          supervisor.ask(new FileRequest.MakeDirectory(path, 0700, request.user(), false, 0));
    } catch (SupervisorException.Refused e) {
      throw e.reason == RefusalCode.EEXIST
          ? new SessionException.Exists(id, name)
          : new SessionException.NotMade(id, name, e.code().name(), String.valueOf(e.getMessage()));
    }
    boolean begun = false;
    try {
      Answer.Finished first =
          processes.run(
              id, start(directory, ":", request.cwd(), variables, false, null, BEGIN.toMillis()));
      ProcessInfo.Exit exit = first.process().exit();
      if (exit == null || exit.code() != 0) {
        byte[] said = first.stderr();
        throw new SessionException.NotMade(
            id, name, "EXITED", said == null ? "the shell failed" : beginning(said));
      }
      begun = true;
    } finally {
      if (!begun) {
        remove(supervisor, path);
      }
    }
    return SessionAnswer.from(directory);
  }

  /** Returns the beginning of a shell's message, which may have any length. */
  private static String beginning(byte[] said) {
    int length = Math.min(said.length, MOST_SAID);
    return new String(said, 0, length, StandardCharsets.UTF_8).strip();
  }

  /** Lists the sessions of a sandbox, by name. */
  SessionList list(SandboxId id) {
    List<SessionAnswer> found = new ArrayList<>();
    try (Answers<FileInfo> answers = ready(id).open(new FileRequest.ListFiles(PLACE, 1))) {
      for (FileInfo file = answers.next();
          file != null && found.size() < MOST;
          file = answers.next()) {
        if (file.type() == FileInfo.Type.DIRECTORY) {
          found.add(SessionAnswer.from(file));
        }
      }
    } catch (SupervisorException.Refused e) {
      if (e.reason != RefusalCode.ENOENT) {
        throw e;
      }
    }
    return new SessionList(found);
  }

  /**
   * Finds a session.
   *
   * @throws SessionException.NotFound if there is none of this name
   */
  SessionAnswer get(SandboxId id, String name) {
    return SessionAnswer.from(directory(id, name));
  }

  /**
   * Forgets a session; its processes go on.
   *
   * @throws SessionException.NotFound if there is none of this name
   */
  void delete(SandboxId id, String name) {
    directory(id, name);
    remove(ready(id), path(name));
  }

  /**
   * Runs a command, as a process like any other.
   *
   * @param key the caller's, under which a start is not repeated; null for none
   * @throws SessionException.NotFound if there is no such session
   */
  ProcessAnswer run(
      SandboxId id, String name, StartKey key, SessionCommand command, InlineText text) {
    Duration timeout = command.timeout();
    Request.Start start =
        start(
            directory(id, name),
            command.command(),
            null,
            Map.of(),
            Boolean.TRUE.equals(command.background()),
            command.input(),
            timeout == null ? 0 : timeout.toMillis());
    return processes.launch(id, key.under(start), text);
  }

  private static Request.Start start(
      FileInfo directory,
      String command,
      @Nullable String cwd,
      Map<String, String> variables,
      boolean background,
      byte @Nullable [] stdin,
      long timeoutMillis) {
    String owner = directory.owner();
    return Request.Start.builder(PROGRAM, directory.path(), command)
        .cwd(cwd)
        .env(variables)
        // By name it is in the groups of that user, too.
        .user(owner == null ? directory.uid() + ":" + directory.gid() : owner)
        .background(background)
        .stdin(stdin)
        .timeoutMillis(timeoutMillis)
        .build();
  }

  private FileInfo directory(SandboxId id, String name) {
    if (!name.matches(SessionRequest.NAME)) {
      throw new SessionException.NotFound(id, name);
    }
    try {
      FileInfo found = ready(id).ask(new FileRequest.Stat(path(name)));
      if (found.type() == FileInfo.Type.DIRECTORY) {
        return found;
      }
    } catch (SupervisorException.Refused e) {
      if (e.reason != RefusalCode.ENOENT) {
        throw e;
      }
    }
    throw new SessionException.NotFound(id, name);
  }

  private static void remove(Supervisor supervisor, String path) {
    try {
      supervisor.ask(new FileRequest.DeleteFile(path, true));
    } catch (SupervisorException.Refused e) {
      if (e.reason != RefusalCode.ENOENT) {
        throw e;
      }
    }
  }

  private static String path(String name) {
    return PLACE + "/" + name;
  }

  private String fresh() {
    byte[] bytes = new byte[6];
    random.nextBytes(bytes);
    return "se-" + HexFormat.of().formatHex(bytes);
  }

  private Supervisor ready(SandboxId id) {
    SandboxState state = sandboxes.get(id).state();
    if (state != SandboxState.READY) {
      throw new SandboxException.NotReady(id, state);
    }
    return sandboxes.supervisor(id);
  }
}
