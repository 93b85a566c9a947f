package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.pledge.engine.keys.KeySchedule;
import dev.pledge.engine.keys.KeyStoreRefusedException;
import dev.pledge.engine.keys.RootKeyUnavailableException;
import dev.pledge.policy.decision.Permit;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.SubjectState;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The server translates. What decides, unseals or reads tables lies behind the engine's facade. */
class ThinServerTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.pledge.server");

  @Test
  void theServerHoldsNoKeysAndNoSealedValues() {
    assertThat(known("dev.pledge.engine.vault")).isEmpty();
    assertThat(known("dev.pledge.engine.keys"))
        .isSubsetOf(
            // For how long keys live, and none of them.
            KeySchedule.class.getName(),
            KeyStoreRefusedException.class.getName(),
            RootKeyUnavailableException.class.getName());
  }

  @Test
  void theServerNeverDecides() {
    assertThat(known("dev.pledge.policy.decision")).doesNotContain(Permit.class.getName());
    assertThat(callsOf(Policies.class, "decide")).isEmpty();
  }

  /** But for a question on the command line about somebody who is only described. */
  @Test
  void theServerKnowsNobodysState() {
    assertThat(callsOf(SubjectState.class, "<init>"))
        .isNotEmpty()
        .allMatch(call -> call.contains("Method <" + DescribedPerson.class.getName() + "."));
    assertThat(callsOf(Policies.class, "explain"))
        .isNotEmpty()
        .allMatch(call -> call.contains("Method <" + ExplainCommand.class.getName() + "."));
  }

  @Test
  void theServerSpeaksNoSql() {
    assertThat(known("org.jdbi")).isEmpty();
    assertThat(known("java.sql"))
        .doesNotContain(Connection.class.getName(), Statement.class.getName());
  }

  /** The types of that package, or one below, that the server knows. */
  private static Set<String> known(String packageName) {
    assertThat(CLASSES.size()).isPositive();
    Set<String> known = new TreeSet<>();
    for (JavaClass each : CLASSES) {
      for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if ((target.getPackageName() + ".").startsWith(packageName + ".")) {
          known.add(target.getName());
        }
      }
    }
    return known;
  }

  private static List<String> callsOf(Class<?> type, String member) {
    return CLASSES.stream()
        .flatMap(each -> each.getAccessesFromSelf().stream())
        .filter(access -> access.getTargetOwner().isEquivalentTo(type))
        .filter(access -> access.getTarget().getName().equals(member))
        .map(access -> access.getDescription())
        .toList();
  }
}
