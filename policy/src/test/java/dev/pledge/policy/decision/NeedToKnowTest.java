package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule NEED_TO_KNOW: a role, and its undertaking, or nothing. */
final class NeedToKnowTest {
  @Test
  @Clause("IV.3")
  void whoHasNoRoleForThePurposeSeesNothing() {
    assertThat(answer(read(analyst(), "customer-service", "contact.email"), Person.member()))
        .containsExactly("no-role");
    assertThat(clause(read(analyst(), "customer-service", "contact.email"), Person.member()))
        .isEqualTo("IV.3");
  }

  @Test
  @Clause("IV.3")
  void aRoleCountsOnlyWithItsUndertaking() {
    assertThat(answer(read(unsignedAgent(), "customer-service", "contact.email"), Person.member()))
        .containsExactly("no-undertaking");
    assertThat(answer(read(agent(), "customer-service", "contact.email"), Person.member()))
        .containsExactly("masked");
  }

  @Test
  @Clause("IV.3")
  void aRoleForServicesIsHeldByNobodyElse() {
    Policies policies =
        policies(
            List.of(draft().role("product-backend", r -> r.heldBy(Policy.HeldBy.SERVICE)).build()));
    Question service = read(backend(), "settings", "device.language");
    assertThat(answer(policies, service, Person.member())).containsExactly("clear");
    for (Asker.Kind kind : List.of(Asker.Kind.STAFF, Asker.Kind.PARTNER, Asker.Kind.AUDITOR)) {
      Asker human = asker("kim", kind, "product-backend");
      assertThat(answer(policies, read(human, "settings", "device.language"), Person.member()))
          .containsExactly("services-only");
      assertThat(answer(policies, collect(human, "device.language"), Person.member()))
          .containsExactly("services-only");
    }
  }

  @Test
  @Clause("IV.3")
  void whoWorksForAnotherProductSeesNothing() {
    Asker elsewhere = workingFor(backend(), "notes");
    assertThat(answer(read(elsewhere, "settings", "device.language"), Person.member()))
        .containsExactly("other-product");
  }

  @Test
  @Clause("IV.3")
  void aRoleStoresOnlyWhatItCollects() {
    assertThat(answer(collect(agent(), "contact.email", "identity.name"), Person.member()))
        .containsExactly("clear", "no-role");
    assertThat(answer(collect(analyst(), "contact.email"), Person.member()))
        .containsExactly("no-role");
    assertThat(answer(collect(unsignedAgent(), "contact.email"), Person.member()))
        .containsExactly("no-undertaking");
  }

  @Test
  @Clause("IV.3")
  void aMissingUndertakingIsNamedFieldByField() {
    Asker asker = asker("kim", Asker.Kind.STAFF, "support-agent", "registrar");
    Policies policies =
        policies(List.of(draft().role("registrar", r -> r.collects("identity.name")).build()));
    Question question = collect(asker, "identity.name", "contact.email", "device.id");
    assertThat(answer(policies, question, Person.member()))
        .containsExactly("clear", "no-undertaking", "no-role");
  }
}
