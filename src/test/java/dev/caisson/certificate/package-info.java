/** Tests of the certificate room, with a clock that is moved. */
@NullMarked
package dev.caisson.certificate;

import org.jspecify.annotations.NullMarked;
