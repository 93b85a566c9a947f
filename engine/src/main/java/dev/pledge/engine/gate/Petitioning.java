package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** People's requests behind the door: taken for a change, and looked at (V.1 to V.5). */
final class Petitioning {
  private final Parts parts;
  private final Viewing viewing;

  Petitioning(Parts parts, Viewing viewing) {
    this.parts = parts;
    this.viewing = viewing;
  }

  Optional<Petition> take(Transaction tx, Caller caller, SubjectId subject) throws SQLException {
    Person person = parts.theirs(tx, caller, subject, Hold.FOR_CHANGE);
    if (person == null) {
      return Optional.empty();
    }
    SubjectKey key = parts.keys().unwrap(subject, person.wrapped());
    boolean taken = false;
    try {
      CompiledPolicy policy = parts.policyAt(person.state().now());
      Petition petition =
          new Petition(parts, tx, caller, parts.aged(person, key, policy), policy, key);
      taken = true;
      return Optional.of(petition);
    } finally {
      if (!taken) {
        key.close();
      }
    }
  }

  <T> T look(
      Caller caller, SubjectId subject, Petition.Told<T> told, Function<Receipt, T> unknown) {
    return viewing.<T>look(
        Kind.REQUESTS,
        caller,
        subject,
        (person, key, receipt) -> told.of(key::openOfRequest, receipt),
        unknown);
  }

  Receipt enter(Caller caller, Petition.Found found) {
    Instant now = parts.clock().instant();
    Facts facts =
        switch (found) {
          case THERE ->
              Facts.of(Kind.REQUESTS, now, Outcome.PERMITTED, caller.logged())
                  .policy(parts.policyAt(now).version().toString())
                  .build();
          case NOTHING -> Logbook.unknown(Kind.REQUESTS, now, caller);
        };
    return parts.entries().recordAboutNobody(facts);
  }
}
