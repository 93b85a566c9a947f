package dev.pledge.server;

import dev.pledge.engine.PolicyFiles;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The names a policy has for what an actor may be given, over all its versions. */
record KnownNames(Set<String> roles, Set<String> products, Set<String> undertakings) {

  /** Reads them from the policy's files. */
  static KnownNames in(Path directory) {
    List<Policy> versions =
        PolicyFiles.read(directory).policies().versions().stream()
            .map(CompiledPolicy::source)
            .toList();
    return new KnownNames(
        names(versions, policy -> words(policy.roles(), role -> role.id().value())),
        names(versions, policy -> words(policy.products(), ProductId::value)),
        names(
            versions,
            policy ->
                policy.roles().stream()
                    .flatMap(role -> role.undertaking().stream())
                    .map(UndertakingId::value)
                    .toList()));
  }

  private static <T> List<String> words(Collection<T> things, Function<T, String> word) {
    return things.stream().map(word).toList();
  }

  private static Set<String> names(List<Policy> versions, Function<Policy, List<String>> part) {
    return versions.stream()
        .flatMap(policy -> policy.layers().stream())
        .flatMap(terms -> part.apply(terms).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Throws {@link IllegalArgumentException}, with the names there are, unless the policy has all
   * that {@code actor} is given.
   */
  void require(NewActor actor) {
    require("--role", words(actor.roles(), RoleId::value), roles);
    require("--product", words(actor.products(), ProductId::value), products);
    require("--undertaking", words(actor.undertakings(), UndertakingId::value), undertakings);
  }

  private static void require(String option, List<String> given, Set<String> known) {
    for (String name : given) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            option + ": the policy has no `" + name + "`; it has " + String.join(", ", known));
      }
    }
  }
}
