package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Asker.Capacity;
import dev.pledge.policy.decision.Question.HandOver;
import dev.pledge.policy.decision.Sharing.Case;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.View;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Hand-overs: to whom, for what, which fields, where to, while what holds, and from whose hands.
 */
final class SharingTest {
  private static final String NOON = "2026-11-22T12:00:00Z";

  @Test
  @Clause("III.I.1")
  void nothingIsHandedToWhomThePolicyDoesNotName() {
    Question read = read(backend(), "settings", "device.language");
    assertThat(answer(sharing(read, "cloud"), Person.member())).containsExactly("clear");
    for (String stranger : new String[] {"", "Cloud", "broker", "clouds"}) {
      assertThat(answer(sharing(read, stranger), Person.member()))
          .containsExactly("unknown-recipient");
    }
    Question toNobody = read.handingOver(new HandOver("cloud", null)).handingOver(null);
    assertThat(answer(toNobody, Person.member())).containsExactly("unknown-recipient");
  }

  @Test
  @Clause({"III.I.1", "III.I.2"})
  void aRecipientReceivesOnlyForItsPurposes() {
    Question question = sharing(read(backend(), "certification", "device.language"), "cloud");
    assertThat(answer(question, Person.member())).containsExactly("purpose-not-shared");
    assertThat(clause(question, Person.member())).isEqualTo("III.I.2");
  }

  @Test
  @Clause("III.I.3")
  void aRecipientReceivesOnlyItsFields() {
    Question question =
        sharing(
            read(backend(), "customer-service", "device.id", "contact.email", "identity.name"),
            "cloud");
    assertThat(answer(question, Person.member()))
        .containsExactly("clear", "clear", "field-not-shared");
    Question message =
        sharing(read(backend(), "partner-promotion", "contact.phone"), "messenger", "CN")
            .over("sms");
    Person agreed = Person.member().grants("partner-promotion", "meeting", "sms");
    assertThat(answer(message, agreed)).containsExactly("field-not-shared");
    assertThat(clause(message, agreed)).isEqualTo("III.I.3");
  }

  @Test
  void whatThePurposeDoesNotListIsNotShared() {
    Question question = sharing(read(backend(), "settings", "device.id"), "cloud");
    assertThat(answer(question, Person.member())).containsExactly("not-listed");
  }

  @Test
  @Clause("III.I.4")
  void nothingIsHandedOverWithoutAnAgreementInForce() {
    assertThat(answer(message("CN"), agreedTo("partner-promotion").at("2026-05-31T23:59:59.9Z")))
        .containsExactly("not-bound");
    assertThat(answer(message("CN"), agreedTo("partner-promotion").at("2026-06-01T00:00:00Z")))
        .containsExactly("clear");
    assertThat(answer(message("CN"), agreedTo("partner-promotion").at("2026-11-30T23:59:59.9Z")))
        .containsExactly("clear");
    Person later = agreedTo("partner-promotion").at("2026-12-01T00:00:00Z");
    assertThat(answer(message("CN"), later)).containsExactly("not-bound");
    assertThat(clause(message("CN"), later)).isEqualTo("III.I.4");
  }

  @Test
  @Clause("III.I.4")
  void aHandOverGoesWhereThePolicySays() {
    Person person = agreedTo("partner-promotion");
    assertThat(answer(message("CN"), person)).containsExactly("clear");
    assertThat(answer(message("SG"), person)).containsExactly("clear");
    assertThat(answer(message("US"), person)).containsExactly("other-destination");
    assertThat(answer(message("sg"), person)).containsExactly("other-destination");
    assertThat(answer(message(null), person)).containsExactly("other-destination");
    Question toCloud = sharing(read(backend(), "settings", "device.language"), "cloud", "US");
    assertThat(answer(toCloud, person)).containsExactly("other-destination");
  }

  @Test
  @Clause({"III.I.2", "VIII.4"})
  void anAffiliateReceivesNothingFromTheDayItIsSold() {
    Question question = sharing(read(backend(), "settings", "device.language"), "cloud");
    assertThat(answer(question, Person.member().at("2026-11-30T23:59:59.9Z")))
        .containsExactly("clear");
    Person sold = Person.member().at("2026-12-01T00:00:00Z");
    assertThat(answer(question, sold)).containsExactly("not-affiliated");
    assertThat(clause(question, sold)).isEqualTo("VIII.4");
  }

  @Test
  @Clause("VIII.4")
  void whoIsControlledThroughOthersIsAnAffiliate() {
    LocalDate from = LocalDate.of(2020, 1, 1);
    LocalDate until = LocalDate.of(2030, 1, 1);
    Policy policy =
        draft()
            .company("controller", "House Ltd", "holding", from, until)
            .company("clouds", "holding", from, LocalDate.of(2026, 11, 22))
            .build();
    Question question = sharing(read(backend(), "settings", "device.language"), "cloud");
    Policies policies = policies(List.of(policy));
    assertThat(answer(policies, question, Person.member().at("2026-11-21T12:00:00Z")))
        .containsExactly("clear");
    assertThat(answer(policies, question, Person.member().at(NOON)))
        .containsExactly("not-affiliated");
  }

  @Test
  @Clause("III.I.1")
  void theConsentOfThePersonIsAYesAlsoWhereTheyOnlyHaveARefusal() {
    Question read = read(backend(), "promotion", "contact.email").over("email");
    Question share = sharing(read, "messenger", "CN").over("email");
    Person silent = Person.member().at(NOON);
    assertThat(answer(read, silent)).containsExactly("clear");
    assertThat(answer(share, silent)).containsExactly("sharing-not-agreed");
    assertThat(answer(share, agreedTo("promotion").at(NOON))).containsExactly("clear");
  }

  @Test
  @Clause("III.I.1")
  void aWithdrawnConsentEndsSharingAtOnce() {
    Person person = agreedTo("partner-promotion").withdraws("partner-promotion");
    assertThat(answer(message("CN"), person)).containsExactly("consent-withdrawn");
  }

  @Test
  @Clause("III.I.5")
  void anAuthorityReceivesWhatAnApprovedOrderNames() {
    Question question =
        sharing(
            read(investigator(), "court-order", "contact.email", "contact.phone", "identity.name")
                .justified(Set.of()),
            "court");
    assertThat(answer(question, Person.member())).containsOnly("exception-without-order");
    assertThat(answer(question.under(order("contact.email", "identity.name")), Person.member()))
        .containsExactly("clear", "not-in-order", "field-not-shared");
  }

  @Test
  void anAuthorityNeedsNoAgreement() {
    Question question =
        sharing(read(investigator(), "court-order", "contact.email"), "court")
            .under(order("contact.email"));
    assertThat(answer(question, Person.member())).containsExactly("masked");
  }

  @Test
  @Clause("IV.3")
  void whoeverReadsForAPurposeMayNotHandOverForIt() {
    Question read = read(agent(), "customer-service", "contact.email");
    assertThat(answer(read, Person.member())).containsExactly("masked");
    assertThat(answer(sharing(read, "cloud"), Person.member())).containsExactly("no-role");
  }

  @Test
  void theViewOfTheHandsAndOfThePurposeBoundsWhatIsReceived() {
    Policies policies =
        policies(
            List.of(
                draft()
                    .role("support-agent", r -> r.sees(View.MASKED))
                    .recipient("cloud", r -> r.handedOverBy("product-backend", "support-agent"))
                    .build()));
    Question byHand = sharing(read(agent(), "customer-service", "contact.email"), "cloud");
    assertThat(answer(policies, byHand, Person.member())).containsExactly("masked");

    Policies deIdentified =
        policies(List.of(draft().purpose("settings", p -> p.view(View.DE_IDENTIFIED)).build()));
    Question question = sharing(read(backend(), "settings", "device.language"), "cloud");
    assertThat(answer(deIdentified, question, Person.member())).containsExactly("de-identified");
  }

  @Test
  void aRightHandsNothingToOthersWhateverRoleTheSessionHolds() {
    Asker session = asker("session", Asker.Kind.SERVICE, "product-backend");
    Question share = sharing(read(session, "settings", "device.language"), "cloud");
    assertThat(answer(share, Person.member())).containsExactly("clear");
    for (Capacity capacity : Capacity.values()) {
      Question inOwnRight =
          sharing(
              read(session.as(capacity, Asker.Assurance.STEPPED_UP), "settings", "device.language"),
              "cloud");
      assertThat(answer(inOwnRight, Person.member()))
          .containsExactly(capacity == Capacity.ROLE ? "clear" : "no-role");
    }
  }

  @Test
  void whatKeepsAReadKeepsAHandOver() {
    Question question = sharing(read(backend(), "settings", "device.language"), "cloud");
    assertThat(answer(question, Person.member().notAccepted())).containsExactly("not-accepted");
    assertThat(answer(question, Person.stranger())).containsExactly("not-a-member");
    assertThat(value(question, Person.member(), "notes", "2026-11-01T00:00:00Z"))
        .isNotEqualTo("clear");
  }

  @Test
  void aRecipientToComeWaitsForAcceptance() {
    Policy before = draft().withoutRecipient("cloud").build();
    Policy after = draft().version("2", LocalDate.of(2026, 11, 20)).build();
    Question question = sharing(read(backend(), "settings", "device.language"), "cloud");
    Policies policies = policies(List.of(before, after));
    assertThat(answer(policies, question, Person.member())).containsExactly("not-accepted");
    assertThat(answer(policies, question, Person.member().accepted("2"))).containsExactly("clear");
  }

  @Test
  @Clause("III.I.4")
  void anAgreementThatIsRenewedBindsUnderTheEarlierVersionToo() {
    Person person = agreedTo("partner-promotion").at("2026-12-10T12:00:00Z");
    assertThat(answer(message("CN"), person)).containsExactly("not-bound");
    Policies renewed = renewing(r -> r.destinations("CN"));
    assertThat(answer(renewed, message("CN"), person)).containsExactly("clear");
    Policies briefly =
        renewing(r -> r.agreed(LocalDate.of(2026, 12, 1), LocalDate.of(2026, 12, 10)));
    assertThat(answer(briefly, message("CN"), person)).containsExactly("not-bound");
  }

  @Test
  @Clause("III.I.4")
  void anAgreementThatEndsEarlierEndsForBoth() {
    Policies ended = renewing(r -> r.agreed(LocalDate.of(2026, 6, 1), LocalDate.of(2026, 11, 21)));
    assertThat(answer(ended, message("CN"), agreedTo("partner-promotion")))
        .containsExactly("not-bound");
  }

  @Test
  @Clause({"0.1", "III.I.4"})
  void whatIsLooserIsNoRenewal() {
    Person person = agreedTo("partner-promotion").at("2026-12-10T12:00:00Z");
    List<Consumer<Draft.Recipient>> looser =
        List.of(
            r -> r.destinations("CN", "SG", "US"),
            r -> r.fields("contact.email", "contact.phone"),
            r -> r.purposes("promotion", "partner-promotion", "authentication"),
            r -> r.handedOverBy("product-backend", "support-agent"),
            r -> r.actsAs(Sharing.LegalRole.CONTROLLER),
            r -> r.affiliate("clouds"));
    for (Consumer<Draft.Recipient> change : looser) {
      assertThat(answer(renewing(change), message("CN"), person)).doesNotContain("clear");
    }
  }

  @Test
  void anAgreementWithAnotherControllerIsNoRenewal() {
    Policy other =
        draft()
            .controller("Villa Ltd", "privacy@example.com")
            .source("registry", LocalDate.of(2027, 1, 1), LocalDate.of(2028, 1, 1), "identity.name")
            .version("2", LocalDate.of(2026, 12, 20))
            .build();
    Question question =
        Question.collect(backend(), "meeting", "registry", Set.of(), List.of("identity.name"));
    Person person = Person.member().at("2027-01-02T00:00:00Z");
    assertThat(answer(policies(List.of(draft().build(), other)), question, person))
        .containsExactly("not-accepted");
  }

  /** The second version with an agreement with the messenger that runs to December 2027. */
  private static Policies renewing(Consumer<Draft.Recipient> change) {
    Policy after =
        draft()
            .withoutRecipient("messenger")
            .recipient(
                "messenger",
                "III.I.3",
                r -> {
                  r.because(Case.CONSENT)
                      .destinations("CN", "SG")
                      .purposes("promotion", "partner-promotion")
                      .fields("contact.email")
                      .handedOverBy("product-backend")
                      .agreed(LocalDate.of(2026, 12, 1), LocalDate.of(2027, 12, 1));
                  change.accept(r);
                })
            .version("2", LocalDate.of(2026, 11, 20))
            .build();
    return policies(List.of(draft().build(), after));
  }

  @Test
  void anExplanationNamesTheClausesOfSharing() {
    Question question =
        sharing(read(backend(), "customer-service", "device.id", "identity.name"), "cloud");
    Explanation explained = policies().explain(question, Person.member().state(), Map.of());
    assertThat(explained.fields())
        .map(field -> field.steps().get(Rule.CONDITIONS.ordinal()))
        .extracting(step -> step.outcome() + " " + step.clause())
        .containsExactly("PASSED III.I.1", "REFUSED III.I.2");
  }

  private static Question message(String country) {
    return read(backend(), "partner-promotion", "contact.email")
        .over("email")
        .handingOver(new HandOver("messenger", country));
  }

  private static Person agreedTo(String purpose) {
    return Person.member().grants(purpose, "meeting", "email");
  }
}
