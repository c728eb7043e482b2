package dev.caisson.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where templates are recorded, each as a text of its own. */
public interface TemplateStore {

  /** All of them. */
  List<String> all();

  /**
   * Records it in the place of what was recorded under this name.
   *
   * @param record null to forget it
   * @param before what it replaces, for the case that it cannot be recorded in time
   */
  void replace(String name, @Nullable String record, @Nullable String before)
      throws InterruptedException;
}
