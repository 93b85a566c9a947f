package dev.pledge.server.http;

import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.Acceptance;
import dev.pledge.engine.gate.ConsentChange;
import dev.pledge.engine.gate.LegalOrder;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Window;
import dev.pledge.engine.value.UnusableInput;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.PolicyVersion;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The parts of requests that several calls share, read from JSON into what the engine takes. */
final class Inputs {
  private static final Set<String> EVIDENCE = Set.of("act", "notice", "language", "at", "detail");
  private static final Set<String> ACCEPTED = Set.of("policy", "evidence");
  private static final Set<String> ORDER = Set.of("reference", "approver", "fields");
  static final Set<String> CONSENT =
      Set.of("purpose", "decision", "product", "channel", "coverage", "by", "evidence");

  private static final Map<String, Answer> DECISIONS =
      Map.of("granted", Answer.GRANTED, "withdrawn", Answer.WITHDRAWN);
  private static final Map<String, By> GIVERS = Map.of("self", By.SELF, "guardian", By.GUARDIAN);
  private static final Map<String, Coverage> COVERAGES =
      Map.of(
          "ordinary", Coverage.ORDINARY,
          "sensitive", Coverage.SENSITIVE,
          "all", Coverage.ALL);
  private static final Map<String, Asker.Capacity> CAPACITIES =
      Map.of(
          "role", Asker.Capacity.ROLE,
          "subject", Asker.Capacity.SUBJECT,
          "guardian", Asker.Capacity.GUARDIAN,
          "agent", Asker.Capacity.AGENT,
          "heir", Asker.Capacity.HEIR);
  private static final Map<String, Asker.Assurance> ASSURANCES =
      Map.of(
          "signed-in", Asker.Assurance.SIGNED_IN,
          "stepped-up", Asker.Assurance.STEPPED_UP);
  private static final Words VERSION =
      new Words("write a policy version such as `emeet@2020-04-23`", "应为政策版本，如 `emeet@2020-04-23`");
  private static final Words ACTOR = new Words("write an actor's id", "应为操作者标识");

  private Inputs() {}

  /**
   * What {@code maker} makes of {@code members}; its complaint points at the member it is about.
   */
  static <T> T made(Members members, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (UnusableInput e) {
      Words why = new Words(e.sentence(Locale.ENGLISH), e.sentence(Locale.CHINESE));
      throw members.wrong(e.member(), why);
    }
  }

  static Evidence evidence(Members members) {
    Members evidence = members.object("evidence", EVIDENCE);
    return made(
        evidence,
        () ->
            new Evidence(
                evidence.text("act"),
                evidence.text("notice"),
                evidence.text("language"),
                evidence.time("at"),
                evidence.optionalText("detail")));
  }

  /** {@code accepted: {policy, evidence}}. */
  static Acceptance accepted(Members members) {
    return acceptance(members.object("accepted", ACCEPTED));
  }

  /** {@code {policy, evidence}}. */
  static Acceptance acceptance(Members members) {
    PolicyVersion version = members.read("policy", PolicyVersion::of, VERSION);
    return new Acceptance(version, evidence(members));
  }

  static ConsentChange consent(Members members) {
    Answer answer = members.word("decision", DECISIONS);
    // A withdrawal that names less means all; a grant means no more than it says.
    Coverage otherwise = answer == Answer.GRANTED ? Coverage.ORDINARY : Coverage.ALL;
    Coverage coverage = members.has("coverage") ? members.word("coverage", COVERAGES) : otherwise;
    return new ConsentChange(
        members.text("purpose"),
        answer,
        members.optionalText("product"),
        members.optionalText("channel"),
        coverage,
        members.word("by", GIVERS),
        evidence(members));
  }

  static Asker.Capacity capacity(Members members) {
    return members.has("as") ? members.word("as", CAPACITIES) : Asker.Capacity.ROLE;
  }

  static Asker.Assurance assurance(Members members) {
    return members.has("assurance")
        ? members.word("assurance", ASSURANCES)
        : Asker.Assurance.SIGNED_IN;
  }

  static @Nullable LegalOrder order(Members members) {
    if (!members.has("order")) {
      return null;
    }
    Members order = members.object("order", ORDER);
    ActorId approver = order.read("approver", ActorId::new, ACTOR);
    return made(
        order,
        () ->
            new LegalOrder(
                order.text("reference"),
                approver,
                Set.copyOf(order.texts("fields", ReadRequest.MOST_FIELDS))));
  }

  static Window window(Members members) {
    int limit = members.number("limit", 1, Window.MOST, Window.DEFAULT.limit());
    return made(
        members, () -> new Window(members.optionalTime("from"), members.optionalTime("to"), limit));
  }
}
