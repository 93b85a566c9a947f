package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.OwnEntries;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.log.Kind;
import dev.pledge.log.MarkKey;
import dev.pledge.policy.names.SubjectId;
import java.util.List;
import java.util.Optional;

/** Hands a person all entries about them with proofs, and what finds them in a copy of the log. */
final class Proving {
  private final Viewing viewing;

  Proving(Viewing viewing) {
    this.viewing = viewing;
  }

  private record Begun(Receipt receipt, Optional<MarkKey> key, Optional<OwnEntries.Walk> walk) {}

  /**
   * Each part is read, and the person asked for, for itself, as of the other export: whoever is
   * slow to take it holds nothing, and what is erased meanwhile is not handed over, nor signed.
   */
  ProvenHistory prove(
      Caller caller, SubjectId subject, OwnEntries entries, ProvenHistory.Taker taker) {
    Begun begun =
        viewing.look(
            Kind.HISTORY,
            caller,
            subject,
            (person, key, receipt) ->
                new Begun(
                    receipt,
                    Optional.of(key.markKey()),
                    entries.begin(subject, Entries.ofHistory(key))),
            receipt -> new Begun(receipt, Optional.empty(), Optional.empty()));
    if (begun.key.isEmpty()) {
      return new ProvenHistory.Unknown(begun.receipt);
    }
    Optional<OwnEntries.Walk> walk = begun.walk;
    if (walk.isEmpty()) {
      return new ProvenHistory.NotYet(begun.receipt);
    }
    taker.begin(walk.get().checkpoint(), begun.key.get());
    return handOver(caller, subject, walk.get(), begun.key.get(), taker, begun.receipt);
  }

  private ProvenHistory handOver(
      Caller caller,
      SubjectId subject,
      OwnEntries.Walk walk,
      MarkKey key,
      ProvenHistory.Taker taker,
      Receipt receipt) {
    while (walk.hasMore()) {
      List<OwnEntries.Included> part = walk.next(viewing.discretion(subject));
      if (viewing.present(caller, subject) == null) {
        return new ProvenHistory.Unknown(receipt);
      }
      part.forEach(each -> taker.entry(each, key.marks(each.entry())));
    }
    return new ProvenHistory.Stated(walk.count(), walk.statement(key), receipt);
  }
}
