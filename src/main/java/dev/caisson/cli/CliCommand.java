package dev.caisson.cli;

import dev.caisson.cli.client.SandboxNames;
import dev.caisson.cli.client.Service;
import java.util.concurrent.Callable;

/** A command of the program; its call returns the exit code. */
abstract class CliCommand implements Callable<Integer> {
  final CliContext cli;

  CliCommand(CliContext cli) {
    this.cli = cli;
  }

  Service service() {
    return cli.service();
  }

  /** Returns the path of a sandbox, by its id or name. */
  String at(String sandbox) {
    return SandboxNames.path(service(), sandbox);
  }
}
