package dev.caisson;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The classes of the product, as ArchUnit sees them: read once for all tests of a JVM. */
public final class ProductClasses {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          // What Spring generates of the beans, in a build that got that far before.
          .withImportOption(location -> !location.contains("__"))
          .importPackages("dev.caisson");

  private ProductClasses() {}

  /** Returns all of them, without the tests and what is generated. */
  public static JavaClasses all() {
    return ALL;
  }
}
