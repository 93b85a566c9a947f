package dev.pledge.policy.language;

import dev.pledge.policy.decision.Sharing.Agreement;
import dev.pledge.policy.language.Node.Scalar;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the agreements with those who supply data and those who receive it (I.0, III.I.4). */
final class AgreementReader {
  private static final int LONGEST_VERSION = 32;

  /** What every recipient is bound to. */
  private static final Vocabulary<String> BINDINGS =
      new Vocabulary<>(
          "word",
          Stream.of("confidentiality", "instructions", "security")
              .collect(Collectors.toMap(word -> word, word -> word)));

  private final Problems problems;

  AgreementReader(Problems problems) {
    this.problems = problems;
  }

  /** The days of an agreement that names nothing else. */
  Agreement withSource(Keys source) {
    Value value =
        source.required("agreement", "agreement: { from: 2026-01-01, until: 2027-01-01 }");
    Optional<Keys> keys = value.keys();
    Agreement agreement = agreement("", keys, source);
    keys.ifPresent(
        own -> {
          own.optional("consideration");
          own.finish();
        });
    return agreement;
  }

  /** An agreement that says what the recipient is bound to, and that nothing is given in return. */
  Agreement withRecipient(Keys recipient) {
    Value value =
        recipient.required(
            "agreement",
            "agreement: { version: 1, from: 2026-01-01, until: 2027-01-01, binds-to:"
                + " [confidentiality, instructions, security], consideration: none }");
    Optional<Keys> keys = value.keys();
    Optional<String> version =
        keys.flatMap(own -> own.required("version", "version: 1").text(LONGEST_VERSION));
    Agreement agreement = agreement(version.orElse(""), keys, recipient);
    keys.ifPresent(
        own -> {
          own.required("consideration", "consideration: none").word();
          checkBindings(own, recipient);
          own.finish();
        });
    return agreement;
  }

  private Agreement agreement(String version, Optional<Keys> keys, Keys party) {
    Optional<LocalDate> from = keys.flatMap(own -> own.required("from", "from: 2026-01-01").date());
    Optional<Value> end = keys.map(own -> own.required("until", "until: 2027-01-01"));
    Optional<LocalDate> until = end.flatMap(Value::date);
    if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
      problems.error(
          end.flatMap(Value::word),
          "the agreement of " + party.name() + " ends before it begins",
          "write an `until` after `from`; it is the first day without agreement");
    }
    return new Agreement(version, from.orElse(LocalDate.EPOCH), until.orElse(LocalDate.EPOCH));
  }

  private void checkBindings(Keys own, Keys recipient) {
    Value value = own.required("binds-to", "binds-to: [confidentiality, instructions, security]");
    List<Scalar> words = value.words();
    List<String> bound = value.someOf(BINDINGS);
    TreeSet<String> missing = new TreeSet<>(BINDINGS.words().keySet());
    bound.forEach(missing::remove);
    if (value.isPresent() && bound.size() == words.size() && !missing.isEmpty()) {
      problems.error(
          value.key(),
          "the agreement of "
              + recipient.name()
              + " does not bind it to "
              + missing.stream().map(word -> "`" + word + "`").collect(Collectors.joining(" and "))
              + " (III.I.4)",
          "agree on it, and add it to `binds-to`");
    }
  }
}
