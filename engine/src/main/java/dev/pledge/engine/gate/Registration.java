package dev.pledge.engine.gate;

import dev.pledge.engine.value.Country;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A person to be registered.
 *
 * @param aliases values by which they are found, as JSON trees under {@code email}, {@code phone},
 *     {@code external}
 * @param birthDate sealed at once; only the age class is kept in the clear (VI.1)
 * @param accepted the acceptance of the policy; without it little is permitted (0.1)
 * @param consents choices made at registration, a guardian's among them (VI.1)
 * @param jurisdiction ISO 3166 code of the country, or the part of it, whose law applies, if known
 */
public record Registration(
    String product,
    Map<String, Object> aliases,
    @Nullable LocalDate birthDate,
    @Nullable Acceptance accepted,
    List<ConsentChange> consents,
    @Nullable String jurisdiction) {
  private static final int MOST_CONSENTS = 100;
  private static final LocalDate EARLIEST_BIRTH = LocalDate.of(1900, 1, 1);

  public Registration {
    aliases = Map.copyOf(aliases);
    consents = List.copyOf(consents);
    if (consents.size() > MOST_CONSENTS) {
      throw new IllegalArgumentException("give at most " + MOST_CONSENTS + " consents");
    }
    if (birthDate != null && birthDate.isBefore(EARLIEST_BIRTH)) {
      throw new IllegalArgumentException("`birthDate` is a day from " + EARLIEST_BIRTH + " on");
    }
    if (jurisdiction != null && !Country.isCodeOfArea(jurisdiction)) {
      throw new IllegalArgumentException("`jurisdiction` is an ISO 3166 code, such as `CN`");
    }
  }

  @Override
  public String toString() {
    return "Registration[[redacted]]";
  }
}
