package dev.pledge.server.http;

import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.Acceptance;
import dev.pledge.engine.gate.ApprovalRequest;
import dev.pledge.engine.gate.ConsentChange;
import dev.pledge.engine.gate.ExplainRequest;
import dev.pledge.engine.gate.HoldRequest;
import dev.pledge.engine.gate.LegalOrder;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.ReviewRequest;
import dev.pledge.engine.gate.Window;
import dev.pledge.engine.oversight.Review;
import dev.pledge.engine.value.UnusableInput;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.RoleId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The parts of requests that several calls share, read from JSON into what the engine takes. */
final class Inputs {
  private static final Set<String> EVIDENCE = Set.of("act", "notice", "language", "at", "detail");
  private static final Set<String> ACCEPTED = Set.of("policy", "evidence");
  private static final Set<String> ORDER = Set.of("approval");
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

  /** Agents and heirs act within a mandate, and nothing here can show one yet. */
  private static final Map<String, Asker.Capacity> CAPACITIES =
      Map.of(
          "role", Asker.Capacity.ROLE,
          "subject", Asker.Capacity.SUBJECT,
          "guardian", Asker.Capacity.GUARDIAN);

  private static final Map<String, Asker.Assurance> ASSURANCES =
      Map.of(
          "signed-in", Asker.Assurance.SIGNED_IN,
          "stepped-up", Asker.Assurance.STEPPED_UP);
  private static final Words VERSION =
      new Words("write a policy version such as `emeet@2020-04-23`", "应为政策版本，如 `emeet@2020-04-23`");
  private static final Map<String, Review.Finding> FINDINGS =
      Map.of(
          "justified", Review.Finding.JUSTIFIED,
          "unjustified", Review.Finding.UNJUSTIFIED);
  private static final Words UUID_FORM = new Words("write the id you were given", "应为此前获得的标识");
  static final Words ACTOR = new Words("write an actor's id", "应为操作者标识");

  private static final Map<String, Asker.Kind> KINDS =
      Map.of(
          "service", Asker.Kind.SERVICE,
          "staff", Asker.Kind.STAFF,
          "partner", Asker.Kind.PARTNER,
          "auditor", Asker.Kind.AUDITOR);

  private static final Words NO_FIELDS =
      new Words(
          "name a field, or leave this member out to hold all that the purpose uses",
          "请列出字段；省略此成员则保全该目的所使用的一切");
  private static final Words ROLES = new Words("write names of roles", "应为角色名称");

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
    ConsentChange change =
        ConsentChange.of(
            members.text("purpose"),
            members.word("decision", DECISIONS),
            members.optionalText("product"),
            members.optionalText("channel"),
            members.word("by", GIVERS),
            evidence(members));
    return members.has("coverage") ? change.about(members.word("coverage", COVERAGES)) : change;
  }

  static Asker.Capacity capacity(Members members) {
    return members.has("as") ? members.word("as", CAPACITIES) : Asker.Capacity.ROLE;
  }

  static Asker.Assurance assurance(Members members) {
    return members.has("assurance")
        ? members.word("assurance", ASSURANCES)
        : Asker.Assurance.SIGNED_IN;
  }

  /** {@code roles}, and {@code kind}, which is usually staff; null if neither is there. */
  static ExplainRequest.@Nullable Somebody optionalSomebody(Members members) {
    return members.has("roles") || members.has("kind") ? somebody(members) : null;
  }

  private static ExplainRequest.Somebody somebody(Members members) {
    Set<RoleId> roles = new HashSet<>();
    for (String role : members.texts("roles", ExplainRequest.Somebody.MOST_ROLES)) {
      try {
        roles.add(new RoleId(role));
      } catch (IllegalArgumentException e) {
        throw members.wrong("roles", ROLES);
      }
    }
    return new ExplainRequest.Somebody(
        members.has("kind") ? members.word("kind", KINDS) : Asker.Kind.STAFF, roles);
  }

  static @Nullable LegalOrder order(Members members) {
    return members.has("order")
        ? new LegalOrder(uuid(members.object("order", ORDER), "approval"))
        : null;
  }

  static ApprovalRequest approval(Members members) {
    ActorId asker = members.read("for", ActorId::new, ACTOR);
    return made(
        members,
        () ->
            new ApprovalRequest(
                members.text("purpose"),
                members.text("product"),
                members.text("reference"),
                members.texts("fields", ReadRequest.MOST_FIELDS),
                asker,
                members.optionalTime("until")));
  }

  static ReviewRequest review(Members members) {
    UUID review = uuid(members, "review");
    Review.Finding finding = members.word("finding", FINDINGS);
    return made(members, () -> new ReviewRequest(review, finding, members.optionalText("note")));
  }

  private static UUID uuid(Members members, String name) {
    return members.read(name, Inputs::uuid, UUID_FORM);
  }

  static HoldRequest hold(Members members) {
    Optional<UUID> legalCase =
        members.has("case") ? Optional.of(uuid(members, "case")) : Optional.empty();
    return made(
        members,
        () ->
            new HoldRequest(
                members.text("purpose"),
                members.text("product"),
                heldFields(members),
                members.time("until"),
                members.text("reference"),
                legalCase));
  }

  /** None stands for all, which is said by leaving the member out, and by nothing else. */
  private static List<String> heldFields(Members members) {
    List<String> fields = members.optionalTexts("fields", ReadRequest.MOST_FIELDS);
    if (members.has("fields") && fields.isEmpty()) {
      throw members.wrong("fields", NO_FIELDS);
    }
    return fields;
  }

  /**
   * A UUID in its canonical form, which other readers do not insist on.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static UUID uuid(String text) {
    UUID uuid = UUID.fromString(text);
    if (!uuid.toString().equals(text)) {
      throw new IllegalArgumentException("not in canonical form");
    }
    return uuid;
  }

  /**
   * The id of that name in the path.
   *
   * @throws ProblemFound as for an unknown one if it is no id at all
   */
  static UUID pathId(Call call, String name) {
    try {
      return uuid(call.path().get(name));
    } catch (IllegalArgumentException e) {
      throw Call.NOT_FOUND.found();
    }
  }

  static Window window(Members members) {
    int limit = members.number("limit", 1, Window.MOST, Window.DEFAULT.limit());
    return made(
        members, () -> new Window(members.optionalTime("from"), members.optionalTime("to"), limit));
  }
}
