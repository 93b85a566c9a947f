package dev.pledge.policy.language;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.Source;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SourceId;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the third parties that supply data (I.0). */
final class SourceReader {
  /** The two sources every policy has. */
  private static final Set<String> BUILT_IN =
      Set.of(CompiledPolicy.PERSON, CompiledPolicy.PRODUCT_USE);

  private final Reading reading;

  SourceReader(Reading reading) {
    this.reading = reading;
  }

  List<Source> read(Value sources) {
    return reading.each(sources.entries(), "source", SourceId::new, this::source);
  }

  private Source source(SourceId id, Keys keys) {
    if (BUILT_IN.contains(id.value())) {
      reading
          .problems()
          .error(
              keys.owner(),
              "`" + id + "` is a source of every policy",
              "choose another name for the third party");
    }
    reading.clause(keys, "I.0");
    Value agreement =
        keys.required("agreement", "agreement: { from: 2026-01-01, until: 2027-01-01 }");
    Optional<Keys> dates = agreement.keys();
    Optional<LocalDate> from =
        dates.flatMap(own -> own.required("from", "from: 2026-01-01").date());
    Optional<LocalDate> until =
        dates.flatMap(own -> own.required("until", "until: 2027-01-01").date());
    dates.ifPresent(
        own -> {
          own.optional("consideration");
          own.finish();
        });
    if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
      reading
          .problems()
          .error(
              agreement.key(),
              "the agreement of " + keys.name() + " ends before it begins",
              "write an `until` after `from`; it is the first day without agreement");
    }
    Set<FieldId> fields = reading.fields(keys.required("fields", "fields: [contact.email]"), keys);
    return new Source(id, from.orElse(LocalDate.EPOCH), until.orElse(LocalDate.EPOCH), fields);
  }
}
