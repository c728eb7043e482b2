package dev.caisson.cli;

import java.util.concurrent.Callable;

/** Something that the program can be told to do; answers the exit code. */
abstract class CliCommand implements Callable<Integer> {
  final CliContext desk;

  CliCommand(CliContext desk) {
    this.desk = desk;
  }

  Service service() {
    return desk.service();
  }

  /** The path of a sandbox that was named. */
  String at(String sandbox) {
    return SandboxNames.path(service(), sandbox);
  }
}
