package dev.pledge.engine.gate;

import dev.pledge.engine.value.UnusableInput;
import dev.pledge.policy.decision.CompiledPolicy;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A person to be registered.
 *
 * @param source who says so: the person themself, or a third party whose list brings them
 * @param aliases values by which they are found, as JSON trees under {@code email}, {@code phone},
 *     {@code external}
 * @param birthDate sealed at once; only the age class is kept in the clear (VI.1)
 * @param accepted the acceptance of the policy; without it little is permitted (0.1)
 * @param consents choices made at registration, a guardian's among them (VI.1)
 * @param jurisdiction whose law applies, if known, as a {@link Move} names it; up to what age it
 *     makes a child of somebody, the policy says (VI.1)
 */
public record Registration(
    String product,
    String source,
    Map<String, Object> aliases,
    @Nullable LocalDate birthDate,
    @Nullable Acceptance accepted,
    List<ConsentChange> consents,
    @Nullable String jurisdiction) {
  /** The most choices made at registration. */
  public static final int MOST_CONSENTS = 100;

  private static final LocalDate EARLIEST_BIRTH = LocalDate.of(1900, 1, 1);

  /** A person who registers themself. */
  public Registration(
      String product,
      Map<String, Object> aliases,
      @Nullable LocalDate birthDate,
      @Nullable Acceptance accepted,
      List<ConsentChange> consents,
      @Nullable String jurisdiction) {
    this(product, CompiledPolicy.PERSON, aliases, birthDate, accepted, consents, jurisdiction);
  }

  /** The same as that source has it. */
  public Registration from(String other) {
    return new Registration(product, other, aliases, birthDate, accepted, consents, jurisdiction);
  }

  boolean isByThePerson() {
    return source.equals(CompiledPolicy.PERSON);
  }

  public Registration {
    aliases = Map.copyOf(aliases);
    consents = List.copyOf(consents);
    if (consents.size() > MOST_CONSENTS) {
      throw new UnusableInput(
          "consents",
          "give at most " + MOST_CONSENTS + " choices",
          "最多提供 " + MOST_CONSENTS + " 项选择");
    }
    if (birthDate != null && birthDate.isBefore(EARLIEST_BIRTH)) {
      throw new UnusableInput(
          "birthDate",
          "write a day from " + EARLIEST_BIRTH + " on",
          "应为 " + EARLIEST_BIRTH + " 或之后的日期");
    }
    if (jurisdiction != null) {
      Move.requireKnown(jurisdiction);
    }
  }

  @Override
  public String toString() {
    return "Registration[[redacted]]";
  }
}
