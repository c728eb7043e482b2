package dev.caisson.supervisor;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileRequest;

/** Answers what a peer asks of the file system. */
final class FileConversation {
  private final Peer peer;

  FileConversation(Peer peer) {
    this.peer = peer;
  }

  void answer(FileRequest<?> request) throws Peer.GoneException {
    peer.send(new Answer.Refused("UNSUPPORTED", "not yet: " + request.getClass().getSimpleName()));
  }
}
