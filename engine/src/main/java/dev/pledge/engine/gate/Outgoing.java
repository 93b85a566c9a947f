package dev.pledge.engine.gate;

import dev.pledge.engine.outbox.Message;
import dev.pledge.engine.outbox.Message.Cause;
import dev.pledge.engine.outbox.Outbox;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Sharing;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells recipients, by messages that wait, what becomes of data they may hold (V.1, V.2, III.I.1):
 * those that a version of the policy in force until now lets receive a field, as long as nothing
 * says what was shared with whom. Not an authority: what it was given for an inquiry is no matter
 * of the policy's (GDPR Art. 4(9)).
 */
final class Outgoing {
  private final Parts parts;
  private final Outbox outbox;

  Outgoing(Parts parts, Outbox outbox) {
    this.parts = parts;
    this.outbox = outbox;
  }

  /** Of the person everything goes: of what there is, whoever may hold it is told. */
  void erased(Transaction tx, SubjectId subject, Parting parting) {
    Map<String, Set<FieldId>> receiving = receiving(parts.clock().instant(), any -> true);
    List<Message> messages = messages(receiving, held(tx, subject, receiving), Cause.ERASURE, null);
    outbox.put(tx, parting.certificate(), messages, parting.day());
  }

  /** These fields were deleted. */
  void deleted(Transaction tx, Instant now, Collection<FieldId> fields) {
    put(tx, now, fields, Cause.DELETION);
  }

  /** Other values took the place of these. */
  void corrected(Transaction tx, Instant now, Collection<FieldId> fields) {
    put(tx, now, fields, Cause.CORRECTION);
  }

  private void put(Transaction tx, Instant now, Collection<FieldId> fields, Cause cause) {
    if (!fields.isEmpty()) {
      put(tx, now, messages(receiving(now, any -> true), Set.copyOf(fields), cause, null));
    }
  }

  /** The person said no: whoever receives something for that purpose is told. */
  void withdrawn(Transaction tx, Instant now, SubjectId subject, ConsentChange change) {
    if (change.answer() != Answer.WITHDRAWN) {
      return;
    }
    Map<String, Set<FieldId>> receiving =
        receiving(
            now,
            recipient ->
                recipient.purposes().stream()
                    .map(PurposeId::value)
                    .anyMatch(change.purpose()::equals));
    put(tx, now, messages(receiving, held(tx, subject, receiving), Cause.WITHDRAWAL, change));
  }

  private void put(Transaction tx, Instant now, List<Message> messages) {
    if (!messages.isEmpty()) {
      outbox.put(tx, parts.ids().unordered(), messages, LocalDate.ofInstant(now, ZoneOffset.UTC));
    }
  }

  private Set<FieldId> held(
      Transaction tx, SubjectId subject, Map<String, Set<FieldId>> receiving) {
    Set<FieldId> fields = new HashSet<>();
    receiving.values().forEach(fields::addAll);
    return fields.isEmpty() ? Set.of() : parts.vault().held(tx, subject, fields);
  }

  /** What each of the recipients may have received, by whichever version was in force. */
  private Map<String, Set<FieldId>> receiving(Instant now, Predicate<Recipient> which) {
    Map<String, Set<FieldId>> receiving = new TreeMap<>();
    for (CompiledPolicy policy : parts.policies().versions()) {
      if (!now.isBefore(policy.effectiveAt())) {
        policy.layers().stream()
            .flatMap(terms -> terms.source().sharing().recipients().stream())
            .filter(recipient -> recipient.kind() != Sharing.Kind.AUTHORITY)
            .filter(which)
            .forEach(
                recipient ->
                    receiving
                        .computeIfAbsent(recipient.id().value(), id -> new HashSet<>())
                        .addAll(recipient.fields()));
      }
    }
    return receiving;
  }

  private static List<Message> messages(
      Map<String, Set<FieldId>> receiving,
      Set<FieldId> about,
      Cause cause,
      @Nullable ConsentChange change) {
    List<Message> messages = new ArrayList<>();
    receiving.forEach(
        (recipient, fields) -> {
          List<String> theirs =
              fields.stream().filter(about::contains).map(FieldId::toString).toList();
          if (!theirs.isEmpty()) {
            messages.add(
                new Message(
                    recipient,
                    cause,
                    theirs,
                    Optional.ofNullable(change).map(ConsentChange::purpose),
                    Optional.ofNullable(change).map(ConsentChange::product)));
          }
        });
    return messages;
  }
}
