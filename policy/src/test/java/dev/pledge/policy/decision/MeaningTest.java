package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a consent means after the policy changed: what was loosened has to be asked for again. */
final class MeaningTest {
  private static final Question QUESTION =
      read(asker("counter", Asker.Kind.SERVICE, "analyst"), "improvement", "log.line");

  private static final LocalDate FROM = LocalDate.of(2026, 1, 1);
  private static final LocalDate UNTIL = LocalDate.of(2027, 1, 1);

  static final Map<String, UnaryOperator<Draft>> LOOSER =
      Map.ofEntries(
          Map.entry(
              "a field", d -> d.purpose("improvement", p -> p.uses("log", "device", "contact"))),
          Map.entry(
              "fewer children in one jurisdiction",
              d -> d.agesBy(Map.of("CN", 18, "US", 13), Map.of("CN", 14, "US", 14))),
          Map.entry(
              "fewer small children in one jurisdiction",
              d -> d.agesBy(Map.of("CN", 18, "US", 18), Map.of("CN", 14, "US", 13))),
          Map.entry("a closer view", d -> d.purpose("improvement", p -> p.view(View.MASKED))),
          Map.entry(
              "another basis",
              d -> d.purpose("improvement", p -> p.basis(Policy.Basis.PUBLIC_TASK))),
          Map.entry(
              "another nature",
              d -> d.purpose("improvement", p -> p.nature(Policy.Nature.SECURITY))),
          Map.entry("another clause", d -> d.purpose("improvement", p -> p.clause("II.I.8"))),
          Map.entry(
              "one more choice",
              d -> d.category("device", "I.2", c -> c.choice("colour", "red", "blue", "green"))),
          Map.entry("all products", d -> d.purpose("improvement", p -> p.inProducts())),
          Map.entry(
              "another programme", d -> d.purpose("improvement", p -> p.programme("research"))),
          Map.entry("no waiting", d -> d.purpose("improvement", p -> p.before(Before.ACCEPTANCE))),
          Map.entry(
              "a condition instead of the explicit consent",
              d -> d.purpose("improvement", p -> p.sensitiveCondition("research"))),
          Map.entry(
              "a weaker mask",
              d ->
                  d.category(
                      "device",
                      "I.2",
                      c ->
                          c.field("id", FieldType.DEVICE_ID, Mask.HIDDEN)
                              .field("model", FieldType.DEVICE_TEXT, Mask.TAIL))),
          Map.entry(
              "another type",
              d -> d.category("device", "I.2", c -> c.field("model", FieldType.TEXT, Mask.HIDDEN))),
          Map.entry(
              "many values instead of one", d -> d.category("device", "I.2", c -> c.eventSeries())),
          Map.entry(
              "people found by it",
              d -> d.category("device", "I.2", c -> c.alias("id", FieldType.DEVICE_ID, Mask.TAIL))),
          Map.entry(
              "another way to collect",
              d -> d.category("device", "I.2", c -> c.methods("form", "cookies"))),
          Map.entry("about others", d -> d.category("device", "I.2", c -> c.aboutAnother())),
          Map.entry("another controller", d -> d.controller("Villa Ltd", "privacy@example.com")),
          Map.entry(
              "fewer children", d -> d.minors(17, 14, UnknownAge.ADULT, "identity.birth-date")),
          Map.entry(
              "fewer small children",
              d -> d.minors(18, 13, UnknownAge.ADULT, "identity.birth-date")),
          Map.entry("children unnoticed", d -> d.minors(18, 14, UnknownAge.ADULT)),
          Map.entry("a third party's word", d -> d.source("broker", FROM, UNTIL, "device.model")),
          Map.entry(
              "more of a third party", d -> d.source("registry", FROM, UNTIL, "device.model")),
          Map.entry(
              "a role that people may hold",
              d -> d.role("analyst", r -> r.heldBy(Policy.HeldBy.ANYONE))),
          Map.entry("account-wide use", d -> d.category("device", "I.2", c -> c.accountWide())),
          Map.entry(
              "longer retention",
              d -> d.withoutRetention().keep(Period.ofMonths(7), From.COLLECTION, "log")),
          Map.entry(
              "retention that may be longer",
              d -> d.withoutRetention().keep(Period.ofDays(180), From.COLLECTION, "log")),
          Map.entry("no retention", d -> d.withoutRetention()),
          Map.entry(
              "retention from closing",
              d -> d.withoutRetention().keep(Period.ofDays(1), From.CLOSING, "log")),
          Map.entry(
              "a new role",
              d -> d.role("intern", r -> r.purposes("improvement").sees(View.DE_IDENTIFIED))),
          Map.entry(
              "a role for one more purpose",
              d -> d.role("legal", r -> r.purposes("claims", "improvement"))),
          Map.entry("a role that sees more", d -> d.role("analyst", r -> r.sees(View.MASKED))),
          Map.entry(
              "a recipient",
              d ->
                  d.recipient(
                      "broker", "III.I.3", r -> r.purposes("improvement").fields("device"))),
          Map.entry(
              "a recipient of something else",
              d -> d.recipient("cloud", r -> r.purposes("settings", "improvement"))),
          Map.entry(
              "one more field for a recipient",
              d -> d.recipient("lab", r -> r.fields("device.model", "device.language"))),
          Map.entry(
              "one more country for a recipient",
              d -> d.recipient("lab", r -> r.destinations("CN", "SG"))),
          Map.entry(
              "a recipient with more say",
              d -> d.recipient("lab", r -> r.actsAs(Sharing.LegalRole.CONTROLLER))),
          Map.entry(
              "a recipient for another reason",
              d -> d.recipient("lab", r -> r.because(Sharing.Case.FRAUD))),
          Map.entry(
              "a recipient from other hands",
              d -> d.recipient("lab", r -> r.handedOverBy("analyst", "legal"))),
          Map.entry("a recipient of another kind", d -> d.recipient("lab", r -> r.authority())),
          Map.entry(
              "a recipient that is another company",
              d ->
                  d.company("labs-two", "controller", FROM, UNTIL)
                      .recipient("lab", r -> r.affiliate("labs-two"))),
          Map.entry(
              "a recipient under another name",
              d -> d.company("labs", "New Labs", "controller", FROM, UNTIL)),
          Map.entry(
              "an affiliate for longer",
              d -> d.company("labs", "controller", FROM, UNTIL.plusDays(1))),
          Map.entry(
              "an affiliate since before",
              d -> d.company("labs", "controller", FROM.minusDays(1), UNTIL)),
          Map.entry(
              "a role that may reveal", d -> d.role("analyst", r -> r.mayReveal("device.model"))));

  static final Map<String, UnaryOperator<Draft>> NOT_LOOSER =
      Map.ofEntries(
          Map.entry("nothing", d -> d),
          Map.entry("a field less", d -> d.purpose("improvement", p -> p.uses("log"))),
          Map.entry(
              "a choice less", d -> d.category("device", "I.2", c -> c.choice("colour", "red"))),
          Map.entry("a product less", d -> d.purpose("improvement", p -> p.inProducts("meeting"))),
          Map.entry("shorter retention", d -> d.keep(Period.ofMonths(5), From.COLLECTION, "log")),
          Map.entry(
              "a hidden mask",
              d ->
                  d.category(
                      "device", "I.2", c -> c.field("id", FieldType.DEVICE_ID, Mask.HIDDEN))),
          Map.entry(
              "a sensitive field",
              d ->
                  d.category(
                      "device", "I.2", c -> c.sensitive("id", FieldType.DEVICE_ID, Mask.TAIL))),
          Map.entry(
              "a condition of collection",
              d -> d.category("device", "I.2", c -> c.requires("device-known"))),
          Map.entry("another address", d -> d.controller("House Ltd", "people@example.com")),
          Map.entry(
              "more children", d -> d.minors(20, 16, UnknownAge.MINOR, "identity.birth-date")),
          Map.entry(
              "a third party for something else",
              d -> d.source("broker", FROM, UNTIL, "identity.name")),
          Map.entry("another purpose", d -> d.purpose("profiling", "II.I.5", p -> p.uses("log"))),
          Map.entry(
              "another purpose's role",
              d -> d.role("intern", r -> r.purposes("settings").sees(View.CLEAR))),
          Map.entry(
              "a recipient of something else only",
              d -> d.recipient("broker", "III.I.3", r -> r.purposes("settings"))),
          Map.entry(
              "more children in one jurisdiction",
              d -> d.agesBy(Map.of("CN", 18, "US", 19), Map.of("CN", 14, "US", 14))),
          Map.entry("a recipient less", d -> d.withoutRecipient("lab")),
          Map.entry(
              "a recipient with less say",
              d -> d.recipient("lab", r -> r.actsAs(Sharing.LegalRole.PROCESSOR))),
          Map.entry(
              "a recipient only with consent",
              d -> d.recipient("lab", r -> r.because(Sharing.Case.CONSENT))),
          Map.entry(
              "a renewed agreement",
              d -> d.recipient("lab", r -> r.agreed(FROM, UNTIL.plusYears(1)))),
          Map.entry(
              "an affiliate for a shorter time",
              d -> d.company("labs", "controller", FROM, UNTIL.minusDays(1))),
          Map.entry("another company of the group", d -> d.company("mill", "labs", FROM, UNTIL)),
          Map.entry("an undertaking", d -> d.role("analyst", r -> r.undertaking("secrecy"))));

  @Test
  @Clause("II.II.6")
  void whatWasLoosenedHasToBeAskedForAgain() {
    LOOSER.forEach(
        (what, change) -> assertThat(consent(change)).as(what).isEqualTo("consent-lapsed"));
  }

  @Test
  void whatWasNotLoosenedKeepsItsConsents() {
    NOT_LOOSER.forEach(
        (what, change) -> assertThat(consent(change)).as(what).isNotEqualTo("consent-lapsed"));
  }

  @Test
  @Clause("II.II.6")
  void whoIsDormantLaterHasToBeAskedAnew() {
    Draft soon = before().dormancy(Period.ofYears(1));
    assertThat(revisedConsent(soon, before().dormancy(Period.ofMonths(13))))
        .isEqualTo("consent-lapsed");
    assertThat(revisedConsent(soon, before())).isEqualTo("consent-lapsed");
    assertThat(revisedConsent(soon, before().dormancy(Period.ofMonths(11))))
        .isNotEqualTo("consent-lapsed");
    assertThat(revisedConsent(before(), soon)).isNotEqualTo("consent-lapsed");
  }

  @Test
  @Clause("II.II.6")
  void whoIsNoLongerAChildWhereTheyLiveIsAskedAnew() {
    Map<String, Integer> sensitive = Map.of("CN", 14, "EU", 14);
    Draft before = before().agesBy(Map.of("CN", 18, "EU", 16), sensitive);
    assertThat(revisedConsent(before, before().agesBy(Map.of("CN", 18, "EU", 17), sensitive)))
        .isNotEqualTo("consent-lapsed");
    assertThat(revisedConsent(before, before().agesBy(Map.of("CN", 17, "EU", 17), sensitive)))
        .isEqualTo("consent-lapsed");
    assertThat(
            revisedConsent(
                before,
                before()
                    .agesBy(
                        Map.of("CN", 18, "EU", 16, "AT", 14),
                        Map.of("CN", 14, "EU", 14, "AT", 14))))
        .isEqualTo("consent-lapsed");
  }

  @Test
  @Clause("II.II.6")
  void whatEndsWithItsPurposesIsKeptLongerForAnotherOne() {
    assertThat(revisedConsent(endingWithPurposes(), endingWithPurposes()))
        .isNotEqualTo("consent-lapsed");
    assertThat(
            revisedConsent(
                endingWithPurposes(),
                endingWithPurposes().purpose("profiling", "II.I.5", p -> p.uses("log"))))
        .isEqualTo("consent-lapsed");
    assertThat(
            revisedConsent(
                endingWithPurposes(),
                endingWithPurposes().purpose("security", p -> p.basis(Policy.Basis.PUBLIC_TASK))))
        .isEqualTo("consent-lapsed");
  }

  private static Draft endingWithPurposes() {
    return before().withoutRetention().keep(Period.ofDays(10), From.END_OF_PURPOSE, "log");
  }

  /** What becomes of a grant given before, once the person has accepted what came after. */
  private static String revisedConsent(Draft before, Draft after) {
    Person person = Person.member().grants("improvement").accepted("2");
    return answer(revised(before, after), QUESTION, person).getFirst();
  }

  @Test
  @Clause("III.II.1")
  void whoeverTakesTheControllersPlaceHasToAskAnew() {
    Policies policies = revised(before(), before().controller("Villa Ltd", "privacy@example.com"));
    Person agreed = Person.member().grants("improvement");
    assertThat(answer(policies, QUESTION, agreed)).containsExactly("not-accepted");
    assertThat(answer(policies, QUESTION, agreed.accepted("2"))).containsExactly("consent-lapsed");
  }

  @Test
  @Clause("II.I.9")
  void anAuthorisationToPoolDoesNotCoverProductsToCome() {
    assertThat(pooled(d -> d)).isEqualTo("clear");
    assertThat(pooled(d -> d.products("general", "meeting", "notes", "chess")))
        .isEqualTo("not-pooled");
    assertThat(pooled(d -> d.controller("Villa Ltd", "privacy@example.com")))
        .isEqualTo("not-pooled");
  }

  @Test
  @Clause("II.I.9")
  void anAuthorisationToPoolDoesNotCoverUsesToCome() {
    assertThat(pooled(d -> d.minors(16, 14, UnknownAge.ADULT))).isEqualTo("not-pooled");
    assertThat(pooled(Draft::withoutRetention)).isEqualTo("not-pooled");
    assertThat(pooled(d -> d.purpose("scoring", "II.I.2", p -> p.uses("device.model"))))
        .isEqualTo("not-pooled");
    assertThat(pooled(d -> d.purpose("settings", p -> p.uses("device")))).isEqualTo("not-pooled");
  }

  @Test
  void anAuthorisationToPoolOutlivesWhatItWasNotAbout() {
    assertThat(pooled(d -> d.purpose("greeting", "II.I.2", p -> p.uses("contact"))))
        .isEqualTo("clear");
    assertThat(pooled(d -> d.purpose("security", p -> p.uses("log", "device", "identity.name"))))
        .isEqualTo("clear");
    assertThat(pooled(d -> d.withoutPurpose("settings"))).isEqualTo("clear");
  }

  @Test
  @Clause("II.I.9")
  void whatWasSaidWhereNothingPooledIsNoAuthorisation() {
    Policies policies = revised(draft().pooling(Pooling.NEVER), draft());
    assertThat(pooled(policies)).isEqualTo("not-pooled");
  }

  @ParameterizedTest
  @CsvSource({"email, contact.email", "sms, contact.phone"})
  void fewerChannelsKeepTheConsentsOfThoseThatStay(String channel, String address) {
    Policies policies =
        revised(draft(), draft().purpose("partner-promotion", p -> p.channels(channel)));
    Person person = Person.member().grants("partner-promotion", "meeting", channel).accepted("2");
    assertThat(
            answer(policies, read(backend(), "partner-promotion", address).over(channel), person))
        .containsExactly("clear");
  }

  @Test
  @Clause("II.II.6")
  void oneMoreChannelIsAskedForAgain() {
    Policies policies =
        revised(
            draft(), draft().purpose("partner-promotion", p -> p.channels("email", "sms", "fax")));
    Person person = Person.member().grants("partner-promotion", "meeting", "email").accepted("2");
    assertThat(
            answer(
                policies,
                read(backend(), "partner-promotion", "contact.email").over("email"),
                person))
        .containsExactly("consent-lapsed");
  }

  private static String consent(UnaryOperator<Draft> change) {
    Policies policies = revised(before(), change.apply(before()));
    Person person = Person.member().grants("improvement").accepted("2");
    return answer(policies, QUESTION, person).getFirst();
  }

  /** With an analyst that is a program, an age that is told, a choice, and an affiliate. */
  static Draft before() {
    return draft()
        .category("device", "I.2", c -> c.choice("colour", "red", "blue"))
        .role("analyst", r -> r.heldBy(Policy.HeldBy.SERVICE))
        .minors(18, 14, UnknownAge.ADULT, "identity.birth-date")
        .company("labs", "controller", FROM, UNTIL)
        .recipient(
            "lab",
            "III.I.2",
            r ->
                r.affiliate("labs")
                    .actsAs(Sharing.LegalRole.JOINT_CONTROLLER)
                    .purposes("improvement")
                    .fields("device.model", "contact")
                    .handedOverBy("analyst")
                    .agreed(FROM, UNTIL));
  }

  private static String pooled(UnaryOperator<Draft> change) {
    return pooled(revised(draft(), change.apply(draft())));
  }

  private static String pooled(Policies policies) {
    Person person =
        Person.member().joined("notes").grants(CompiledPolicy.POOLING, "notes", null).accepted("2");
    Question question = read(backend(), "customer-service", "device.model");
    return Outcome.ofValue(
        policies.decide(question, person.state()), "notes", Instant.parse("2026-11-01T00:00:00Z"));
  }

  private static Policies revised(Draft first, Draft second) {
    return policies(List.of(first.build(), second.version("2", LocalDate.of(2026, 1, 1)).build()));
  }
}
