package dev.pledge.engine.gate;

import dev.pledge.engine.value.Country;
import dev.pledge.engine.value.UnusableInput;

/**
 * That a person is now under another law, as they say (VI.1).
 *
 * @param jurisdiction ISO 3166 code of the country, or the part of it, whose law applies; {@code
 *     EU} for somebody of whom no more is known than that
 */
public record Move(String jurisdiction) {
  private static final String UNION = "EU";

  public Move {
    requireKnown(jurisdiction);
  }

  /** Whether the policy lists it is not asked: who is elsewhere is protected by its highest age. */
  static void requireKnown(String jurisdiction) {
    if (!Country.isCodeOfArea(jurisdiction) && !jurisdiction.equals(UNION)) {
      throw new UnusableInput(
          "jurisdiction", "write an ISO 3166 code, such as `CN`", "应为 ISO 3166 代码，如 `CN`");
    }
  }
}
