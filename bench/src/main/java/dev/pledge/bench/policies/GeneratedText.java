package dev.pledge.bench.policies;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.language.PolicySource;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.FieldId;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A generated policy as the files its author would have written: read, they say the same. */
final class GeneratedText {
  private static final String NOTICE =
      """
      # Generated

      ## Everything {#0.1 #0.3 #I.M #I.0 #I.1 #I.5 #II.I.1 #II.I.8 #II.I.9 .important}

      We are Generated Ltd (privacy@example.com).

      ## Rules {#II.II.1 #II.II.3 #II.II.5 #II.II.6 #IV.1 #IV.3 #IV.4 #V.2 #VI.1 .important}

      We keep what you give us, for what we say.

      ## Asking {#IV.7 #V.1 #V.3 #V.4 #V.5 #VIII.3 #IX.2}

      Ask us anything; we tell you when something went wrong.
      """;

  private static final String HEAD =
      """
      pledge: 1
      id: generated
      version: 2026-01-01
      effective: 2026-01-01
      grace: P30D
      controller: { name: Generated Ltd, contact: { email: privacy@example.com } }
      jurisdictions: [CN]
      languages: [en]
      products: { general: {}, shop: {}, club: {} }
      pooling: with-authorisation
      minors: { under: 18, consent: guardian, sensitive-under: 14, unknown-age: adult }
      incidents: { notify: [push], people: PT24H, regulator: PT4H }
      requests:
        answer-within: P28D
        closing-within: 15 working days
        complaints-within: 15 working days
      """;

  private final StringBuilder text = new StringBuilder(HEAD);

  private GeneratedText() {}

  /** The files of a policy that {@link GeneratedPolicy} made. */
  static PolicySource of(Policy policy) {
    GeneratedText generated = new GeneratedText();
    generated.line("categories:");
    policy.categories().forEach(generated::category);
    generated.line("purposes:");
    policy.purposes().forEach(generated::purpose);
    generated.line("roles:");
    policy.roles().forEach(generated::role);
    generated.line("retention:");
    policy.retention().forEach(generated::retention);
    return PolicySource.of(generated.text.toString(), Map.of("en", NOTICE));
  }

  private void category(Category category) {
    line("  " + category.id() + ":");
    line("    clause: " + category.clause());
    line("    method: " + category.methods());
    line("    fields:");
    for (Field field : category.fields()) {
      boolean sensitive = field.sensitivity() == Sensitivity.SENSITIVE;
      String special = sensitive ? ", sensitive: true" : "";
      line("      " + field.id().name() + ": { type: " + field.type().word() + special + " }");
    }
  }

  private void purpose(Purpose purpose) {
    line("  " + purpose.id() + ":");
    line("    clause: " + purpose.clause());
    line("    basis: consent");
    line("    control: opt-in");
    line("    uses: " + purpose.uses());
  }

  private void role(Role role) {
    line("  " + role.id() + ":");
    line("    held-by: service");
    line("    sees: " + role.sees().word());
    line("    collects: " + categories(role.collects()));
    if (!role.purposes().isEmpty()) {
      line("    purposes: " + role.purposes());
    }
  }

  private void retention(Retention retention) {
    String of = categories(retention.of()).toString();
    String from = retention.from().name().toLowerCase(Locale.ROOT);
    line(
        "  - { of: " + of + ", keep: " + retention.keep() + ", from: " + from + ", then: delete }");
  }

  /** All fields of a category are meant together. */
  private static List<CategoryId> categories(Collection<FieldId> fields) {
    return fields.stream().map(FieldId::category).distinct().sorted().toList();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
