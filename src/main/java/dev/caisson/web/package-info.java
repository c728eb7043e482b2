/**
 * The common parts of all HTTP edges: problem details, server-sent events, the set-up of the
 * contract.
 */
@ApplicationModule(displayName = "web")
@NullMarked
package dev.caisson.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
