package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Asker.Assurance;
import dev.pledge.policy.decision.Asker.Capacity;
import dev.pledge.policy.decision.Asker.Kind;
import dev.pledge.policy.decision.Asker.Reviews;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Sharing.Case;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import dev.pledge.policy.names.View;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A small policy of an invented house, with the people who work under it. It is not the reference
 * policy, and laxer where a test needs it to be.
 */
final class House {
  static final String LOCATION_ON = "device-location-on";
  static final String LOCATION_IN_USE = "location-service-in-use";
  static final Set<String> LOCATED = Set.of(LOCATION_ON, LOCATION_IN_USE);

  static final List<String> PURPOSES =
      draft().build().purposes().stream().map(purpose -> purpose.id().value()).toList();

  private static final ThreadLocal<Rule> DROPPED = new ThreadLocal<>();

  private House() {}

  static Draft draft() {
    return roles(purposes(categories(new Draft().products("general", "meeting", "notes"))))
        .source("registry", LocalDate.of(2026, 1, 1), LocalDate.of(2027, 1, 1), "identity.name")
        .company("clouds", "controller", LocalDate.of(2020, 1, 1), LocalDate.of(2026, 12, 1))
        .recipient(
            "cloud",
            "III.I.2",
            r ->
                r.affiliate("clouds")
                    .purposes("settings", "customer-service")
                    .fields("device", "contact.email")
                    .handedOverBy("product-backend")
                    .agreed(LocalDate.of(2026, 1, 1), LocalDate.of(2028, 1, 1)))
        .recipient(
            "messenger",
            "III.I.3",
            r ->
                r.because(Case.CONSENT)
                    .destinations("CN", "SG")
                    .purposes("promotion", "partner-promotion")
                    .fields("contact.email")
                    .handedOverBy("product-backend")
                    .agreed(LocalDate.of(2026, 6, 1), LocalDate.of(2026, 12, 1)))
        .recipient(
            "court",
            "III.I.5",
            r ->
                r.authority()
                    .because(Case.LAW)
                    .purposes("court-order")
                    .fields("contact")
                    .handedOverBy("investigator"))
        .keep(Period.ofMonths(6), From.COLLECTION, "log")
        .keep(Period.ofMonths(1), From.COLLECTION, "location")
        .keep(Period.ofDays(15), From.CLOSING, "identity", "contact", "device")
        .keep(Period.ofDays(30), From.COLLECTION, "guardian")
        .pooling(Pooling.WITH_AUTHORISATION);
  }

  private static Draft categories(Draft draft) {
    return draft
        .category(
            "identity",
            "I.1",
            c ->
                c.field("name", FieldType.NAME, Mask.NAME)
                    .field("birth-date", FieldType.DATE, Mask.YEAR)
                    .sensitive("id-number", FieldType.CN_RESIDENT_ID, Mask.ID_NUMBER))
        .category(
            "contact",
            "I.1",
            c ->
                c.accountWide()
                    .field("email", FieldType.EMAIL, Mask.EMAIL)
                    .field("phone", FieldType.PHONE, Mask.PHONE))
        .category(
            "device",
            "I.2",
            c ->
                c.field("id", FieldType.DEVICE_ID, Mask.TAIL)
                    .field("model", FieldType.DEVICE_TEXT, Mask.HIDDEN)
                    .field("language", FieldType.LANGUAGE, Mask.HIDDEN))
        .category(
            "guardian",
            "VI.1",
            c -> c.accountWide().aboutAnother().field("email", FieldType.EMAIL, Mask.EMAIL))
        .category(
            "location",
            "I.3",
            c ->
                c.eventSeries()
                    .requires(LOCATION_ON, LOCATION_IN_USE)
                    .field("position", FieldType.POSITION, Mask.CITY))
        .category(
            "log", "I.4", c -> c.eventSeries().field("line", FieldType.LOG_LINE, Mask.HIDDEN));
  }

  private static Draft purposes(Draft draft) {
    return draft
        .purpose("authentication", "II.I.1", p -> p.before(Before.ACCEPTANCE).uses("contact"))
        .purpose("customer-service", "II.I.1", p -> p.uses("identity.name", "contact", "device"))
        .purpose("verification", "II.I.1", p -> p.uses("identity"))
        .purpose("security", "II.I.1", p -> p.nature(Nature.SECURITY).uses("log", "device"))
        .purpose("archive", "II.I.1", p -> p.basis(Basis.LEGAL_OBLIGATION).uses("contact", "log"))
        .purpose("claims", "II.I.1", p -> p.nature(Nature.LEGAL_CLAIMS).uses("contact", "log"))
        .purpose("settings", "II.I.2", p -> p.uses("device.language"))
        .purpose(
            "recommendation",
            "II.I.2",
            p ->
                p.basis(Basis.LEGITIMATE_INTEREST)
                    .control(Control.OPT_OUT)
                    .uses("device.language", "location.position"))
        .purpose(
            "improvement",
            "II.I.4",
            p ->
                p.basis(Basis.CONSENT)
                    .control(Control.OPT_IN)
                    .programme("user-experience")
                    .view(View.DE_IDENTIFIED)
                    .inProducts("meeting", "notes")
                    .uses("log", "device"))
        .purpose(
            "promotion",
            "II.I.5",
            p ->
                p.basis(Basis.CONSENT)
                    .control(Control.OPT_OUT)
                    .nature(Nature.PROMOTION)
                    .channels("service", "email", "sms")
                    .uses("contact"))
        .purpose(
            "partner-promotion",
            "II.I.5",
            p ->
                p.basis(Basis.CONSENT)
                    .control(Control.OPT_IN)
                    .nature(Nature.PROMOTION)
                    .channels("email", "sms")
                    .uses("contact"))
        .purpose("certification", "II.I.6", p -> p.uses("device"))
        .purpose(
            "court-order",
            "II.I.7",
            p -> p.basis(Basis.LEGAL_OBLIGATION).exception("legal").uses("identity", "contact"))
        .purpose(
            "safety-of-life",
            "II.I.7",
            p ->
                p.basis(Basis.VITAL_INTEREST)
                    .breakGlass(Duration.ofHours(24), "legal")
                    .uses("contact", "location.position"))
        .purpose(
            "guardian-contact",
            "VI.1",
            p ->
                p.before(Before.ACCEPTANCE, Before.GUARDIAN_CONSENT)
                    .uses("contact", "guardian.email"))
        .purpose(
            "child-protection",
            "VI.1",
            p ->
                p.nature(Nature.PROTECTION)
                    .sensitiveCondition("protection of a child")
                    .uses("contact", "log"));
  }

  private static Draft roles(Draft draft) {
    return draft
        .role(
            "product-backend",
            r ->
                r.collects("identity", "contact", "guardian", "device", "location", "log")
                    .purposes(
                        "authentication",
                        "customer-service",
                        "verification",
                        "security",
                        "settings",
                        "recommendation",
                        "promotion",
                        "partner-promotion",
                        "certification",
                        "guardian-contact",
                        "child-protection",
                        "archive",
                        "claims")
                    .sees(View.CLEAR))
        .role(
            "support-agent",
            r ->
                r.collects("contact")
                    .purposes("customer-service", "safety-of-life")
                    .sees(View.MASKED)
                    .mayReveal("contact.phone")
                    .undertaking("confidentiality"))
        .role("verifier", r -> r.purposes("verification").sees(View.CLEAR))
        .role("analyst", r -> r.purposes("improvement").sees(View.DE_IDENTIFIED))
        .role("investigator", r -> r.purposes("court-order").sees(View.CLEAR))
        .role("legal", r -> r.purposes("claims").sees(View.MASKED));
  }

  static Policies policies() {
    return policies(List.of(draft().build()));
  }

  /** The given versions, deciding without the rule that {@link #without} leaves out. */
  static Policies policies(List<Policy> versions) {
    Policies policies = Policies.of(versions);
    Rule dropped = DROPPED.get();
    return dropped == null ? policies : policies.without(dropped);
  }

  /** Does the work while every policy made here on this thread decides without the rule. */
  static void without(Rule rule, Runnable work) {
    DROPPED.set(rule);
    try {
      work.run();
    } finally {
      DROPPED.remove();
    }
  }

  // ------------------------------------------------------------------------------------ who asks

  static Asker backend() {
    return asker("meeting-api", Kind.SERVICE, "product-backend");
  }

  static Asker agent() {
    return signed(unsignedAgent());
  }

  static Asker unsignedAgent() {
    return asker("kim", Kind.STAFF, "support-agent");
  }

  static Asker verifier() {
    return asker("vera", Kind.STAFF, "verifier");
  }

  static Asker analyst() {
    return asker("ann", Kind.STAFF, "analyst");
  }

  static Asker investigator() {
    return asker("ian", Kind.STAFF, "investigator");
  }

  static Asker themselves() {
    return right(Capacity.SUBJECT);
  }

  static Asker right(Capacity capacity) {
    return asker("session", Kind.SERVICE).as(capacity, Assurance.SIGNED_IN);
  }

  static Asker steppedUp(Asker asker) {
    return asker.as(asker.capacity(), Assurance.STEPPED_UP);
  }

  static Asker asker(String id, Kind kind, String... roles) {
    return new Asker(
        new ActorId(id),
        kind,
        Stream.of(roles).map(RoleId::new).collect(Collectors.toSet()),
        Set.of(new ProductId("general"), new ProductId("meeting"), new ProductId("notes")),
        Set.of(),
        Capacity.ROLE,
        Assurance.SIGNED_IN,
        Reviews.IN_TIME);
  }

  static Asker signed(Asker asker) {
    return new Asker(
        asker.id(),
        asker.kind(),
        asker.roles(),
        asker.products(),
        Set.of(new UndertakingId("confidentiality")),
        asker.capacity(),
        asker.assurance(),
        asker.reviews());
  }

  static Asker workingFor(Asker asker, String product) {
    return new Asker(
        asker.id(),
        asker.kind(),
        asker.roles(),
        Set.of(new ProductId(product)),
        asker.undertakings(),
        asker.capacity(),
        asker.assurance(),
        asker.reviews());
  }

  static Asker overdue(Asker asker) {
    return new Asker(
        asker.id(),
        asker.kind(),
        asker.roles(),
        asker.products(),
        asker.undertakings(),
        asker.capacity(),
        asker.assurance(),
        Reviews.OVERDUE);
  }

  // --------------------------------------------------------------------------------- what is asked

  /** A read for the product `meeting`. */
  static Question read(Asker asker, String purpose, String... fields) {
    return Question.read(asker, purpose, "meeting", List.of(fields));
  }

  /** A collection by the product `meeting` of what the person gives. */
  static Question collect(Asker asker, String... fields) {
    return Question.collect(asker, "meeting", CompiledPolicy.PERSON, Set.of(), List.of(fields));
  }

  /** The same handed to a recipient that has one destination. */
  static Question sharing(Question read, String recipient) {
    return read.handingOver(new Question.HandOver(recipient, null));
  }

  static Question sharing(Question read, String recipient, String destination) {
    return read.handingOver(new Question.HandOver(recipient, destination));
  }

  /** A court's order naming fields, approved by the legal department. */
  static Question.ExceptionUse order(String... fields) {
    return approvedBy("legal", fields);
  }

  static Question.ExceptionUse approvedBy(String role, String... fields) {
    return approvedBy(Kind.STAFF, role, fields);
  }

  static Question.ExceptionUse approvedBy(Kind kind, String role, String... fields) {
    return new Question.ExceptionUse(
        new ActorId("lee"), kind, Set.of(new RoleId(role)), Set.of(fields));
  }

  // --------------------------------------------------------------------------------- what is said

  /** What becomes of each asked field, under the one version there is. */
  static List<String> answer(Question question, Person person) {
    return answer(policies(), question, person);
  }

  static List<String> answer(Policies policies, Question question, Person person) {
    return Outcome.of(policies.decide(question, person.state()));
  }

  /** What becomes of one value of the first asked field. */
  static String value(Question question, Person person, String product, String collectedAt) {
    return Outcome.ofValue(
        policies().decide(question, person.state()), product, Instant.parse(collectedAt));
  }

  /** The clause told with the refusal of the first asked field. */
  static String clause(Question question, Person person) {
    Decision decision = policies().decide(question, person.state());
    return decision.clause(0, decision.reason(0)).value();
  }
}
