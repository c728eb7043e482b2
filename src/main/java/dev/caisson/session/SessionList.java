package dev.caisson.session;

import java.util.List;

/** All sessions of a sandbox, by name; there are few. */
record SessionList(List<SessionAnswer> items) {}
