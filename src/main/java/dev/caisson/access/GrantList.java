package dev.caisson.access;

import java.util.List;

/** All grants of a sandbox; there are few. */
record GrantList(List<GrantAnswer> items) {}
