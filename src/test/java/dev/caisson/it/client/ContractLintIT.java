package dev.caisson.it.client;

import dev.caisson.it.Machine;
import org.junit.jupiter.api.Test;

/** The contract as its linter sees it: nothing to say, and every example is of its schema. */
class ContractLintIT {

  @Test
  void theLinterFindsNothing() {
    Machine.run(
        "node",
        "target/contract/node_modules/.bin/spectral",
        "lint",
        "openapi/caisson.yaml",
        "--ruleset=openapi/.spectral.yaml",
        "--fail-severity=hint");
  }
}
