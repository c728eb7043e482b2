/** Tests of sandboxes: creates, limits, disks, pools, templates and ends. */
@NullMarked
package dev.caisson.it.sandbox;

import org.jspecify.annotations.NullMarked;
