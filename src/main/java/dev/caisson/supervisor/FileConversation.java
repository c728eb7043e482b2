package dev.caisson.supervisor;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Answers what a peer asks of the file system. */
final class FileConversation {
  private static final Users USERS = new Users(Path.of("/etc/passwd"), Path.of("/etc/group"));

  private final Peer peer;
  private final FileCalls calls = new FileCalls();
  private final FileDescriptions descriptions = new FileDescriptions(calls, new FileOwners(USERS));
  private final FileChanges changes = new FileChanges(calls, descriptions, USERS);

  FileConversation(Peer peer) {
    this.peer = peer;
  }

  void answer(FileRequest<?> request) throws IOException, InterruptedException, RefusedException {
    switch (request) {
      case FileRequest.Stat stat -> peer.send(descriptions.of(FilePlace.of(stat.path())));
      case FileRequest.WriteFile write -> write(write);
      case FileRequest.MakeDirectory make -> peer.send(changes.makeDirectory(make));
      case FileRequest.MakeLink make -> peer.send(changes.makeLink(make));
      case FileRequest.MakeFifo make -> peer.send(changes.makeFifo(make));
      case FileRequest.ChangeFile change -> peer.send(changes.change(change));
      case FileRequest.MoveFile move ->
          peer.whileThere(() -> peer.send(new FileMove(calls, descriptions, changes).move(move)));
      case FileRequest.DeleteFile delete -> {
        peer.whileThere(() -> changes.delete(delete));
        peer.send(new Answer.Done());
      }
      case FileRequest.Streamed<?> streamed -> {
        peer.whileThere(() -> stream(streamed));
        peer.send(new Answer.Done());
      }
      // javac 25 does not see that a switch over this generic family is exhaustive.
      default -> throw new IllegalStateException("answered before");
    }
  }

  private void stream(FileRequest.Streamed<?> request)
      throws IOException, InterruptedException, RefusedException {
    FileReading reading = new FileReading(peer, calls, descriptions);
    switch (request) {
      case FileRequest.ListFiles list -> reading.list(list);
      case FileRequest.ReadFile read -> reading.read(read);
      case FileRequest.ReadTree tree -> reading.readTree(tree);
      case FileRequest.Search search -> new FileSearch(peer, calls, descriptions, search).run();
      case FileRequest.WatchFiles watch -> watch(watch);
    }
  }

  private void write(FileRequest.WriteFile request)
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

  /** It was woken, or its peer is gone: it ends soon, and its descriptors must outlive it. */
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
    switch (cause) {
      case IOException e -> throw e;
      case InterruptedException e -> throw e;
      case RefusedException e -> throw e;
      case SystemException e -> throw e;
      case null, default -> throw new IllegalStateException(cause);
    }
  }
}
