package dev.caisson.forward;

/** An address for one port of a sandbox. */
record PortForward(String id, int port, Listener listener) {}
