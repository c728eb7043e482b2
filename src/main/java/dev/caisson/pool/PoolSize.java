package dev.caisson.pool;

/** Between which bounds a pool follows demand. */
public record PoolSize(int min, int max) {}
