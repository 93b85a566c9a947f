package dev.pledge.engine.gate;

import dev.pledge.engine.keys.BlindIndex.Term;
import dev.pledge.engine.value.Value;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.ProductId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The words under which calls name aliases, and the terms people are found by. */
final class Aliases {
  private static final Map<String, FieldType> KINDS =
      Map.of(
          "email", FieldType.EMAIL,
          "phone", FieldType.PHONE,
          "external", FieldType.EXTERNAL_ID);

  private Aliases() {}

  /** The type of value an alias so named is. */
  static Optional<FieldType> type(String kind) {
    return Optional.ofNullable(KINDS.get(kind));
  }

  /** What {@code value} is looked up by; an account number is the product's own. */
  static Term term(Value value, ProductId product) {
    String form =
        new String(
            value
                .lookupForm()
                .orElseThrow(() -> new IllegalStateException("nobody is found by such a value")),
            StandardCharsets.UTF_8);
    return value.type() == FieldType.EXTERNAL_ID
        ? Term.ofExternalId(product, Value.NORMALISER_VERSION, form)
        : Term.of(value.type(), Value.NORMALISER_VERSION, form);
  }

  /** An alias ready to be written, for its holder, as the datum it is of. */
  record Ready(short field, short holder, Term term) {}
}
