package dev.pledge.policy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Asker.Capacity;
import dev.pledge.policy.decision.Asker.Kind;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Status;
import dev.pledge.policy.language.Checked;
import dev.pledge.policy.language.PolicyCheck;
import dev.pledge.policy.language.PolicySource;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.ProductId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clause by clause, one situation under the reference policy that comes out as promised, and
 * otherwise as soon as the rule that keeps the clause is taken away: so that no rule is idle and no
 * clause is kept by accident.
 */
final class ScenarioTest {
  private static final Checked.Sound REFERENCE =
      (Checked.Sound) PolicyCheck.check(PolicySource.directory(Path.of("../policies/emeet")));
  private static final Policies POLICIES = Policies.of(List.of(REFERENCE.policy()));
  private static final Set<ProductId> PRODUCTS = Set.copyOf(REFERENCE.policy().products());
  private static final Set<String> LOCATED =
      Set.of("device-location-on", "location-service-in-use");

  /** Kept by decisions although the notice of this release does not speak of them. */
  private static final Set<String> BESIDES = Set.of("VI.4");

  /**
   * What is a matter of words and of duties by the clock, which the language asks for and no
   * decision looks at.
   */
  private static final Set<String> UNDECIDED =
      Set.of(
          "I.M",
          "0.2",
          "0.3",
          "IV.7",
          "V.3",
          "V.5",
          "VII.1",
          "VII.2",
          "VII.3",
          "VII.4",
          "VIII.1",
          "VIII.2",
          "III.II.1",
          "III.III.1",
          "VIII.3",
          "IX.1");

  private static final String EARLIER_THIS_MONTH = "2026-11-01T00:00:00Z";

  /**
   * @param collectedBy the product that collected the value looked at, or null where none is
   * @param expected what becomes of the first asked field, or of the value
   */
  record Scenario(
      String name,
      Rule rule,
      String clause,
      Question question,
      Person person,
      String collectedBy,
      String collectedAt,
      String expected) {

    String outcome(Policies policies) {
      Decision decision = policies.decide(question, person.state());
      return collectedBy == null
          ? Outcome.of(decision).getFirst()
          : Outcome.ofValue(decision, collectedBy, Instant.parse(collectedAt));
    }

    /** What becomes of a value instead, collected by a product at a time. */
    Scenario of(String product, String at) {
      return new Scenario(name, rule, clause, question, person, product, at, expected);
    }

    @Override
    public String toString() {
      return clause + " " + name;
    }
  }

  private static Scenario scenario(
      String name, Rule rule, String clause, Question question, Person person, String expected) {
    return new Scenario(name, rule, clause, question, person, null, null, expected);
  }

  static Stream<Scenario> scenarios() {
    return Stream.of(collecting(), using(), sharing(), rules(), people()).flatMap(List::stream);
  }

  private static List<Scenario> collecting() {
    return List.of(
        scenario(
            "a stranger to the policy is left alone",
            Rule.ACCEPTANCE,
            "0.1",
            read(backend(), "settings", "device.language"),
            member().notAccepted(),
            "not-accepted"),
        scenario(
                "someone who never accepted, a month later",
                Rule.RETENTION,
                "0.1",
                read(backend(), "authentication", "contact.email"),
                member().notAccepted(),
                "expired")
            .of("meeting", "2026-10-01T00:00:00Z"),
        scenario(
            "a source the policy does not name",
            Rule.DECLARED,
            "I.0",
            from("data-broker", "identity.postal-address"),
            member(),
            "unknown-source"),
        scenario(
            "personal information before acceptance",
            Rule.ACCEPTANCE,
            "I.1",
            collect("identity.name"),
            member().notAccepted(),
            "not-accepted"),
        scenario(
            "a bank card without explicit consent",
            Rule.CONSENT,
            "I.1",
            collect("payment.bank-card"),
            member(),
            "sensitive-consent-missing"),
        scenario(
            "an id number under the ordinary consent",
            Rule.CONSENT,
            "I.1",
            collect("identity.id-number"),
            member().grants("identity-check"),
            "sensitive-consent-missing"),
        scenario(
            "a device identifier for a purpose that needs the language",
            Rule.PURPOSE,
            "I.2",
            read(backend(), "settings", "device.id"),
            member(),
            "not-listed"),
        scenario(
            "something about a device that is not in the list",
            Rule.DECLARED,
            "I.2",
            from(CompiledPolicy.PRODUCT_USE, "device.serial-number"),
            member(),
            "unknown-field"),
        scenario(
            "device details for recommendations nobody switched on",
            Rule.CONSENT,
            "I.2",
            read(backend(), "recommendation", "device.language"),
            member(),
            "consent-missing"),
        scenario(
            "a position while location is off",
            Rule.CONDITIONS,
            "I.3",
            from(CompiledPolicy.PRODUCT_USE, "location.position"),
            located(),
            "condition-missing"),
        scenario(
            "a position nobody agreed to",
            Rule.CONSENT,
            "I.3",
            Question.collect(
                backend(),
                "meeting",
                CompiledPolicy.PRODUCT_USE,
                LOCATED,
                List.of("location.position")),
            member().grants("location-service"),
            "sensitive-consent-missing"),
        scenario(
            "something noted that is not in the list",
            Rule.DECLARED,
            "I.4",
            from(CompiledPolicy.PRODUCT_USE, "log.keystrokes"),
            member(),
            "unknown-field"),
        scenario(
                "a log line past its term",
                Rule.RETENTION,
                "I.4",
                read(officer(), "security", "log.access"),
                member(),
                "expired")
            .of("meeting", "2026-05-22T10:00:00Z"),
        scenario(
            "information nobody declared",
            Rule.DECLARED,
            "I.5",
            collect("identity.shoe-size"),
            member(),
            "unknown-field"));
  }

  private static List<Scenario> using() {
    return List.of(
        scenario(
            "customer service looks into the log",
            Rule.PURPOSE,
            "II.I.1",
            read(support(), "customer-service", "log.access"),
            member(),
            "not-listed"),
        scenario(
            "an identity is checked without consent",
            Rule.CONSENT,
            "II.I.1",
            read(backend(), "identity-check", "identity.name"),
            member(),
            "consent-missing"),
        scenario(
            "settings look at an age",
            Rule.PURPOSE,
            "II.I.2",
            read(backend(), "settings", "identity.age"),
            member(),
            "not-listed"),
        scenario(
            "recommendations to someone who turned them off",
            Rule.CONSENT,
            "II.I.2",
            read(backend(), "recommendation", "device.language"),
            member().grants("recommendation").withdraws("recommendation"),
            "consent-withdrawn"),
        scenario(
            "products are improved on de-identified data",
            Rule.VIEW,
            "II.I.3",
            read(service("analyst"), "improvement", "device.model"),
            member().grants("improvement"),
            "de-identified"),
        scenario(
            "counting someone who has not joined the programme",
            Rule.CONSENT,
            "II.I.4",
            read(service("analyst"), "user-experience", "log.feature-use"),
            member(),
            "consent-missing"),
        scenario(
            "counting someone who has left it",
            Rule.CONSENT,
            "II.I.4",
            read(service("analyst"), "user-experience", "log.feature-use"),
            member().grants("user-experience").withdraws("user-experience"),
            "consent-withdrawn"),
        scenario(
            "promotion over a channel that nobody declared",
            Rule.DECLARED,
            "II.I.5",
            read(service("message-sender"), "promotion", "contact.email").over("fax"),
            member().grants("promotion", "meeting", "email"),
            "unknown-channel"),
        scenario(
            "promotion over a channel that was not granted",
            Rule.CONSENT,
            "II.I.5",
            read(service("message-sender"), "promotion", "contact.email").over("email"),
            member().grants("promotion", "meeting", "sms"),
            "consent-missing"),
        scenario(
            "promotion by e-mail looks up a telephone",
            Rule.PURPOSE,
            "II.I.5",
            read(service("message-sender"), "promotion", "contact.phone").over("email"),
            member().grants("promotion", "meeting", "email").grants("promotion", "meeting", "sms"),
            "other-channel"),
        scenario(
            "promotion to the dead",
            Rule.STANDING,
            "II.I.5",
            read(service("message-sender"), "promotion", "contact.email").over("email"),
            member().grants("promotion", "meeting", "email").is(Status.DECEASED),
            "deceased"),
        scenario(
            "certification of software looks at a name",
            Rule.PURPOSE,
            "II.I.6",
            read(backend(), "certification", "identity.name"),
            member(),
            "not-listed"),
        scenario(
            "an exception nobody approved",
            Rule.CONSENT,
            "II.I.7",
            read(legal(), "court-order", "identity.name"),
            member(),
            "exception-without-order"),
        scenario(
            "a field the order does not name",
            Rule.CONSENT,
            "II.I.7",
            read(legal(), "court-order", "identity.name")
                .under(House.approvedBy("privacy-officer", "contact.email")),
            member(),
            "not-in-order"),
        scenario(
            "records are kept and not looked through",
            Rule.NEED_TO_KNOW,
            "II.I.7",
            read(officer(), "network-records", "log.access"),
            member(),
            "no-role"),
        scenario(
            "an emergency without a word why",
            Rule.CONSENT,
            "II.I.7",
            read(officer(), "safety-of-life", "contact.phone"),
            member(),
            "emergency-unjustified"),
        scenario(
            "a purpose nobody declared",
            Rule.DECLARED,
            "II.I.8",
            read(backend(), "profiling", "contact.email"),
            member(),
            "unknown-purpose"),
        scenario(
                "another product's data",
                Rule.POOLING,
                "II.I.9",
                read(backend(), "settings", "device.model"),
                member().joined("calendar"),
                "not-pooled")
            .of("calendar", EARLIER_THIS_MONTH));
  }

  private static List<Scenario> sharing() {
    return List.of(
        scenario(
            "somebody the policy does not name",
            Rule.DECLARED,
            "III.I.1",
            House.sharing(read(service("backup-program"), "backup", "contact.email"), "broker"),
            member(),
            "unknown-recipient"),
        scenario(
            "backup copies for another country",
            Rule.CONDITIONS,
            "III.I.1",
            House.sharing(
                read(service("backup-program"), "backup", "contact.phone"), "cloud", "US"),
            member(),
            "other-destination"),
        scenario(
            "somebody who may read for the purpose and hand nothing over for it",
            Rule.NEED_TO_KNOW,
            "III.I.1",
            House.sharing(read(signed("olga", "operator"), "backup", "contact.phone"), "cloud"),
            member(),
            "no-role"),
        scenario(
            "a phone number for messages that the person did not agree to",
            Rule.CONSENT,
            "III.I.1",
            message(),
            member().grants("promotion", "meeting", "email"),
            "consent-missing"),
        scenario(
            "the company of the group for another purpose",
            Rule.NEED_TO_KNOW,
            "III.I.2",
            House.sharing(read(service("message-sender"), "promotion", "contact.phone"), "cloud")
                .over("sms"),
            member().grants("promotion", "meeting", "sms"),
            "no-role"),
        scenario(
            "a company that is not of the group yet",
            Rule.CONDITIONS,
            "III.I.2",
            House.sharing(read(service("backup-program"), "backup", "contact.email"), "cloud"),
            member().at("2020-06-01T00:00:00Z"),
            "not-affiliated"),
        scenario(
            "the company that sends messages with an e-mail address",
            Rule.CONDITIONS,
            "III.I.3",
            House.sharing(
                    read(service("message-sender"), "promotion", "contact.email"), "text-messages")
                .over("email"),
            member().grants("promotion", "meeting", "email"),
            "field-not-shared"),
        scenario(
            "the company that sends messages once its agreement is over",
            Rule.CONDITIONS,
            "III.I.4",
            message(),
            member()
                .grants("promotion", "meeting", "sms")
                .lastUsed("meeting", "2029-12-31")
                .at("2030-01-01T00:00:00Z"),
            "not-bound"),
        scenario(
            "an authority without an approval",
            Rule.CONSENT,
            "III.I.5",
            House.sharing(read(legal(), "court-order", "identity.name"), "authorities"),
            member(),
            "exception-without-order"),
        scenario(
            "rescuers where nobody is in danger",
            Rule.CONDITIONS,
            "III.I.5",
            House.sharing(read(officer(), "security", "contact.phone"), "rescue-services"),
            member(),
            "purpose-not-shared"),
        scenario(
            "a company of the group before it was one",
            Rule.CONDITIONS,
            "VIII.4",
            House.sharing(read(service("backup-program"), "backup", "contact.phone"), "cloud"),
            member().at("2020-06-30T23:59:59Z"),
            "not-affiliated"));
  }

  private static List<Scenario> rules() {
    return List.of(
        scenario(
            "a use for which no purpose is declared",
            Rule.DECLARED,
            "II.II.1",
            read(backend(), "curiosity", "contact.email"),
            member(),
            "unknown-purpose"),
        scenario(
            "no purpose, no data",
            Rule.PURPOSE,
            "II.II.1",
            read(backend(), "settings", "contact.email"),
            member(),
            "not-listed"),
        scenario(
            "a role that sees clear sees no person in de-identified data",
            Rule.VIEW,
            "II.II.2",
            read(service("analyst"), "improvement", "log.fault"),
            member().grants("improvement"),
            "de-identified"),
        scenario(
            "use after the account was closed",
            Rule.STANDING,
            "II.II.3",
            read(backend(), "settings", "device.language"),
            stranger().closed("meeting", EARLIER_THIS_MONTH),
            "account-closed"),
        scenario(
            "use of an erased person's data",
            Rule.STANDING,
            "II.II.3",
            read(backend(), "authentication", "contact.email"),
            member().is(Status.ERASED),
            "erased"),
        scenario(
            "use after two years without the person",
            Rule.STANDING,
            "II.II.3",
            read(backend(), "settings", "device.language"),
            stranger().lastUsed("meeting", "2024-11-21"),
            "dormant"),
        scenario(
                "a closed product's data used by another",
                Rule.STANDING,
                "II.II.3",
                read(backend(), "settings", "device.model"),
                member()
                    .grants(CompiledPolicy.POOLING, "calendar", null)
                    .closed("calendar", "2026-11-20T00:00:00Z"),
                "account-closed")
            .of("calendar", EARLIER_THIS_MONTH),
        scenario(
                "what a product noted outlives its account",
                Rule.RETENTION,
                "II.II.3",
                read(legal(), "court-order", "log.feature-use")
                    .under(House.approvedBy("privacy-officer", "log.feature-use")),
                stranger().closed("meeting", EARLIER_THIS_MONTH),
                "expired")
            .of("meeting", "2026-10-30T00:00:00Z"),
        scenario(
            "a person sees a mask until they have shown who they are",
            Rule.SELF,
            "II.II.5",
            read(House.themselves(), null, "contact.phone"),
            member(),
            "masked"),
        scenario(
            "support sees a mask",
            Rule.VIEW,
            "II.II.5",
            read(support(), "customer-service", "contact.phone").justified(Set.of()),
            member(),
            "masked"),
        scenario(
            "a person sees a name clear for no reason",
            Rule.VIEW,
            "II.II.5",
            read(legal(), "archiving", "identity.name"),
            member(),
            "masked"),
        scenario(
            "a new purpose without prior consent",
            Rule.CONSENT,
            "II.II.6",
            read(service("message-sender"), "third-party-promotion", "contact.email").over("email"),
            member().grants("promotion", "meeting", "email"),
            "consent-missing"),
        scenario(
                "where someone was, a month ago",
                Rule.RETENTION,
                "IV.1",
                read(backend(), "location-service", "location.position"),
                located(),
                "expired")
            .of("meeting", "2026-10-20T00:00:00Z"),
        scenario(
            "someone whose job does not need it",
            Rule.NEED_TO_KNOW,
            "IV.3",
            read(signed("ann", "analyst"), "customer-service", "contact.email"),
            member(),
            "no-role"),
        scenario(
            "someone who signed no undertaking",
            Rule.NEED_TO_KNOW,
            "IV.3",
            read(anyone("kim", "support-agent"), "customer-service", "contact.email"),
            member(),
            "no-undertaking"),
        scenario(
            "someone who borrows a program's role",
            Rule.NEED_TO_KNOW,
            "IV.3",
            read(signed("kim", "product-backend"), "settings", "device.language"),
            member(),
            "services-only"),
        scenario(
            "information the purpose has nothing to do with",
            Rule.PURPOSE,
            "IV.4",
            read(backend(), "settings", "location.position"),
            member(),
            "not-listed"));
  }

  private static List<Scenario> people() {
    return List.of(
        scenario(
            "a person looks at their own data",
            Rule.SELF,
            "V.1",
            read(House.themselves(), null, "identity.name"),
            member().notAccepted(),
            "masked"),
        scenario(
            "a person looks at what is about their guardian",
            Rule.SELF,
            "V.1",
            read(House.steppedUp(House.themselves()), null, "guardian.email"),
            member(),
            "about-another"),
        scenario(
                "another product's data after the authorisation was taken back",
                Rule.POOLING,
                "V.2",
                read(backend(), "settings", "device.model"),
                member()
                    .joined("calendar")
                    .grants(CompiledPolicy.POOLING, "calendar", null)
                    .withdraws(CompiledPolicy.POOLING),
                "not-pooled")
            .of("calendar", EARLIER_THIS_MONTH),
        scenario(
            "what a guardian agreed to and the child refused",
            Rule.CONSENT,
            "V.2",
            read(backend(), "settings", "device.language"),
            member().aged(Age.MINOR).guardianGrants("settings").withdraws("settings"),
            "consent-withdrawn"),
        scenario(
            "use after consent was withdrawn",
            Rule.CONSENT,
            "V.2",
            read(backend(), "recommendation", "identity.occupation"),
            member().grants("recommendation").withdraws("recommendation"),
            "consent-withdrawn"),
        scenario(
            "promotion while a dispute is open",
            Rule.STANDING,
            "V.4",
            read(service("message-sender"), "promotion", "contact.email").over("email"),
            member().grants("promotion", "meeting", "email").is(Status.RESTRICTED),
            "restricted"),
        scenario(
            "a child without a guardian's consent",
            Rule.GUARDIAN,
            "VI.1",
            read(backend(), "settings", "device.language"),
            member().aged(Age.MINOR),
            "guardian-missing"),
        scenario(
            "a child's own consent",
            Rule.GUARDIAN,
            "VI.1",
            collect("identity.gender"),
            member().aged(Age.MINOR).grants("recommendation"),
            "guardian-missing"),
        scenario(
            "an adult's birth date as if to ask a guardian",
            Rule.GUARDIAN,
            "VI.1",
            read(backend(), "guardian-contact", "identity.birth-date"),
            member(),
            "no-guardian-needed"),
        scenario(
            "a child's birth date once the account is closed",
            Rule.STANDING,
            "VI.1",
            read(backend(), "guardian-contact", "identity.birth-date"),
            stranger().aged(Age.MINOR).closed("meeting", EARLIER_THIS_MONTH),
            "account-closed"),
        scenario(
                "a birth date nobody answered for, a month later",
                Rule.RETENTION,
                "VI.1",
                read(backend(), "guardian-contact", "identity.birth-date"),
                member().aged(Age.MINOR),
                "expired")
            .of("meeting", "2026-10-20T00:00:00Z"),
        scenario(
            "someone who acts as the guardian of an adult",
            Rule.SELF,
            "VI.4",
            read(House.right(Capacity.GUARDIAN), null, "identity.name"),
            member(),
            "no-mandate"),
        scenario(
            "a young child's data is sensitive",
            Rule.CONSENT,
            "VI.4",
            read(backend(), "settings", "device.language"),
            member().aged(Age.SENSITIVE_MINOR).guardianGrants("settings"),
            "sensitive-consent-missing"),
        scenario(
            "a policy that is not in force yet",
            Rule.DECLARED,
            "IX.2",
            read(backend(), "settings", "device.language"),
            member().at("2020-04-22T00:00:00Z"),
            "not-in-force"));
  }

  // ------------------------------------------------------------------------------------ who asks

  private static Asker backend() {
    return service("product-backend");
  }

  private static Asker service(String role) {
    return of(House.signed(House.asker("program", Kind.SERVICE, role)));
  }

  private static Asker support() {
    return signed("kim", "support-agent");
  }

  private static Asker officer() {
    return signed("sam", "security-officer");
  }

  private static Asker legal() {
    return signed("lena", "legal");
  }

  private static Asker signed(String id, String role) {
    return of(House.signed(House.asker(id, Kind.STAFF, role)));
  }

  private static Asker anyone(String id, String role) {
    return of(House.asker(id, Kind.STAFF, role));
  }

  private static Asker of(Asker asker) {
    return new Asker(
        asker.id(),
        asker.kind(),
        asker.roles(),
        PRODUCTS,
        asker.undertakings(),
        Capacity.ROLE,
        asker.assurance(),
        asker.reviews());
  }

  // --------------------------------------------------------------------------- what is asked of
  // whom

  private static Question read(Asker asker, String purpose, String field) {
    return Question.read(asker, purpose, "meeting", List.of(field));
  }

  private static Question collect(String field) {
    return from(CompiledPolicy.PERSON, field);
  }

  private static Question from(String source, String field) {
    return Question.collect(backend(), "meeting", source, Set.of(), List.of(field));
  }

  private static Question message() {
    return House.sharing(
            read(service("message-sender"), "promotion", "contact.phone"), "text-messages")
        .over("sms");
  }

  private static Person member() {
    return stranger().joined("meeting");
  }

  private static Person stranger() {
    return Person.under(REFERENCE.policy().version());
  }

  /** Someone who switched the location service on. */
  private static Person located() {
    return member().grants("location-service").grantsSensitive("location-service");
  }

  // ------------------------------------------------------------------------------------ what holds

  @ParameterizedTest
  @MethodSource("scenarios")
  void comesOutAsPromised(Scenario scenario) {
    assertThat(scenario.outcome(POLICIES)).isEqualTo(scenario.expected());
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void comesOutOtherwiseWithoutItsRule(Scenario scenario) {
    assertThat(scenario.outcome(POLICIES.without(scenario.rule())))
        .isNotEqualTo(scenario.expected());
  }

  @ParameterizedTest
  @EnumSource
  void noRuleIsIdle(Rule rule) {
    Policies without = POLICIES.without(rule);
    assertThat(scenarios())
        .anyMatch(scenario -> !scenario.outcome(without).equals(scenario.expected()));
  }

  @Test
  void everyClauseTheNoticeExplainsHasItsScenario() {
    Set<String> clauses = new TreeSet<>(BESIDES);
    REFERENCE.notices().getFirst().passages().stream()
        .flatMap(passage -> passage.clauses().stream())
        .map(ClauseId::value)
        .filter(clause -> !UNDECIDED.contains(clause))
        .forEach(clauses::add);
    assertThat(scenarios().map(Scenario::clause).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(clauses);
  }

  /** Whoever refuses says which clause it keeps, and the clause is one of those promised. */
  @ParameterizedTest
  @EnumSource
  void everyReasonNamesAClauseAndWords(Reason reason) {
    assertThat(reason.clause()).matches("[0-9IVX]+(\\.[0-9IVX]+)*");
    assertThat(reason.sentence(Locale.ENGLISH)).endsWith(".").doesNotContain("!");
    assertThat(reason.sentence(Locale.CHINESE)).endsWith("。");
    assertThat(reason.code()).matches("[a-z]+(-[a-z]+)*");
  }
}
