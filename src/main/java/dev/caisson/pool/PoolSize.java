package dev.caisson.pool;

/** The bounds between which a pool follows demand. */
public record PoolSize(int min, int max) {}
