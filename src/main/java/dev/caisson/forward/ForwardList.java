package dev.caisson.forward;

import java.util.List;

/** All forwards of single ports of a sandbox; there are few. */
record ForwardList(List<ForwardAnswer> items) {}
