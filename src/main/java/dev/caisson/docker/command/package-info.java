/** Commands of the Docker CLI as processes of a sandbox: build, pull, push, run, prune, log in. */
@NullMarked
package dev.caisson.docker.command;

import org.jspecify.annotations.NullMarked;
