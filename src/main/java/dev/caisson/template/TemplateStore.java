package dev.caisson.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store in which templates are recorded, each as a text of its own. */
public interface TemplateStore {

  /** Returns all templates. */
  List<String> all();

  /**
   * Records a template in the place of what was recorded under this name.
   *
   * @param record null to forget it
   * @param before what it replaces, for the case that it cannot be recorded in time
   */
  void replace(String name, @Nullable String record, @Nullable String before)
      throws InterruptedException;
}
