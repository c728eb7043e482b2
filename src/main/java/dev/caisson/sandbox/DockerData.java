package dev.caisson.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * The data that a daemon begins with, and those that stay of it.
 *
 * @param images volume of a template, whose images are there from the start; null for none
 * @param kept volume that holds its data and is not removed with the sandbox; null for one of its
 *     own
 */
public record DockerData(@Nullable String images, @Nullable String kept) {
  public static final DockerData OWN = new DockerData(null, null);

  /** Creates the data of a sandbox from a template. */
  public static DockerData with(String images) {
    return new DockerData(images, null);
  }

  /** Creates the data of the sandbox in which a template is made. */
  public static DockerData into(String kept) {
    return new DockerData(null, kept);
  }
}
