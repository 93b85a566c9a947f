package dev.pledge.policy.decision;

import dev.pledge.policy.decision.PlainAnswers.Word;
import dev.pledge.policy.decision.Policy.About;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.decision.Policy.Source;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.decision.SubjectState.Status;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The twelve rules under one version of a policy, one method each, read literally from the
 * specification. Each says why it refuses, or null. Slow and obvious on purpose: it shares nothing
 * with the decision but the records of data.
 */
final class PlainRules {
  private final PlainVersion version;
  private final Policy policy;
  private final Policy whole;
  private final ProductId product;
  private final List<Policy> versions;
  private final PlainSharing sharing;
  private final Instant effective;
  private final Instant graceEnds;
  private final Map<String, Category> categories = new HashMap<>();
  private final Map<String, Field> fields = new HashMap<>();
  private final Map<String, Purpose> purposes = new HashMap<>();

  private final Map<String, List<Purpose>> listing = new HashMap<>();

  /** By the name answers go by, the versions whose grants count under this one. */
  private final Map<String, Set<PolicyVersion>> counting = new HashMap<>();

  PlainRules(PlainVersion version, Policy whole, ProductId product, List<Policy> versions) {
    this(version, termsOf(whole, product), whole, product, versions);
  }

  private PlainRules(
      PlainVersion version, Policy policy, Policy whole, ProductId product, List<Policy> versions) {
    this.version = version;
    this.policy = policy;
    this.whole = whole;
    this.product = product;
    this.versions = versions;
    this.sharing = new PlainSharing(policy.sharing());
    this.effective = midnight(policy.effective());
    this.graceEnds = effective.atZone(ZoneOffset.UTC).plus(policy.grace()).toInstant();
    for (Category category : policy.categories()) {
      for (Field field : category.fields()) {
        categories.put(field.id().toString(), category);
        fields.put(field.id().toString(), field);
      }
    }
    for (String field : fields.keySet()) {
      listing.put(field, new ArrayList<>());
    }
    for (Purpose purpose : policy.purposes()) {
      purpose.uses().forEach(field -> listing.get(field.toString()).add(purpose));
      purposes.put(purpose.id().value(), purpose);
      counting.put(purpose.id().value(), new HashSet<>());
    }
    for (List<Purpose> purposes : listing.values()) {
      purposes.sort(Comparator.comparing(Purpose::basis).thenComparing(Purpose::id));
    }
    counting.put("pooling", new HashSet<>());
    for (Policy other : versions) {
      PlainMeaning meaning = new PlainMeaning(termsOf(other, product), policy);
      boolean same = other.version().equals(policy.version());
      for (Purpose purpose : policy.purposes()) {
        if (same || meaning.covers(purpose)) {
          counting.get(purpose.id().value()).add(other.version());
        }
      }
      if (same || coversPooling(other, whole, product)) {
        counting.get("pooling").add(other.version());
      }
    }
  }

  Policy policy() {
    return policy;
  }

  /** The same rules of the same product, with these terms. */
  PlainRules with(Policy terms) {
    return new PlainRules(version, terms, whole, product, versions);
  }

  /** The terms of the product's own, or else those of all (VIII.1). */
  private static Policy termsOf(Policy policy, ProductId product) {
    return policy.own().containsKey(product) ? policy.own().get(product) : policy;
  }

  /** Whether people let go what the product collected, and nobody takes more than was said. */
  private static boolean coversPooling(Policy then, Policy now, ProductId collector) {
    if (termsOf(then, collector).pooling() == Pooling.NEVER
        || !then.products().containsAll(now.products())) {
      return false;
    }
    for (ProductId product : now.products()) {
      if (!new PlainMeaning(termsOf(then, product), termsOf(now, product)).takesNoMore(product)) {
        return false;
      }
    }
    return true;
  }

  Purpose purposeNamed(String name) {
    return purposes.get(name);
  }

  /** The purposes that list the field, by basis and name: a contract first, then a consent. */
  List<Purpose> purposesListing(String field) {
    return listing.get(field);
  }

  // --------------------------------------------------------------------------------- 0. Self

  /** The subject, or somebody for them, looks at what is held about them. */
  static boolean isRight(Question question) {
    return question.act() == Act.READ && question.asker().capacity() != Asker.Capacity.ROLE;
  }

  Reason self(Question question, SubjectState state, String field) {
    boolean dead = state.status() == Status.DECEASED;
    boolean mandate =
        switch (question.asker().capacity()) {
          case ROLE -> true;
          case SUBJECT, AGENT -> !dead;
          case GUARDIAN -> !dead && isChild(state);
          case HEIR -> dead;
        };
    if (!mandate) {
      return Reason.NO_MANDATE;
    }
    return categories.get(field).about() == About.ANOTHER ? Reason.ABOUT_ANOTHER : null;
  }

  /** Masked until step-up. */
  static View viewOfOneself(Question question) {
    return question.asker().assurance() == Asker.Assurance.STEPPED_UP ? View.CLEAR : View.MASKED;
  }

  // ----------------------------------------------------------------------------- 1. Declared

  Reason declared(Question question, String field) {
    Reason whole = isRight(question) ? declaredOfRight(question) : declared(question);
    if (whole != null) {
      return whole;
    }
    return fields.containsKey(field) ? null : Reason.UNKNOWN_FIELD;
  }

  /** A right needs no purpose, but one that is named has to exist. */
  private Reason declaredOfRight(Question question) {
    if (!isProduct(question.product())) {
      return Reason.UNKNOWN_PRODUCT;
    }
    boolean unknown = question.purpose() != null && !purposes.containsKey(question.purpose());
    return unknown ? Reason.UNKNOWN_PURPOSE : null;
  }

  private Reason declared(Question question) {
    if (!isProduct(question.product())) {
      return Reason.UNKNOWN_PRODUCT;
    }
    if (question.act() == Act.COLLECT) {
      return isSource(question.source()) ? null : Reason.UNKNOWN_SOURCE;
    }
    Purpose purpose = purposes.get(question.purpose());
    if (purpose == null) {
      return Reason.UNKNOWN_PURPOSE;
    }
    if (question.act() == Act.SHARE && sharing.named(question) == null) {
      return Reason.UNKNOWN_RECIPIENT;
    }
    if (!isOf(purpose, new ProductId(question.product()))) {
      return Reason.PURPOSE_NOT_IN_PRODUCT;
    }
    boolean named =
        purpose.channels().isEmpty()
            ? question.channel() == null
            : channelNamed(purpose, question) != null;
    return named ? null : Reason.UNKNOWN_CHANNEL;
  }

  private boolean isProduct(String name) {
    return policy.products().stream().anyMatch(product -> product.value().equals(name));
  }

  private boolean isSource(String name) {
    if (name == null) {
      return false;
    }
    return name.equals("person")
        || name.equals("product-use")
        || policy.sources().stream().anyMatch(source -> source.id().value().equals(name));
  }

  private static boolean isOf(Purpose purpose, ProductId product) {
    return purpose.products().isEmpty() || purpose.products().contains(product);
  }

  private static ChannelId channelNamed(Purpose purpose, Question question) {
    for (ChannelId channel : purpose.channels()) {
      if (channel.value().equals(question.channel())) {
        return channel;
      }
    }
    return null;
  }

  // ------------------------------------------------------------------------- 2. Need to know

  Reason needToKnow(Question question, String field) {
    if (!question.asker().products().contains(new ProductId(question.product()))) {
      return Reason.OTHER_PRODUCT;
    }
    List<Role> needing = new ArrayList<>();
    if (question.act() == Act.SHARE && question.asker().capacity() != Asker.Capacity.ROLE) {
      return Reason.NO_ROLE;
    }
    if (question.act() != Act.COLLECT) {
      for (Role role : policy.roles()) {
        if (serves(role, question)) {
          needing.add(role);
        }
      }
      return lacking(question.asker(), needing);
    }
    for (Role role : policy.roles()) {
      if (!role.collects().isEmpty()) {
        needing.add(role);
      }
    }
    Reason storesNothing = lacking(question.asker(), needing);
    needing.removeIf(role -> !role.collects().contains(fields.get(field).id()));
    return storesNothing != null ? storesNothing : lacking(question.asker(), needing);
  }

  /** Whether the role lists the purpose and, where something is shared, may hand it over. */
  private boolean serves(Role role, Question question) {
    return role.purposes().contains(purposes.get(question.purpose()).id())
        && (question.act() != Act.SHARE
            || sharing.named(question).handedOverBy().contains(role.id()));
  }

  /** What the asker lacks to hold one of the roles; what can be mended is said first. */
  private static Reason lacking(Asker asker, List<Role> needing) {
    Set<Reason> lacking = new HashSet<>();
    for (Role role : needing) {
      if (asker.roles().contains(role.id())) {
        lacking.add(unmet(asker, role));
      }
    }
    if (lacking.contains(null)) {
      return null;
    }
    if (lacking.contains(Reason.NO_UNDERTAKING)) {
      return Reason.NO_UNDERTAKING;
    }
    return lacking.contains(Reason.SERVICES_ONLY) ? Reason.SERVICES_ONLY : Reason.NO_ROLE;
  }

  private static Reason unmet(Asker asker, Role role) {
    if (role.heldBy() == HeldBy.SERVICE && asker.kind() != Asker.Kind.SERVICE) {
      return Reason.SERVICES_ONLY;
    }
    boolean signed =
        role.undertaking().isEmpty() || asker.undertakings().contains(role.undertaking().get());
    return signed ? null : Reason.NO_UNDERTAKING;
  }

  // ----------------------------------------------------------------------------- 3. Standing

  Reason standing(Purpose purpose, ProductId product, SubjectState state) {
    boolean goesOn =
        purpose.nature() == Nature.LEGAL_CLAIMS
            || purpose.nature() == Nature.PROTECTION
            || purpose.nature() == Nature.RECORD_KEEPING
            || purpose.basis() == Basis.VITAL_INTEREST;
    if (state.status() == Status.ERASED) {
      return Reason.ERASED;
    }
    if (state.status() == Status.RESTRICTED && !goesOn) {
      return Reason.RESTRICTED;
    }
    if (state.status() == Status.DECEASED && purpose.nature() == Nature.PROMOTION) {
      return Reason.DECEASED;
    }
    return membership(purpose, product, state);
  }

  /** A closed or dormant account leaves what the law obliges to. */
  private Reason membership(Purpose purpose, ProductId product, SubjectState state) {
    if (purpose.basis() == Basis.LEGAL_OBLIGATION) {
      return null;
    }
    List<Membership> accounts = accounts(product, state);
    if (accounts.isEmpty()) {
      return Reason.NOT_A_MEMBER;
    }
    if (closing(accounts) != null) {
      return Reason.ACCOUNT_CLOSED;
    }
    boolean dormant =
        policy.dormancy().isPresent()
            && !state.now().isBefore(endOfDay(lastUse(product, state), policy.dormancy().get()));
    return dormant ? Reason.DORMANT : null;
  }

  /** The last day on which any of the accounts of the product was used, for `general` of all. */
  private static LocalDate lastUse(ProductId product, SubjectState state) {
    return state.memberships().stream()
        .filter(use -> use.product().equals(product) || product.value().equals("general"))
        .map(Membership::lastUsed)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  /** Midnight after the last day of a period that follows the day. */
  private static Instant endOfDay(LocalDate day, Period period) {
    return midnight(day.plus(period).plusDays(1));
  }

  /** Those of the product; whoever uses any product uses `general`. */
  private static List<Membership> accounts(ProductId product, SubjectState state) {
    List<Membership> accounts = new ArrayList<>(state.memberships());
    accounts.removeIf(account -> !account.product().equals(product));
    return accounts.isEmpty() && product.value().equals("general") ? state.memberships() : accounts;
  }

  /** When the last of the accounts was closed, or null while one is open or there is none. */
  private static Instant closing(List<Membership> accounts) {
    Instant last = null;
    for (Membership account : accounts) {
      if (account.closedAt() == null) {
        return null;
      }
      last = last == null || account.closedAt().isAfter(last) ? account.closedAt() : last;
    }
    return last;
  }

  // --------------------------------------------------------------------------- 4. Acceptance

  Reason acceptance(Purpose purpose, boolean accepted) {
    return accepted || neverWaitsForAcceptance(purpose) ? null : Reason.NOT_ACCEPTED;
  }

  static boolean neverWaitsForAcceptance(Purpose purpose) {
    return purpose.before().contains(Before.ACCEPTANCE) || waitsForNobody(purpose);
  }

  static boolean waitsForNobody(Purpose purpose) {
    return purpose.basis() == Basis.LEGAL_OBLIGATION || purpose.basis() == Basis.VITAL_INTEREST;
  }

  /** The first moment of the version, UTC. */
  Instant effective() {
    return effective;
  }

  /** When it binds those who have not accepted it. */
  Instant graceEnds() {
    return graceEnds;
  }

  private static Instant midnight(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  // ----------------------------------------------------------------------------- 5. Guardian

  Reason guardian(Purpose purpose, ProductId product, ChannelId channel, SubjectState state) {
    if (asksAGuardian(purpose) && state.age() == Age.ADULT) {
      return Reason.NO_GUARDIAN_NEEDED;
    }
    if (!waitsForGuardian(purpose, state)) {
      return null;
    }
    Word word = answers(purpose, product, channel, Coverage.ORDINARY, state).guardian();
    return word == Word.YES ? null : Reason.GUARDIAN_MISSING;
  }

  private boolean isChild(SubjectState state) {
    boolean unknownIsChild = policy.minors().unknownAge() == UnknownAge.MINOR;
    return state.age() == Age.MINOR
        || state.age() == Age.SENSITIVE_MINOR
        || (state.age() == Age.UNKNOWN && unknownIsChild);
  }

  private static boolean asksAGuardian(Purpose purpose) {
    return purpose.before().contains(Before.GUARDIAN_CONSENT);
  }

  private boolean waitsForGuardian(Purpose purpose, SubjectState state) {
    return isChild(state)
        && !asksAGuardian(purpose)
        && purpose.nature() != Nature.PROTECTION
        && !waitsForNobody(purpose);
  }

  // ------------------------------------------------------------------------------ 6. Purpose

  Reason purpose(Purpose purpose, ChannelId channel, String field) {
    if (!purpose.uses().contains(fields.get(field).id())) {
      return Reason.NOT_LISTED;
    }
    return opensOver(channel, field) ? null : Reason.OTHER_CHANNEL;
  }

  /** An address opens over the channels it is one for, everything else over all. */
  private boolean opensOver(ChannelId channel, String field) {
    Set<ChannelId> over = fields.get(field).type().channels();
    return channel == null || over.isEmpty() || over.contains(channel);
  }

  // ------------------------------------------------------------------------------ 7. Consent

  Reason consent(
      Question question, Purpose purpose, ChannelId channel, String field, SubjectState state) {
    ProductId product = new ProductId(question.product());
    if (purpose.control() != Control.NONE || waitsForGuardian(purpose, state)) {
      Word word = word(answers(purpose, product, channel, Coverage.ORDINARY, state), state);
      if (word == Word.NO) {
        return Reason.CONSENT_WITHDRAWN;
      }
      if (purpose.control() == Control.OPT_IN && word == Word.YES_ONCE) {
        return Reason.CONSENT_LAPSED;
      }
      if (purpose.control() == Control.OPT_IN && word == Word.NOTHING) {
        return Reason.CONSENT_MISSING;
      }
    }
    Reason exceptional =
        question.act() == Act.COLLECT ? null : exceptional(question, purpose, field);
    if (exceptional != null || !needsExplicitConsent(purpose, field, state)) {
      return exceptional;
    }
    return switch (word(answers(purpose, product, channel, Coverage.SENSITIVE, state), state)) {
      case YES -> null;
      case NO -> Reason.SENSITIVE_CONSENT_WITHDRAWN;
      case YES_ONCE, NOTHING -> Reason.SENSITIVE_CONSENT_MISSING;
    };
  }

  private PlainAnswers answers(
      Purpose purpose, ProductId product, ChannelId channel, Coverage about, SubjectState state) {
    return answers(purpose.id().value(), product, channel, about, state);
  }

  private PlainAnswers answers(
      String purpose, ProductId product, ChannelId channel, Coverage about, SubjectState state) {
    List<Choice> choices = new ArrayList<>();
    for (Choice choice : state.choices()) {
      if (choice.purpose().equals(purpose)) {
        choices.add(choice);
      }
    }
    return new PlainAnswers(choices, product, channel, about, counting.get(purpose));
  }

  private Word word(PlainAnswers answers, SubjectState state) {
    return isChild(state) ? answers.ofChild() : answers.ofAdult();
  }

  /** What the law or an emergency asks for in place of the person's word. */
  private static Reason exceptional(Question question, Purpose purpose, String field) {
    if (purpose.nature() == Nature.RECORD_KEEPING) {
      return Reason.ONLY_KEPT;
    }
    Question.ExceptionUse use = question.exception();
    if (purpose.exception().isPresent()) {
      boolean approved =
          use != null
              && use.approverKind() != Asker.Kind.SERVICE
              && !use.approver().equals(question.asker().id())
              && use.approverRoles().contains(purpose.exception().get().approver());
      if (!approved) {
        return Reason.EXCEPTION_WITHOUT_ORDER;
      }
    }
    if (purpose.breakGlass().isPresent()) {
      if (question.justification() == Question.Justification.NONE) {
        return Reason.EMERGENCY_UNJUSTIFIED;
      }
      if (question.asker().reviews() == Asker.Reviews.OVERDUE) {
        return Reason.REVIEW_OVERDUE;
      }
    }
    boolean namesFields =
        purpose.exception().isPresent() && purpose.exception().get().fieldsNamed();
    return namesFields && !use.fieldsNamed().contains(field) ? Reason.NOT_IN_ORDER : null;
  }

  /**
   * What is sensitive in itself waits unless the policy names a condition; what is sensitive by age
   * alone does not stop the law, a life, or the asking of a guardian.
   */
  private boolean needsExplicitConsent(Purpose purpose, String field, SubjectState state) {
    if (purpose.sensitiveCondition().isPresent()) {
      return false;
    }
    boolean byAge =
        state.age() == Age.SENSITIVE_MINOR || (state.age() == Age.UNKNOWN && isChild(state));
    return fields.get(field).sensitivity() == Sensitivity.SENSITIVE
        || (byAge && !asksAGuardian(purpose) && !waitsForNobody(purpose));
  }

  /** What the person deleted is stored again only when they supply it. */
  Reason suppressed(Question question, String field, SubjectState state) {
    boolean removed = state.suppressed().contains(fields.get(field).id());
    return removed && !question.source().equals("person") ? Reason.SUPPRESSED : null;
  }

  // ------------------------------------------------------------------------------ 8. Pooling

  Reason pooling(Question question, String field, ProductId collector, SubjectState state) {
    Purpose purpose = purposes.get(question.purpose());
    boolean crosses =
        categories.get(field).scope() == Scope.PRODUCT
            && !collector.value().equals(question.product());
    if (!crosses || purpose.nature() == Nature.SECURITY || waitsForNobody(purpose)) {
      return null;
    }
    boolean authorised =
        policy.pooling() == Pooling.WITH_AUTHORISATION
            && version.of(collector).letsGo(collector, state);
    return authorised ? null : Reason.NOT_POOLED;
  }

  private boolean letsGo(ProductId collector, SubjectState state) {
    PlainAnswers answers = answers("pooling", collector, null, Coverage.ORDINARY, state);
    return policy.pooling() == Pooling.WITH_AUTHORISATION && word(answers, state) == Word.YES;
  }

  // --------------------------------------------------------------------------- 9. Conditions

  Reason conditions(Question question, String field, Instant now) {
    for (Source party : policy.sources()) {
      if (!party.id().value().equals(question.source())) {
        continue;
      }
      boolean agreed =
          party.fields().contains(fields.get(field).id())
              && !now.isBefore(midnight(party.from()))
              && now.isBefore(midnight(party.until()));
      if (!agreed) {
        return Reason.NO_AGREEMENT;
      }
    }
    Set<String> required = new HashSet<>();
    categories.get(field).requires().forEach(condition -> required.add(condition.value()));
    return question.conditions().containsAll(required) ? null : Reason.CONDITION_MISSING;
  }

  /** What a recipient has to meet, and for some the person's yes beside rule 7. */
  private Reason shared(
      Question question, Purpose purpose, ChannelId channel, String field, SubjectState state) {
    Reason unmet = sharing.unmet(question, fields.get(field).id(), state.now());
    if (unmet != null || sharing.named(question).sharedBecause() != Sharing.Case.CONSENT) {
      return unmet;
    }
    ProductId product = new ProductId(question.product());
    PlainAnswers answers = answers(purpose, product, channel, Coverage.ORDINARY, state);
    return word(answers, state) == Word.YES ? null : Reason.SHARING_NOT_AGREED;
  }

  // -------------------------------------------------------------------------- 10. Retention

  Reason retention(String field, ProductId collector, Instant collectedAt, SubjectState state) {
    for (Retention retention : policy.retention()) {
      if (retention.of().contains(fields.get(field).id())) {
        Period keep = retention.keep();
        boolean over =
            switch (retention.from()) {
              case COLLECTION -> isOver(collectedAt, keep, state);
              case CLOSING -> isOver(closing(field, collector, state), keep, state);
              case LAST_USE ->
                  isOver(collectedAt, keep, state) && isUnused(field, collector, keep, state);
              case END_OF_PURPOSE ->
                  isOver(collectedAt, keep, state) && isPurposeless(field, collector, keep, state);
              case UNACCEPTED -> state.accepted().isEmpty() && isOver(collectedAt, keep, state);
            };
        if (over) {
          return Reason.EXPIRED;
        }
      }
    }
    return null;
  }

  private static boolean isOver(Instant start, Period keep, SubjectState state) {
    return start != null && !state.now().isBefore(end(start, keep));
  }

  /** Whether nothing that holds the value was used for so long. */
  private boolean isUnused(String field, ProductId collector, Period keep, SubjectState state) {
    LocalDate own = lastUse(collector, state);
    boolean isProducts = categories.get(field).scope() == Scope.PRODUCT && own != null;
    LocalDate last = isProducts ? own : lastUse(new ProductId("general"), state);
    return last == null || !state.now().isBefore(endOfDay(last, keep));
  }

  /** Whether each purpose that the field is stored for ended so long ago, for every account. */
  private boolean isPurposeless(
      String field, ProductId collector, Period keep, SubjectState state) {
    List<ProductId> products = new ArrayList<>();
    if (categories.get(field).scope() == Scope.PRODUCT) {
      products.add(collector);
    } else {
      products.addAll(policy.products());
      products.removeIf(product -> accounts(product, state).isEmpty());
    }
    for (ProductId product : products) {
      if (version.of(product).someGoesOn(product, field, keep, state)) {
        return false;
      }
    }
    return true;
  }

  private boolean someGoesOn(ProductId product, String field, Period keep, SubjectState state) {
    for (Purpose purpose : listing.get(field)) {
      boolean serves = isGroundToStore(purpose) && isOf(purpose, product);
      if (serves && goesOn(purpose, product, field, keep, state)) {
        return true;
      }
    }
    return false;
  }

  private boolean goesOn(
      Purpose purpose, ProductId product, String field, Period keep, SubjectState state) {
    if (purpose.basis() == Basis.LEGAL_OBLIGATION) {
      return true;
    }
    boolean isProducts = categories.get(field).scope() == Scope.PRODUCT;
    Instant closed =
        isProducts ? closing(field, product, state) : closing(accounts(product, state));
    if (isOver(closed, keep, state)) {
      return false;
    }
    List<ChannelId> channels = new ArrayList<>(purpose.channels());
    if (channels.isEmpty()) {
      channels.add(null);
    }
    channels.removeIf(channel -> !opensOver(channel, field));
    for (ChannelId channel : channels) {
      boolean over = false;
      if (purpose.control() != Control.NONE) {
        boolean asked = purpose.control() == Control.OPT_IN && closed == null;
        PlainAnswers answers = answers(purpose, product, channel, Coverage.ORDINARY, state);
        over = wordIsOver(answers, asked, keep, state);
      }
      if (needsExplicitConsent(purpose, field, state)) {
        PlainAnswers answers = answers(purpose, product, channel, Coverage.SENSITIVE, state);
        over |= wordIsOver(answers, closed == null, keep, state);
      }
      if (!over) {
        return true;
      }
    }
    return false;
  }

  /** Whether a refusal is so old, or where a yes is needed none was ever given. */
  private boolean wordIsOver(
      PlainAnswers answers, boolean takesAYes, Period keep, SubjectState state) {
    Word word = word(answers, state);
    boolean yes = isChild(state) ? answers.wasGrantedForChild() : answers.wasGrantedByAdult();
    if (takesAYes && (word == Word.NOTHING || (word == Word.NO && !yes))) {
      return true;
    }
    for (Choice refusal : isChild(state) ? answers.refusalsOfChild() : answers.refusalsOfAdult()) {
      if (isOver(refusal.at(), keep, state)) {
        return true;
      }
    }
    return false;
  }

  /** The closing of the account that holds the value, or of the last where it is all of theirs. */
  private Instant closing(String field, ProductId collector, SubjectState state) {
    List<Membership> own = accounts(collector, state);
    boolean isProducts = categories.get(field).scope() == Scope.PRODUCT && !own.isEmpty();
    return closing(isProducts ? own : state.memberships());
  }

  private static Instant end(Instant start, Period keep) {
    return start.atZone(ZoneOffset.UTC).plus(keep).toInstant();
  }

  // ------------------------------------------------------------------------------- 11. View

  /** The stricter of the purpose's view and the clearest eligible role's; null if it is neither. */
  View view(Question question, String field) {
    Purpose purpose = purposes.get(question.purpose());
    boolean justified = question.justification() == Question.Justification.GIVEN;
    View clearest = View.DE_IDENTIFIED;
    for (Role role : policy.roles()) {
      boolean eligible =
          question.asker().roles().contains(role.id())
              && serves(role, question)
              && unmet(question.asker(), role) == null;
      boolean reveals =
          justified
              && question.reveal().contains(field)
              && role.mayReveal().contains(fields.get(field).id());
      if (eligible) {
        clearest = clearer(clearest, reveals ? View.CLEAR : role.sees());
      }
    }
    View view = stricter(clearest, purpose.view());
    boolean human = question.asker().kind() != Asker.Kind.SERVICE;
    view = human && !justified ? stricter(view, View.MASKED) : view;
    boolean points = fields.get(field).type().identifiesDirectly();
    return view == View.DE_IDENTIFIED && points ? null : view;
  }

  static View stricter(View one, View other) {
    return one.ordinal() > other.ordinal() ? one : other;
  }

  private static View clearer(View one, View other) {
    return one.ordinal() < other.ordinal() ? one : other;
  }

  // ------------------------------------------------------------------------------- together

  /** Rules 3 to 7 for one purpose named in the question, and rule 9 where something is shared. */
  Reason use(Question question, String field, SubjectState state, boolean accepted) {
    Purpose purpose = purposes.get(question.purpose());
    ProductId product = new ProductId(question.product());
    ChannelId channel = channelNamed(purpose, question);
    Reason reason = standing(purpose, product, state);
    reason = reason != null ? reason : acceptance(purpose, accepted);
    reason = reason != null ? reason : guardian(purpose, product, channel, state);
    reason = reason != null ? reason : purpose(purpose, channel, field);
    reason = reason != null ? reason : consent(question, purpose, channel, field, state);
    return reason == null && question.act() == Act.SHARE
        ? shared(question, purpose, channel, field, state)
        : reason;
  }

  /**
   * Rules 3 to 7 for one purpose as the ground to store a field: over one of its channels at least
   * that the field opens over the value could be used. Of several refusals that of the rule that
   * comes last is told.
   */
  Reason ground(
      Question question, String purposeName, String field, SubjectState state, boolean accepted) {
    Purpose purpose = purposes.get(purposeName);
    ProductId product = new ProductId(question.product());
    if (purpose == null || !fields.containsKey(field) || !isProduct(question.product())) {
      return Reason.UNKNOWN_PURPOSE;
    }
    if (!isOf(purpose, product)) {
      return Reason.PURPOSE_NOT_IN_PRODUCT;
    }
    Reason reason = standing(purpose, product, state);
    reason = reason != null ? reason : acceptance(purpose, accepted);
    if (reason != null) {
      return reason;
    }
    List<ChannelId> channels = new ArrayList<>(new TreeSet<>(purpose.channels()));
    if (channels.isEmpty()) {
      channels.add(null);
    }
    channels.removeIf(channel -> !opensOver(channel, field));
    if (channels.isEmpty()) {
      return Reason.OTHER_CHANNEL;
    }
    List<Reason> refusals = new ArrayList<>();
    for (ChannelId channel : channels) {
      Reason refusal = guardian(purpose, product, channel, state);
      refusal = refusal != null ? refusal : consent(question, purpose, channel, field, state);
      refusals.add(refusal);
    }
    return refusals.contains(null) ? null : furthest(refusals);
  }

  /** Nothing is stored for exceptions and emergencies. */
  static boolean isGroundToStore(Purpose purpose) {
    return purpose.exception().isEmpty() && purpose.breakGlass().isEmpty();
  }

  /** The refusal of the rule that comes last; of one rule, the first. */
  static Reason furthest(List<Reason> refusals) {
    Reason furthest = refusals.getFirst();
    for (Reason refusal : refusals) {
      furthest = refusal.rule().ordinal() > furthest.rule().ordinal() ? refusal : furthest;
    }
    return furthest;
  }

  /** Whether this version, once in force, let go of the value, or has by now. */
  boolean letsGo(String field, ProductId collector, Instant collectedAt, SubjectState state) {
    return fields.containsKey(field)
        ? version.of(collector).retention(field, collector, collectedAt, state) != null
        : effective().isAfter(collectedAt);
  }

  /** Rules 3, 8 and 10 for one value that a use opened. */
  Reason value(
      Question question,
      String field,
      ProductId collector,
      Instant collectedAt,
      SubjectState state) {
    Purpose purpose = purposes.get(question.purpose());
    if (categories.get(field).scope() == Scope.PRODUCT) {
      Reason closed = version.of(collector).membership(purpose, collector, state);
      if (closed != null) {
        return closed;
      }
    }
    Reason notPooled = pooling(question, field, collector, state);
    return notPooled != null
        ? notPooled
        : version.of(collector).retention(field, collector, collectedAt, state);
  }
}
