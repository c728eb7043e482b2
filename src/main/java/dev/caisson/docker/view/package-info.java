/** Typed views of what a daemon has: containers, images, networks, volumes and projects. */
@NullMarked
package dev.caisson.docker.view;

import org.jspecify.annotations.NullMarked;
