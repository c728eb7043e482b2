package dev.caisson.host;

/** An inspector of the engine's host: the port of this room. */
public interface HostInspector {

  /** Returns what the engine says of itself; quick. */
  EngineReport engine();

  /**
   * Prepares the ground for the sandboxes of a service, and finds out by trying what the engine
   * cannot tell; takes seconds.
   */
  Findings examine(PlacementSettings ground);
}
