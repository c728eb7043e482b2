package dev.caisson.supervisor.setup;

/** The one change of a mount that a Docker daemon in a sandbox needs. */
@FunctionalInterface
public interface MountChange {

  /** Makes a mount writable and keeps its other options: 0 or the errno. */
  int makeWritable(MountPoint mount);
}
