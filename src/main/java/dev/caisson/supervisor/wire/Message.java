package dev.caisson.supervisor.wire;

/** Anything one end can say to the other. */
public sealed interface Message permits Request, Answer, Chunk {}
