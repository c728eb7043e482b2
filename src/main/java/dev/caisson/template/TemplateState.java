package dev.caisson.template;

/** How far a template is. */
enum TemplateState {
  /** Its images are pulled; creates that name it are refused until it is ready. */
  BUILDING,
  READY,
  FAILED
}
