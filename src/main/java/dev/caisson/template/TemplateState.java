package dev.caisson.template;

/** The state of a template. */
enum TemplateState {
  /**
   * The time in which its images are pulled; creates that name it are refused until it is ready.
   */
  BUILDING,
  READY,
  FAILED
}
