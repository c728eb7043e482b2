package dev.caisson.secret;

import java.nio.file.Path;

/** A first start that is killed behind one step: FILE, STEP. */
final class BrokenStart {
  private BrokenStart() {}

  public static void main(String[] arguments) {
    SecretFile.Step last = SecretFile.Step.valueOf(arguments[1]);
    new SecretFile(
            Path.of(arguments[0]),
            32,
            step -> {
              if (step == last) {
                // As kill -9 does: nothing is tidied up.
                Runtime.getRuntime().halt(9);
              }
            })
        .readOrMake(() -> "first-".repeat(10));
  }
}
