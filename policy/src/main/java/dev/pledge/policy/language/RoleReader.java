package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import dev.pledge.policy.names.View;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the roles: the jobs that need data (IV.3). */
final class RoleReader {
  private static final Vocabulary<Boolean> NO_DATA = new Vocabulary<>("word", Map.of("none", true));

  private static final Vocabulary<HeldBy> HOLDERS = Vocabulary.of("word", HeldBy.values());

  private final Reading reading;
  private final Problems problems;
  private final Map<PurposeId, Set<FieldId>> uses = new HashMap<>();
  private final Set<String> onlyKept = new HashSet<>();

  /** The roles that approve exceptions or review emergencies, each with one of their purposes. */
  private final Map<RoleId, PurposeId> overseen = new HashMap<>();

  RoleReader(Reading reading, List<Purpose> purposes) {
    this.reading = reading;
    this.problems = reading.problems();
    for (Purpose purpose : purposes) {
      uses.put(purpose.id(), purpose.uses());
      if (purpose.nature() == Nature.RECORD_KEEPING) {
        onlyKept.add(purpose.id().value());
      }
      purpose.exception().ifPresent(e -> overseen.putIfAbsent(e.approver(), purpose.id()));
      purpose.breakGlass().ifPresent(b -> overseen.putIfAbsent(b.reviewer(), purpose.id()));
    }
  }

  List<Role> read(Value roles) {
    return reading.each(roles.entries(), "role", RoleId::new, this::role);
  }

  private Role role(RoleId id, Keys keys) {
    Value collectsValue = keys.optional("collects");
    Value purposesValue = keys.optional("purposes");
    checkHasWork(keys, collectsValue, purposesValue);
    reading.mustListSomething(collectsValue);
    reading.mustListSomething(purposesValue);
    Set<PurposeId> purposes =
        reading.known(
            purposesValue, "purpose", keys, reading.declared().purposes(), PurposeId::new);
    purposesValue.words().forEach(word -> checkIsRead(word, keys));
    View sees = sees(keys, purposesValue);
    return new Role(
        id,
        reading.fields(collectsValue, keys),
        purposes,
        sees,
        mayReveal(keys, purposes, sees),
        undertaking(keys),
        heldBy(id, keys, collectsValue.isPresent() || purposesValue.isPresent()));
  }

  private void checkIsRead(Scalar word, Keys keys) {
    if (onlyKept.contains(word.text())) {
      problems.error(
          word,
          "nothing is read for purpose " + Quoted.of(word.text()) + " of " + keys.name(),
          "remove it; what it keeps is read for other purposes");
    }
  }

  private void checkHasWork(Keys keys, Value collects, Value purposes) {
    Value data = keys.optional("data");
    boolean none = data.oneOf(NO_DATA).isPresent();
    boolean work = collects.isPresent() || purposes.isPresent();
    if (none && work) {
      problems.error(
          data.key(),
          keys.name() + " has `data: none` and yet lists data",
          "remove `data`, or `collects` and `purposes`");
    } else if (!data.isPresent() && !work) {
      problems.error(
          keys.owner(),
          keys.name() + " has no `purposes` and `collects` nothing",
          "add `purposes: […]`, or `data: none` for a role that sees no data");
    }
  }

  private View sees(Keys keys, Value purposes) {
    String key = "sees";
    Value sees = purposes.isPresent() ? keys.required(key, "sees: masked") : keys.optional(key);
    return sees.oneOf(PurposeReader.VIEWS).orElse(View.DE_IDENTIFIED);
  }

  private Set<FieldId> mayReveal(Keys keys, Set<PurposeId> purposes, View sees) {
    Value value = keys.optional("may-reveal");
    if (sees == View.DE_IDENTIFIED && keys.optional("sees").isPresent()) {
      problems.error(
          value.key(),
          keys.name() + " sees nobody, and yet may reveal",
          "remove `may-reveal`, or write `sees: masked`");
    }
    Set<FieldId> revealed = reading.fields(value, keys);
    for (Scalar word : value.words()) {
      Set<FieldId> meant = reading.declared().fieldsMeantBy(word.text()).orElse(Set.of());
      boolean reachable =
          meant.stream()
              .allMatch(
                  field ->
                      purposes.stream()
                          .map(p -> uses.getOrDefault(p, Set.of()))
                          .anyMatch(used -> used.isEmpty() || used.contains(field)));
      if (!reachable && keys.optional("purposes").isPresent()) {
        problems.error(
            word,
            keys.name() + " may reveal " + Quoted.of(word.text()) + ", which no purpose of it uses",
            "remove it, or add a purpose that uses it");
      }
    }
    return revealed;
  }

  /**
   * Whoever sees data, or what others want with it, has signed for it, unless it is no human being
   * (IV.3); and who looks over others is one (II.I.7).
   */
  private HeldBy heldBy(RoleId id, Keys keys, boolean data) {
    Value value = keys.optional("held-by");
    Optional<HeldBy> written = value.oneOf(HOLDERS);
    HeldBy holder = written.orElse(value.isPresent() ? HeldBy.SERVICE : HeldBy.ANYONE);
    PurposeId oversees = overseen.get(id);
    if (oversees != null && written.equals(Optional.of(HeldBy.SERVICE))) {
      problems.error(
          value.word(),
          keys.name()
              + " looks over uses for purpose `"
              + oversees
              + "`, which a program cannot (II.I.7)",
          "remove `held-by`, or name another role in the purpose");
    }
    boolean asked =
        keys.optional("undertaking").isPresent()
            || (keys.optional("data").isPresent() && oversees == null);
    if ((data || oversees != null) && holder == HeldBy.ANYONE && !asked) {
      problems.error(
          keys.owner(),
          keys.name() + " asks people for no `undertaking` (IV.3)",
          "add `undertaking: …`"
              + (oversees == null
                  ? ", or `held-by: service` for a role that no human being holds"
                  : ""));
    }
    return holder;
  }

  private Optional<UndertakingId> undertaking(Keys keys) {
    return keys.optional("undertaking")
        .word()
        .flatMap(
            word ->
                reading.known(
                    word,
                    "undertaking",
                    keys,
                    reading.declared().undertakings(),
                    UndertakingId::new));
  }
}
