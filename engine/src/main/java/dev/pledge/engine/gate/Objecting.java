package dev.pledge.engine.gate;

import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.Parting.Marking;
import dev.pledge.engine.keys.BlindIndex.Term;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.suppression.Marks;
import dev.pledge.engine.suppression.Objection;
import dev.pledge.engine.value.Value;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.log.Reason;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Lookup;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.names.FieldId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Objections that outlast a person (II.I.5, V.2): whoever is erased leaves a mark of what they said
 * no to at each alias they had, and whoever comes with such an alias is taken to have said it,
 * until they themselves say yes.
 */
final class Objecting {
  private static final String SUPPRESSION_MARK = "suppression-mark";

  /** Why a withdrawal is entered that nobody makes now. */
  static final Reason REASON = Reason.of(SUPPRESSION_MARK, "V.2");

  /** No linguistic content (ISO 639-2): nobody was shown anything. */
  private static final String NO_LANGUAGE = "zxx";

  private final Parts parts;
  private final Marks marks;

  Objecting(Parts parts, Marks marks) {
    this.parts = parts;
    this.marks = marks;
  }

  /** What whoever had one of these aliases objected to. */
  Set<Objection> on(Transaction tx, Collection<Term> aliases) throws SQLException {
    return aliases.isEmpty() ? Set.of() : marks.on(tx.handle(), aliases);
  }

  /** The objections as the person's own withdrawals, whose evidence is the mark. */
  static List<ConsentChange> withdrawals(
      Collection<Objection> objections, CompiledPolicy policy, Instant now) {
    Evidence evidence =
        new Evidence(SUPPRESSION_MARK, policy.version().toString(), NO_LANGUAGE, now, null);
    return objections.stream()
        .map(
            objection ->
                new ConsentChange(
                    objection.purpose(),
                    Answer.WITHDRAWN,
                    objection.product(),
                    objection.channel(),
                    objection.coverage(),
                    By.SELF,
                    evidence))
        .toList();
  }

  /** What the person objects to. */
  private static List<Objection> of(SubjectState state) {
    return state.choices().stream()
        .filter(choice -> choice.answer() == Answer.WITHDRAWN)
        .map(
            choice ->
                new Objection(
                    choice.purpose(),
                    choice.product() == null ? null : choice.product().value(),
                    choice.channel() == null ? null : choice.channel().value(),
                    choice.coverage()))
        .distinct()
        .toList();
  }

  /** Leaves marks of a person who goes, or none; returns for which purposes they stay. */
  SortedSet<String> leave(Transaction tx, Person person, SubjectKey key, Parting parting)
      throws SQLException {
    List<Objection> objections = of(person.state());
    boolean none = parting.marking() == Marking.NONE;
    List<Term> aliases = none || !objections.isEmpty() ? aliases(tx, key) : List.of();
    if (aliases.isEmpty()) {
      return Collections.emptySortedSet();
    }
    if (none) {
      marks.remove(tx, aliases, null);
      return Collections.emptySortedSet();
    }
    marks.leave(tx, aliases, objections, parting.day());
    return purposes(objections);
  }

  /** For which purposes marks of a person would stay who went as they are now. */
  SortedSet<String> toBeMarked(Transaction tx, Person person, SubjectKey key) {
    List<Objection> objections = of(person.state());
    return objections.isEmpty() || aliases(tx, key).isEmpty()
        ? Collections.emptySortedSet()
        : purposes(objections);
  }

  private static SortedSet<String> purposes(List<Objection> objections) {
    return objections.stream()
        .map(Objection::purpose)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Removes, once a person has said yes to a purpose, what marks of their aliases say of it. */
  void forget(Transaction tx, Person person, SubjectKey key, String purpose) throws SQLException {
    if (of(person.state()).stream().anyMatch(objection -> objection.purpose().equals(purpose))) {
      forget(tx, aliases(tx, key), purpose);
    }
  }

  /** Removes what marks of these aliases say of a purpose. */
  void forget(Transaction tx, Collection<Term> aliases, String purpose) throws SQLException {
    if (!aliases.isEmpty()) {
      marks.remove(tx, aliases, purpose);
    }
  }

  /** What the person is found by. */
  private List<Term> aliases(Transaction tx, SubjectKey key) {
    Map<FieldId, Field> fields = lookedUp();
    List<Term> aliases = new ArrayList<>();
    for (Sealed value : parts.vault().profile(tx, key.subject(), fields.keySet())) {
      Field field = fields.get(value.field());
      if (field != null) {
        alias(key, value, field).ifPresent(aliases::add);
      }
    }
    return aliases;
  }

  /** Of a value that was altered nobody is the alias: it keeps nobody from going. */
  private Optional<Term> alias(SubjectKey key, Sealed value, Field field) {
    try {
      Value opened = parts.vault().openToIndex(key, value, field.type());
      return Optional.of(Aliases.term(opened, value.product()));
    } catch (UnsealException altered) {
      return Optional.empty();
    }
  }

  /** The fields of aliases, as the newest version that has each declares it. */
  private Map<FieldId, Field> lookedUp() {
    Map<FieldId, Field> fields = new LinkedHashMap<>();
    for (CompiledPolicy policy : parts.policies().versions()) {
      policy.layers().stream()
          .flatMap(terms -> terms.source().categories().stream())
          .flatMap(category -> category.fields().stream())
          .filter(field -> field.lookup() == Lookup.ALIAS)
          .forEach(field -> fields.put(field.id(), field));
    }
    return fields;
  }
}
