package dev.pledge.engine;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The floors of the house: every package of ours, how high it stands, and what it is. */
final class Floors {
  static final String OURS = "dev.pledge.";

  /** One package. Imports go to lower floors of the same house, or to a module below. */
  record Floor(String name, int height, String is) {}

  private static final List<Floor> POLICY =
      List.of(
          new Floor("dev.pledge.policy.document", 3, "the policy as people read it"),
          new Floor("dev.pledge.policy.revision", 3, "what a version of the policy changes"),
          new Floor("dev.pledge.policy.language", 2, "the language: file to policy, or problems"),
          new Floor("dev.pledge.policy.decision", 1, "the decision, pure functions"),
          new Floor("dev.pledge.policy.names", 0, "the names everybody speaks in"));

  private static final List<Floor> LOG =
      List.of(new Floor("dev.pledge.log", 0, "the entries of the log, as bytes"));

  private static final List<Floor> ENGINE =
      List.of(
          new Floor("dev.pledge.engine", 8, "`Pledge`: the facade, where everything is wired"),
          new Floor(
              "dev.pledge.engine.rights",
              7,
              "what people get and ask for in their own right, and its clocks"),
          new Floor("dev.pledge.engine.retention", 7, "sweeps: what is no longer kept goes"),
          new Floor("dev.pledge.engine.erasure", 6, "the one way to forget"),
          new Floor("dev.pledge.engine.mail", 6, "sends messages to people by e-mail"),
          new Floor("dev.pledge.engine.gate", 5, "the one door: collect, read, share"),
          new Floor("dev.pledge.engine.consent", 4, "what people choose"),
          new Floor("dev.pledge.engine.vault", 4, "sealed values"),
          new Floor(
              "dev.pledge.engine.oversight",
              4,
              "a second pair of eyes: approvals before exceptional uses, reviews after emergency"
                  + " uses"),
          new Floor("dev.pledge.engine.watch", 4, "unusual access: rules over the log, and alarms"),
          new Floor("dev.pledge.engine.hold", 3, "what the law has kept"),
          new Floor(
              "dev.pledge.engine.suppression", 3, "what people objected to who are gone: marks"),
          new Floor("dev.pledge.engine.signin", 3, "people who are signed in"),
          new Floor("dev.pledge.engine.outbox", 3, "messages that wait for recipients"),
          new Floor("dev.pledge.engine.message", 3, "messages to people, until they are sent"),
          new Floor("dev.pledge.engine.request", 3, "rights requests as they lie"),
          new Floor("dev.pledge.engine.subject", 3, "accounts and aliases"),
          new Floor("dev.pledge.engine.actor", 3, "who asks: actors, tokens, undertakings"),
          new Floor("dev.pledge.engine.keys", 2, "one key per person"),
          new Floor("dev.pledge.engine.audit", 1, "the log's door"),
          new Floor("dev.pledge.engine.anchor", 0, "places outside that are told of the log"),
          new Floor("dev.pledge.engine.store", 0, "the database"),
          new Floor("dev.pledge.engine.value", 0, "values, their shapes and masks"));

  /** Modules and the modules they may know. */
  static final Map<String, Set<String>> MODULES =
      Map.of("policy", Set.of(), "log", Set.of(), "engine", Set.of("policy", "log"));

  private static final Map<String, Floor> BY_NAME =
      List.of(POLICY, LOG, ENGINE).stream()
          .flatMap(List::stream)
          .collect(Collectors.toMap(Floor::name, floor -> floor));

  private Floors() {}

  /** What one package knows of ours, in one sentence for each thing it must not know. */
  static List<String> violations(JavaClasses classes) {
    List<String> violations = new ArrayList<>();
    for (JavaClass each : classes) {
      if (!BY_NAME.containsKey(each.getPackageName())) {
        violations.add(
            "`%s` is on no floor; give its package one in Floors and in docs/architecture.md"
                .formatted(each.getName()));
      }
      for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().startsWith(OURS) && !mayKnow(each, target)) {
          violations.add(dependency.getDescription());
        }
      }
    }
    return violations;
  }

  private static boolean mayKnow(JavaClass from, JavaClass to) {
    if (from.getPackageName().equals(to.getPackageName())) {
      return true;
    }
    String module = module(from);
    if (!module.equals(module(to))) {
      return MODULES.getOrDefault(module, Set.of()).contains(module(to));
    }
    Floor above = BY_NAME.get(from.getPackageName());
    Floor below = BY_NAME.get(to.getPackageName());
    return above != null && below != null && below.height() < above.height();
  }

  private static String module(JavaClass type) {
    String rest = type.getPackageName().substring(OURS.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  /** The floors of the engine as people are shown them, with what each knows and writes. */
  static String diagram(JavaClasses classes, Map<String, String> ownerOfTable) {
    StringBuilder diagram =
        new StringBuilder(
            "| floor | package | what it is | knows | writes |\n|---|---|---|---|---|\n");
    for (Floor floor : ENGINE) {
      String name = shortName(floor.name());
      diagram.append(
          "| %d | `%s` | %s | %s | %s |\n"
              .formatted(
                  floor.height(),
                  name,
                  floor.is(),
                  listed(known(classes, floor)),
                  listed(tablesOf(name, ownerOfTable))));
    }
    return diagram.toString();
  }

  private static List<String> known(JavaClasses classes, Floor floor) {
    Set<String> known = new TreeSet<>();
    for (JavaClass each : classes) {
      if (each.getPackageName().equals(floor.name())) {
        each.getDirectDependenciesFromSelf().stream()
            .map(dependency -> dependency.getTargetClass().getBaseComponentType().getPackageName())
            .filter(name -> name.startsWith("dev.pledge.engine.") && !name.equals(floor.name()))
            .forEach(name -> known.add(shortName(name)));
      }
    }
    return List.copyOf(known);
  }

  private static List<String> tablesOf(String owner, Map<String, String> ownerOfTable) {
    Map<String, String> sorted = new TreeMap<>(ownerOfTable);
    return sorted.entrySet().stream()
        .filter(table -> table.getValue().equals(owner))
        .map(Map.Entry::getKey)
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  private static String listed(List<String> names) {
    return names.isEmpty()
        ? "–"
        : names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(" "));
  }

  private static String shortName(String packageName) {
    return packageName.equals("dev.pledge.engine")
        ? "engine"
        : packageName.substring("dev.pledge.engine.".length());
  }
}
