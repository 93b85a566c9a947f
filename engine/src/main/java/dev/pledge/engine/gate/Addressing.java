package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Actors;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.gate.FieldAnswer.Absent;
import dev.pledge.engine.gate.FieldAnswer.Shown;
import dev.pledge.engine.gate.FieldAnswer.Withheld;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.store.Database;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.View;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the e-mail address that a message goes to. It is a read like any other, decided for the
 * purpose that the operator names and on the log: by a service that holds the roles which the
 * policy has for services and for that purpose, and no other.
 */
final class Addressing {
  private static final String UNKNOWN_PERSON = "unknown-person";
  private static final String NO_ADDRESS = "no-address";
  private static final String MASKED = "masked";

  private static final Comparator<Membership> OPEN_AND_LATEST_FIRST =
      Comparator.comparing((Membership membership) -> membership.closedAt() != null)
          .thenComparing(Membership::lastUsed, Comparator.reverseOrder());

  private final Parts parts;
  private final Database database;
  private final Reading reading;

  Addressing(Parts parts, Database database, Reading reading) {
    this.parts = parts;
    this.database = database;
    this.reading = reading;
  }

  /** In the person's products, one after the other, until one has it. */
  Addressed find(SubjectId subject, String purpose) {
    CompiledPolicy policy = parts.policyAt(parts.clock().instant());
    Optional<Field> field = parts.fields(policy).alias(FieldType.EMAIL);
    if (field.isEmpty()) {
      return new Addressed.None(NO_ADDRESS);
    }
    Caller sender = sender(policy, purpose);
    Addressed found = new Addressed.None(UNKNOWN_PERSON);
    for (String product : products(subject)) {
      ReadRequest request =
          ReadRequest.of(sender, purpose, product, List.of(field.get().id().toString()));
      found = address(reading.read(request, subject, Function.identity()));
      if (found instanceof Addressed.Address) {
        return found;
      }
    }
    return found;
  }

  /** Of nobody it is read once all the same, so that the log has it. */
  private List<String> products(SubjectId subject) {
    Person person = database.read(handle -> parts.one(handle, subject, Hold.NONE));
    return person == null
        ? List.of(CompiledPolicy.GENERAL)
        : person.state().memberships().stream()
            .sorted(OPEN_AND_LATEST_FIRST)
            .map(membership -> membership.product().value())
            .toList();
  }

  private static Addressed address(ReadAnswer answer) {
    return switch (answer) {
      case ReadAnswer.Unknown _ -> new Addressed.None(UNKNOWN_PERSON);
      case ReadAnswer.Answer read ->
          switch (read.fields().getFirst()) {
            case Shown shown when shown.view() == View.CLEAR ->
                new Addressed.Address((String) shown.values().getFirst().json());
            case Shown _ -> new Addressed.None(MASKED);
            case Absent _ -> new Addressed.None(NO_ADDRESS);
            case Withheld withheld -> new Addressed.None(withheld.why().code());
          };
    };
  }

  private Caller sender(CompiledPolicy policy, String purpose) {
    Set<RoleId> roles =
        policy.source().roles().stream()
            .filter(role -> sends(role, purpose))
            .map(Role::id)
            .collect(Collectors.toSet());
    Set<ProductId> products =
        parts.policies().versions().stream()
            .flatMap(version -> version.source().products().stream())
            .collect(Collectors.toSet());
    return new Caller(Actors.MESSAGES, Asker.Kind.SERVICE, roles, products, Set.of(), Map.of());
  }

  private static boolean sends(Role role, String purpose) {
    return role.heldBy() == HeldBy.SERVICE
        && role.purposes().stream().map(PurposeId::value).anyMatch(purpose::equals);
  }
}
