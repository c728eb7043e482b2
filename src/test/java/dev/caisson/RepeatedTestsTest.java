package dev.caisson;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.http.HttpClient;
import org.junit.jupiter.api.Test;

/**
 * A test that failed is repeated after all others, in the JVM of the first time: what its class
 * opened once and for all is closed by then, so each run opens its own.
 */
class RepeatedTestsTest {
  @Test
  void noTestKeepsWhatIsClosedAfterItsClass() {
    noFields()
        .that()
        .areStatic()
        .and()
        .haveRawType(assignableTo(AutoCloseable.class))
        .and()
        // Left open for all classes of the JVM.
        .doNotHaveRawType(HttpClient.class)
        .should()
        .beFinal()
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.OnlyIncludeTests())
                .importPackages("dev.caisson"));
  }
}
