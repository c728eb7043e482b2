package dev.caisson.supervisor.wire;

import java.io.IOException;

/** The handler of requests of the file system, with a method for each kind. */
public interface FileRequestHandler {

  void handle(FileRequest.Stat request) throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest.ListFiles request)
      throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest.ReadFile request)
      throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest.WriteFile request)
      throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest.FindOwner request)
      throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest.MakeDirectory request)
      throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest.MakeLink request)
      throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest.MakeFifo request)
      throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest.ChangeFile request)
      throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest.MoveFile request)
      throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest.DeleteFile request)
      throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest.ReadTree request)
      throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest.Search request)
      throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest.WatchFiles request)
      throws IOException, InterruptedException, RefusedException;
}
