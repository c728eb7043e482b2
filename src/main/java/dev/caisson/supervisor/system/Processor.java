package dev.caisson.supervisor.system;

/** The processor this is, one of two: they differ in a few of the kernel's numbers. */
final class Processor {
  /** Says arm64; else it is x86-64. */
  static final boolean ARM64 = "aarch64".equals(System.getProperty("os.arch"));

  private Processor() {}
}
