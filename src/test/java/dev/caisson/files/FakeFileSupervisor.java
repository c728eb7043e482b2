package dev.caisson.files;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.sandbox.Supervisor;
import dev.caisson.sandbox.SupervisorException;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import dev.caisson.supervisor.wire.Request;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A supervisor that remembers what it was asked about files, and answers as told. */
final class FakeFileSupervisor implements Supervisor {
  /** It was asked these. */
  final List<Request<?>> asked = new ArrayList<>();

  /** The content of the uploads. */
  final List<byte[]> contents = new ArrayList<>();

  /** Its answers; exceptions are thrown. */
  Function<Request<?>, List<?>> script = _ -> List.of(file("/f", 0));

  static FileInfo file(String path, long size) {
    return FileInfo.builder(path, FileInfo.Type.FILE)
        .size(size)
        .mode(0644)
        .owner("root")
        .group("root")
        .modifiedAt(1_000_000)
        .build();
  }

  static SupervisorException.Refused refusal(String code) {
    return new SupervisorException.Refused(
        SandboxId.random(), new Answer.Refused(code, "no: " + code));
  }

  @Override
  @SuppressWarnings("unchecked")
  public <A extends Answer> A ask(Request<A> request) {
    asked.add(request);
    Object answer = script.apply(request).getFirst();
    if (answer instanceof RuntimeException no) {
      throw no;
    }
    return (A) answer;
  }

  @Override
  public <A extends Answer> Answers<A> open(Request.Stream<A> request) {
    asked.add(request);
    Iterator<?> left = script.apply(request).iterator();
    return new Answers<>() {
      @Override
      @SuppressWarnings("unchecked")
      public @Nullable A next() {
        Object next = left.hasNext() ? left.next() : null;
        if (next instanceof RuntimeException no) {
          throw no;
        }
        return (A) next;
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }

  @Override
  public dev.caisson.sandbox.Tunnel dial(Request.Dial request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <A extends Answer> A send(FileRequest.Upload<A> request, InputStream content)
      throws IOException {
    contents.add(content.readAllBytes());
    return ask(request);
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
