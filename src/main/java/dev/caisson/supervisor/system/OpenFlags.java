package dev.caisson.supervisor.system;

import static dev.caisson.supervisor.system.Processor.ARM64;

import org.springframework.modulith.NamedInterface;

/**
 * The flags of {@code open(2)} for all who open by it: the wrong number is mostly some other flag,
 * and then a link is followed where none should be.
 */
@NamedInterface("system")
public final class OpenFlags {
  public static final int O_WRONLY = 0x1;
  public static final int O_RDWR = 0x2;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_NOCTTY = 0x100;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_DIRECTORY = ARM64 ? 0x4000 : 0x10000;
  public static final int O_NOFOLLOW = ARM64 ? 0x8000 : 0x20000;
  public static final int O_CLOEXEC = 0x80000;
  public static final int O_PATH = 0x200000;

  private OpenFlags() {}
}
