package dev.pledge.policy.language;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.Source;
import dev.pledge.policy.decision.Sharing.Agreement;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SourceId;
import java.util.List;
import java.util.Set;

/** Reads the third parties that supply data (I.0). */
final class SourceReader {
  /** The two sources every policy has. */
  private static final Set<String> BUILT_IN =
      Set.of(CompiledPolicy.PERSON, CompiledPolicy.PRODUCT_USE);

  private final Reading reading;
  private final AgreementReader agreements;

  SourceReader(Reading reading) {
    this.reading = reading;
    this.agreements = new AgreementReader(reading.problems());
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
    Agreement agreement = agreements.withSource(keys);
    Set<FieldId> fields = reading.fields(keys.required("fields", "fields: [contact.email]"), keys);
    return new Source(id, agreement.from(), agreement.until(), fields);
  }
}
