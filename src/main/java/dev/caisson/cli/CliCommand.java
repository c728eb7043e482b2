package dev.caisson.cli;

import java.util.concurrent.Callable;

/** A command of the program; its call returns the exit code. */
abstract class CliCommand implements Callable<Integer> {
  final CliContext desk;

  CliCommand(CliContext desk) {
    this.desk = desk;
  }

  Service service() {
    return desk.service();
  }

  /** Returns the path of a sandbox, by its id or name. */
  String at(String sandbox) {
    return SandboxNames.path(service(), sandbox);
  }
}
