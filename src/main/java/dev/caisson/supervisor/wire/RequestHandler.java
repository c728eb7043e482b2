package dev.caisson.supervisor.wire;

import java.io.IOException;

/** The handler of requests, with a method for each kind: a kind without one does not compile. */
public interface RequestHandler {

  void handle(Request.Configure request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Claim request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Forget request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Start request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Run request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.ListProcesses request)
      throws IOException, InterruptedException, RefusedException;

  void handle(Request.Describe request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Await request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Write request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Resize request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Follow request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Read request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Signal request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.End request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.DescribeDaemon request)
      throws IOException, InterruptedException, RefusedException;

  void handle(Request.Daemon request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Watch request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Shutdown request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Dial request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.DescribeActivity request)
      throws IOException, InterruptedException, RefusedException;

  void handle(Request.Credentials request)
      throws IOException, InterruptedException, RefusedException;

  void handle(Request.Introduce request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.Prove request) throws IOException, InterruptedException, RefusedException;

  void handle(Request.ListListeners request)
      throws IOException, InterruptedException, RefusedException;

  void handle(FileRequest<?> request) throws IOException, InterruptedException, RefusedException;
}
