package dev.caisson.supervisor;

import dev.caisson.supervisor.files.FileCalls;
import dev.caisson.supervisor.files.FileChanges;
import dev.caisson.supervisor.files.FileDescriptions;
import dev.caisson.supervisor.files.FileMove;
import dev.caisson.supervisor.files.FileOwners;
import dev.caisson.supervisor.files.FilePlace;
import dev.caisson.supervisor.files.FileReading;
import dev.caisson.supervisor.files.FileSearch;
import dev.caisson.supervisor.files.FileWatch;
import dev.caisson.supervisor.files.FileWriting;
import dev.caisson.supervisor.files.Inotify;
import dev.caisson.supervisor.files.Ownership;
import dev.caisson.supervisor.peer.Peer;
import dev.caisson.supervisor.system.SystemException;
import dev.caisson.supervisor.system.Users;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.FileRequestHandler;
import dev.caisson.supervisor.wire.RefusalCode;
import dev.caisson.supervisor.wire.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The part of a conversation that answers requests of the file system. */
final class FileConversation implements FileRequestHandler {
  private static final Users USERS = new Users(Path.of("/etc/passwd"), Path.of("/etc/group"));

  /**
   * The most searches at once: they compute, and everything else of the sandbox shares the carriers
   * with them.
   */
  private static final int MOST_SEARCHES = 4;

  private static final Semaphore SEARCHES = new Semaphore(MOST_SEARCHES);

  private final Peer peer;
  private final FileCalls calls = new FileCalls();
  private final FileDescriptions descriptions = new FileDescriptions(calls, new FileOwners(USERS));
  private final FileChanges changes;

  /**
   * @param user whose processes are by default, and so the files
   */
  FileConversation(Peer peer, @Nullable String user) {
    this.peer = peer;
    this.changes = new FileChanges(calls, descriptions, new Ownership(USERS, user));
  }

  @Override
  public void handle(FileRequest.Stat request) throws IOException, RefusedException {
    peer.send(descriptions.of(FilePlace.of(request.path())));
  }

  @Override
  public void handle(FileRequest.MakeDirectory request) throws IOException, RefusedException {
    peer.send(changes.makeDirectory(request));
  }

  @Override
  public void handle(FileRequest.MakeLink request) throws IOException, RefusedException {
    peer.send(changes.makeLink(request));
  }

  @Override
  public void handle(FileRequest.FindOwner request) throws IOException, RefusedException {
    peer.send(changes.owner(request));
  }

  @Override
  public void handle(FileRequest.MakeFifo request) throws IOException, RefusedException {
    peer.send(changes.makeFifo(request));
  }

  @Override
  public void handle(FileRequest.ChangeFile request) throws IOException, RefusedException {
    peer.send(changes.change(request));
  }

  @Override
  public void handle(FileRequest.MoveFile request)
      throws IOException, InterruptedException, RefusedException {
    peer.whileThere(() -> peer.send(new FileMove(calls, descriptions, changes).move(request)));
  }

  @Override
  public void handle(FileRequest.DeleteFile request)
      throws IOException, InterruptedException, RefusedException {
    peer.whileThere(() -> changes.delete(request));
    peer.send(new Answer.Done());
  }

  @Override
  public void handle(FileRequest.ListFiles request)
      throws IOException, InterruptedException, RefusedException {
    stream(() -> reading().list(request));
  }

  @Override
  public void handle(FileRequest.ReadFile request)
      throws IOException, InterruptedException, RefusedException {
    stream(() -> reading().read(request));
  }

  @Override
  public void handle(FileRequest.ReadTree request)
      throws IOException, InterruptedException, RefusedException {
    stream(() -> reading().readTree(request));
  }

  @Override
  public void handle(FileRequest.Search request)
      throws IOException, InterruptedException, RefusedException {
    stream(() -> search(request));
  }

  @Override
  public void handle(FileRequest.WatchFiles request)
      throws IOException, InterruptedException, RefusedException {
    stream(() -> watch(request));
  }

  private FileReading reading() {
    return new FileReading(peer, calls, descriptions);
  }

  private void stream(Peer.Wait work) throws IOException, InterruptedException, RefusedException {
    peer.whileThere(work);
    peer.send(new Answer.Done());
  }

  private void search(FileRequest.Search request)
      throws IOException, InterruptedException, RefusedException {
    if (!SEARCHES.tryAcquire()) {
      throw new RefusedException(
          RefusalCode.TOO_MANY_SEARCHES,
          "the sandbox has " + MOST_SEARCHES + " searches in progress, which is the maximum");
    }
    try {
      new FileSearch(peer, calls, descriptions, request).run();
    } finally {
      SEARCHES.release();
    }
  }

  @Override
  public void handle(FileRequest.WriteFile request)
      throws IOException, InterruptedException, RefusedException {
    FileWriting writing = new FileWriting(peer, calls, descriptions, changes);
    try {
      peer.send(writing.write(request));
    } catch (RefusedException e) {
      peer.send(e.answer());
      if (!writing.heardAll()) {
        // What follows is content of nothing: the connection ends with the refusal.
        throw new Peer.GoneException(e);
      }
    }
  }

  private void watch(FileRequest.WatchFiles request)
      throws IOException, InterruptedException, RefusedException {
    try (Inotify inotify = new Inotify()) {
      FileWatch watch = new FileWatch(peer, inotify, request);
      CompletableFuture<Void> over = new CompletableFuture<>();
      Thread thread =
          Thread.ofPlatform().name("watch-files").daemon().start(() -> run(watch, over));
      try {
        over.get();
      } catch (ExecutionException e) {
        rethrow(e.getCause());
      } finally {
        inotify.wake();
        join(thread);
      }
    } catch (SystemException e) {
      throw new RefusedException(e.code(), String.valueOf(e.getMessage()));
    }
  }

  private static void run(FileWatch watch, CompletableFuture<Void> over) {
    try {
      watch.run();
      over.complete(null);
    } catch (IOException | InterruptedException | RefusedException | SystemException e) {
      over.completeExceptionally(e);
    } catch (RuntimeException | Error e) {
      over.completeExceptionally(e);
      throw e;
    }
  }

  /**
   * Waits for the watching thread: it was woken, or its peer is gone, so it ends soon, and its
   * descriptors must outlive it.
   */
  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void rethrow(@Nullable Throwable cause)
      throws IOException, InterruptedException, RefusedException, SystemException {
    if (cause instanceof IOException e) {
      throw e;
    } else if (cause instanceof InterruptedException e) {
      throw e;
    } else if (cause instanceof RefusedException e) {
      throw e;
    } else if (cause instanceof SystemException e) {
      throw e;
    }
    throw new IllegalStateException(cause);
  }
}
