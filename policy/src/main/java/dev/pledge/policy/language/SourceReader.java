package dev.pledge.policy.language;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.Source;
import dev.pledge.policy.decision.Sharing.Agreement;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SourceId;
import java.util.List;
import java.util.Optional;
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
    reading.clause(keys, Clauses.Part.SOURCE, "I.0");
    Agreement agreement = agreements.withSource(keys);
    Value list = keys.required("fields", "fields: [contact.email]");
    reading.mustListSomething(list);
    Set<FieldId> fields = reading.fields(list, keys);
    list.words().forEach(word -> checkIsTold(word, keys));
    return new Source(id, agreement.from(), agreement.until(), fields);
  }

  /** What a third party supplies is said to be collected so (I.M, I.0). */
  private void checkIsTold(Scalar word, Keys keys) {
    Set<FieldId> meant = reading.declared().fieldsMeantBy(word.text()).orElse(Set.of());
    Optional<CategoryId> untold =
        meant.stream()
            .map(FieldId::category)
            .filter(category -> !reading.declared().fromOthers().containsKey(category))
            .filter(category -> !reading.flawed().contains(category))
            .findFirst();
    untold.ifPresent(
        category ->
            reading
                .problems()
                .error(
                    word,
                    keys.name()
                        + " supplies "
                        + Quoted.of(word.text())
                        + ", which category `"
                        + category
                        + "` does not say is collected from third parties (I.M)",
                    "add `third-party` to `method` of category `"
                        + category
                        + "`, or remove it here"));
  }
}
