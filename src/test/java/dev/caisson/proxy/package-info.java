@NullMarked
package dev.caisson.proxy;

import org.jspecify.annotations.NullMarked;
