package dev.pledge.engine.actor;

import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An actor whose token was checked.
 *
 * @param undertakings those signed, with the moment each runs out
 */
public record Caller(
    ActorId id,
    Asker.Kind kind,
    Set<RoleId> roles,
    Set<ProductId> products,
    Set<Scope> scopes,
    Map<UndertakingId, Instant> undertakings) {

  public Caller {
    roles = Set.copyOf(roles);
    products = Set.copyOf(products);
    scopes = Set.copyOf(scopes);
    undertakings = Map.copyOf(undertakings);
  }

  /** The caller as log entries name it, where no decision counts any of its roles. */
  public dev.pledge.log.Caller logged() {
    return new dev.pledge.log.Caller(
        kind.name().toLowerCase(Locale.ROOT),
        Optional.of(id.value()),
        roles.stream()
            .map(
                role ->
                    new dev.pledge.log.Caller.Role(role.value(), dev.pledge.log.Caller.Weight.HELD))
            .toList(),
        Set.of(),
        Set.of(),
        Optional.empty(),
        Set.of(),
        products.stream().map(ProductId::value).collect(Collectors.toSet()));
  }

  /** Whether the token may make calls of that kind. */
  public boolean may(Scope scope) {
    return scopes.contains(scope);
  }

  /**
   * The caller as the decision sees it at {@code now}. Whether reviews are overdue only an
   * emergency asks; see {@link Asker#with}.
   */
  public Asker asker(Instant now, Asker.Capacity capacity, Asker.Assurance assurance) {
    Set<UndertakingId> inForce =
        undertakings.entrySet().stream()
            .filter(signed -> now.isBefore(signed.getValue()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    return new Asker(
        id, kind, roles, products, inForce, capacity, assurance, Asker.Reviews.IN_TIME);
  }
}
