package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.Gate;
import dev.pledge.engine.keys.FileRootKey;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.RootKeys;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.SubjectKeys;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.engine.vault.Opened;
import dev.pledge.engine.vault.Vault;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Permit;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.SubjectState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The house is built as docs/architecture.md draws it: who may know whom, who holds plaintext and
 * keys, who writes which table, and a schema that can be spread over machines.
 *
 * <p>{@code mvn test -pl engine -am -Dtest=ArchitectureTest -Dpledge.architecture=write
 * -Dsurefire.failIfNoSpecifiedTests=false} writes the drawing anew.
 */
class ArchitectureTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.fresh();

  private static final String GATE = Gate.class.getPackageName();
  private static final String VAULT = Vault.class.getPackageName();

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.pledge.policy", "dev.pledge.log", "dev.pledge.engine");

  // ------------------------------------------------------------------------------------- floors

  /** Strictly down, hence without cycles. */
  @Test
  void importsGoDown() {
    assertThat(classes("policy")).isNotEmpty();
    assertThat(classes("log")).isNotEmpty();
    assertThat(classes("engine")).isNotEmpty();
    assertThat(Floors.violations(CLASSES)).isEmpty();
  }

  /** Whoever verifies the log, or decides in a program of their own, needs nothing but these. */
  @Test
  void theLogAndTheDecisionNeedLittleOfOthers() {
    assertThat(foreign("dev.pledge.log"))
        .isSubsetOf("java", "javax.crypto", "org.jspecify", "org.bouncycastle");
    assertThat(foreign("dev.pledge.policy.names")).isSubsetOf("java", "org.jspecify");
    assertThat(foreign("dev.pledge.policy.decision")).isSubsetOf("java", "org.jspecify");
    assertThat(foreign("dev.pledge.policy.language"))
        .isSubsetOf("java", "org.jspecify", "org.snakeyaml");
    assertThat(foreign("dev.pledge.policy.document"))
        .isSubsetOf("java", "org.jspecify", "gg.jte", "org.commonmark", "com.fasterxml");
  }

  // ------------------------------------------------------------------------------- the one door

  @Test
  void onlyTheGateDecides() {
    assertThat(users(SubjectState.class, "<init>")).isSubsetOf(GATE);
    assertThat(users(Policies.class, "decide")).isSubsetOf(GATE);
    assertThat(
            users(
                CompiledPolicy.class,
                "refusesWhole",
                "refusesApproval",
                "refusesRevocation",
                "refusesReview"))
        .isSubsetOf(GATE);
  }

  /** A permit is made, carried and used up within the gate; the vault asks for it. */
  @Test
  void noPermitLeavesTheGate() {
    assertThat(packagesThatKnow(Permit.class)).isSubsetOf(GATE, VAULT);
    assertThat(packagesThatKnow(Opened.class)).isSubsetOf(GATE, VAULT);
  }

  @Test
  void onlyTheGateUsesTheVault() {
    assertThat(users(Vault.class, "open", "store", "delete")).isSubsetOf(GATE);
    assertThat(users(Vault.class, "remove")).containsExactly("dev.pledge.engine.erasure");
  }

  /** What guards is made in one place; a receipt by nobody but the log. */
  @Test
  void onlyTheFacadeBuildsTheHouse() {
    Set<String> facade = Set.of("dev.pledge.engine");
    assertThat(users(Gate.class, "<init>")).isEqualTo(facade);
    assertThat(users(Vault.class, "<init>")).isEqualTo(facade);
    assertThat(users(KeyStore.class, "create", "open", "openReadOnly")).isEqualTo(facade);
    assertThat(users(KeyStore.class, "<init>")).isEmpty();
    assertThat(users(FileRootKey.class, "create", "open")).isEqualTo(facade);
    assertThat(users(FileRootKey.class, "<init>")).isEmpty();
    assertThat(users(RootKeys.class, "open")).isEqualTo(facade);
    assertThat(users(Receipt.class, "<init>", "committed")).isEmpty();
    assertThat(Receipt.class.getConstructors()).isEmpty();
    assertThat(classesThatMake(Receipt.class)).containsExactly(Audit.class.getName());
  }

  @Test
  void onlyTheGateUnwrapsKeys() {
    assertThat(users(SubjectKeys.class, "unwrap", "newKey", "renew")).isSubsetOf(GATE);
    assertThat(users(SubjectKey.class, "seal", "open")).isSubsetOf(VAULT);
    // What is not a value: birth dates, evidence and references, the details of log entries,
    // exports. The last only looks whether they open.
    assertThat(classesThatUse(SubjectKey.class, "openRecord"))
        .containsExactly(
            GATE + ".AgeEvidence",
            GATE + ".Approving",
            GATE + ".Holding",
            GATE + ".Inventorying$Look",
            GATE + ".SealedRecords");
    assertThat(classesThatUse(SubjectKey.class, "openDetail")).containsExactly(GATE + ".Viewing");
    assertThat(classesThatUse(SubjectKey.class, "openExport")).isEmpty();
    assertThat(classesThatUse(SubjectKey.class, "sealOfRequest"))
        .containsExactly(GATE + ".Petition");
    assertThat(classesThatUse(SubjectKey.class, "openOfRequest"))
        .containsExactly(
            GATE + ".Petition",
            GATE + ".Petitioning",
            GATE + ".Refitting",
            GATE + ".SealedRecords");
  }

  // ----------------------------------------------------------------------------------- the tables

  @Test
  void everyTableHasOneWriterWhoseMigrationMadeIt() {
    Map<String, String> owners = Schema.owners();
    assertThat(owners.keySet()).isEqualTo(DATABASE.database().<Set<String>>read(Schema::tables));
    Map<String, Set<String>> writers = new TreeMap<>();
    for (JavaClass each : CLASSES) {
      for (String table : Statements.of(each).written()) {
        assertThat(table).as("a statement in %s", each).isNotEqualTo(Statements.HIDDEN);
        if (owners.containsKey(table)) {
          writers.computeIfAbsent(table, t -> new TreeSet<>()).add(shortPackage(each));
        }
      }
    }
    Map<String, Set<String>> expected = new TreeMap<>();
    owners.forEach((table, owner) -> expected.put(table, Set.of(owner)));
    // Functions of its migration write it, and the application may not.
    expected.remove("archive");
    // A library writes it, which only its package uses.
    expected.remove("scheduled_tasks");
    assertThat(foreign("dev.pledge.engine.retention")).contains("com.github");
    assertThat(writers).isEqualTo(expected);
  }

  @Test
  void onlyTheGateReadsTablesOfOthers() {
    Map<String, String> owners = Schema.owners();
    List<String> violations = new ArrayList<>();
    for (JavaClass each : CLASSES) {
      for (String table : Statements.of(each).read()) {
        String reader = shortPackage(each);
        boolean allowed =
            reader.equals("gate") || reader.equals(owners.getOrDefault(table, reader));
        if (!allowed || table.equals(Statements.HIDDEN)) {
          violations.add("%s reads `%s`".formatted(each.getName(), table));
        }
      }
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void statementsAreRecognised() {
    assertThat(Statements.in("with a as (insert into t1 (x) select y from t2) delete from t3"))
        .satisfies(
            found -> {
              assertThat(found.written()).containsExactlyInAnyOrder("t1", "t3");
              assertThat(found.read()).containsExactly("t2");
            });
    assertThat(Statements.in("insert into t on conflict (a) do update set b = 1").written())
        .containsExactly("t");
    assertThat(Statements.in("UPDATE t AS x SET a = 1 FROM u").written()).containsExactly("t");
    assertThat(Statements.in("select 1 from a join b using (c), d for update of a").read())
        .contains("a", "b");
    assertThat(Statements.in("select 1 from a x, b").read()).containsExactlyInAnyOrder("a", "b");
    assertThat(Statements.in("delete from ").written()).containsExactly(Statements.HIDDEN);
    assertThat(Statements.in("delete from \u0001 where a").written())
        .containsExactly(Statements.HIDDEN);
    assertThat(Statements.in("update %s set a = 1").written()).containsExactly(Statements.HIDDEN);
    assertThat(Statements.in("select a from \u0001").read()).containsExactly(Statements.HIDDEN);
    assertThat(Statements.in("restore it from its events").written()).isEmpty();
  }

  // ----------------------------------------------------------------------------------- the schema

  /** Small, on every node, naming no data subject. */
  private static final Set<String> REFERENCE =
      Set.of(
          "vocabulary",
          "field_form",
          "actor",
          "undertaking",
          "token",
          "deployment",
          "alarm",
          "watch",
          "first_use",
          "legal_hold",
          "suppression_tally",
          "rotation",
          "epoch_plan",
          "sweep",
          "sweep_range",
          "expired",
          "scheduled_tasks");

  /** By what a table is spread where it is not the person, and why. */
  private static final Map<String, String> SPREAD_OTHERWISE =
      Map.ofEntries(
          // So that a table over many machines can keep it unique.
          Map.entry("alias", "blind_index"),
          // So that one insert serves many people.
          Map.entry("intake", "intake_key"),
          // Since it is looked for before anybody knows the person.
          Map.entry("reply", "actor_id"),
          // So that it outlasts its person.
          Map.entry("set_aside", "hold_id"),
          // Since nobody is to be named by it.
          Map.entry("suppression_mark", "mark"),
          Map.entry("outbox", "message"),
          // A log grows in one place.
          Map.entry("tree", "log"),
          Map.entry("tile", "log"),
          Map.entry("archive", "log"),
          Map.entry("checkpoint", "log"),
          Map.entry("anchor", "log"),
          Map.entry("candidate", "log"),
          Map.entry("cosignature", "log"));

  private static String spreadBy(String table) {
    return SPREAD_OTHERWISE.getOrDefault(table, "subject_id");
  }

  @Test
  void everyTableIsSpreadByPersonOrSmall() {
    Set<String> tables = DATABASE.database().read(Schema::tables);
    assertThat(tables).containsAll(REFERENCE).containsAll(SPREAD_OTHERWISE.keySet());
    assertThat(DATABASE.database().<List<String>>read(Schema::keyless)).isEmpty();
    for (Schema.Unique unique :
        DATABASE.database().<List<Schema.Unique>>read(Schema::uniqueIndexes)) {
      if (!REFERENCE.contains(unique.table())) {
        assertThat(unique.columns())
            .as("the columns of `%s` on `%s`", unique.name(), unique.table())
            .contains(spreadBy(unique.table()));
      }
    }
  }

  @Test
  void noForeignKeyCrossesNodes() {
    for (Schema.ForeignKey key :
        DATABASE.database().<List<Schema.ForeignKey>>read(Schema::foreignKeys)) {
      assertThat(REFERENCE.contains(key.target()))
          .as("%s: small tables refer to small tables alone", key)
          .isEqualTo(REFERENCE.contains(key.table()));
      int at = key.columns().indexOf(spreadBy(key.table()));
      boolean together = at >= 0 && key.targets().get(at).equals(spreadBy(key.target()));
      assertThat(together || REFERENCE.contains(key.table()))
          .as("%s: both sides lie on the same node", key)
          .isTrue();
    }
  }

  /** A sequence is one number for all nodes. */
  @Test
  void nothingDrawsFromASequence() {
    assertThat(DATABASE.database().<List<String>>read(Schema::sequences)).isEmpty();
  }

  // ---------------------------------------------------------------------------------- the drawing

  private static final String BEGIN = "<!-- floors: written by ArchitectureTest -->\n";
  private static final String END = "<!-- end of floors -->\n";

  @Test
  void theDrawingShowsTheHouse() throws IOException {
    Path file = drawing();
    String text = Files.readString(file);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    assertThat(text.indexOf(BEGIN)).as("the marks around the floors in %s", file).isBetween(0, to);
    String diagram = Floors.diagram(CLASSES, Schema.owners());
    if ("write".equals(System.getProperty("pledge.architecture"))) {
      Files.writeString(file, text.substring(0, from) + diagram + text.substring(to));
    } else {
      assertThat(text.substring(from, to))
          .as("the floors in %s; write them anew with -Dpledge.architecture=write", file)
          .isEqualTo(diagram);
    }
  }

  private static Path drawing() {
    Path inside = Path.of("docs/architecture.md");
    return Files.exists(inside) ? inside : Path.of("..").resolve(inside);
  }

  // -------------------------------------------------------------------------------------- helpers

  private static List<JavaClass> classes(String module) {
    return CLASSES.stream()
        .filter(each -> (each.getPackageName() + ".").startsWith(Floors.OURS + module + "."))
        .toList();
  }

  /** The libraries a package uses: the first two words of their packages, `java` for the JDK. */
  private static Set<String> foreign(String packageName) {
    Set<String> foreign = new TreeSet<>();
    for (JavaClass each : CLASSES) {
      if (each.getPackageName().equals(packageName)) {
        each.getDirectDependenciesFromSelf().stream()
            .map(dependency -> dependency.getTargetClass().getBaseComponentType())
            .filter(target -> !target.isPrimitive())
            .map(JavaClass::getPackageName)
            .filter(name -> !name.startsWith(Floors.OURS))
            .forEach(name -> foreign.add(library(name)));
      }
    }
    assertThat(foreign).contains("java");
    return foreign;
  }

  private static String library(String packageName) {
    String[] words = packageName.split("\\.", 3);
    return words[0].equals("java") ? "java" : words[0] + "." + words[1];
  }

  /** Packages from outside the type's own that call one of these, or hand a reference to it on. */
  private static Set<String> users(Class<?> type, String... members) {
    Set<String> users = new TreeSet<>();
    for (JavaClass each : users(type, Set.of(members))) {
      users.add(each.getPackageName());
    }
    return users;
  }

  private static Set<String> classesThatUse(Class<?> type, String member) {
    Set<String> users = new TreeSet<>();
    for (JavaClass each : users(type, Set.of(member))) {
      users.add(each.getName());
    }
    return users;
  }

  /** The classes, wherever they are, that call a constructor of the type. */
  private static Set<String> classesThatMake(Class<?> type) {
    Set<String> makers = new TreeSet<>();
    for (JavaClass each : CLASSES) {
      if (each.getAccessesFromSelf().stream().anyMatch(a -> is(a, type, Set.of("<init>")))) {
        makers.add(each.getName());
      }
    }
    return makers;
  }

  private static List<JavaClass> users(Class<?> type, Set<String> members) {
    Set<String> there = new TreeSet<>();
    CLASSES.get(type).getCodeUnits().forEach(unit -> there.add(unit.getName()));
    assertThat(there).as("members of %s", type).containsAll(members);
    return CLASSES.stream()
        .filter(each -> !each.getPackageName().equals(type.getPackageName()))
        .filter(each -> each.getAccessesFromSelf().stream().anyMatch(a -> is(a, type, members)))
        .toList();
  }

  private static boolean is(JavaAccess<?> access, Class<?> type, Set<String> members) {
    return access.getTargetOwner().isEquivalentTo(type)
        && members.contains(access.getTarget().getName());
  }

  private static Set<String> packagesThatKnow(Class<?> type) {
    Set<String> packages = new TreeSet<>();
    for (JavaClass each : CLASSES) {
      boolean knows =
          each.getDirectDependenciesFromSelf().stream()
              .anyMatch(dependency -> dependency.getTargetClass().isEquivalentTo(type));
      if (knows && !each.getPackageName().equals(type.getPackageName())) {
        packages.add(each.getPackageName());
      }
    }
    return packages;
  }

  private static String shortPackage(JavaClass type) {
    String name = type.getPackageName();
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
