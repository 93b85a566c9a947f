package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.LegalException;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.decision.Policy.Source;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.Question.ExceptionUse;
import dev.pledge.policy.decision.Question.Justification;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.View;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One policy version made ready to decide: names are dense indices, lists are bits. Immutable and
 * safe for all threads. What a question asks is first {@linkplain #resolve resolved}, which settles
 * everything that does not depend on the person, and then decided on the person's state.
 */
public final class CompiledPolicy {
  /** The reserved name of the authorisation to use one product's data for others (II.I.9). */
  public static final String POOLING = "pooling";

  /** The product that lies under all others (VIII.1). */
  public static final String GENERAL = "general";

  /** The source of values the person gave themselves (I.0). */
  public static final String PERSON = "person";

  /** The source of values that arise in the use of a product (I.0). */
  public static final String PRODUCT_USE = "product-use";

  private static final int UNDECLARED = -1;

  /** A purpose that lets a value be stored. */
  private static final byte GROUND = Verdict.of(View.CLEAR);

  /** What no purpose uses is not collected. */
  private static final ClauseId UNRELATED = new ClauseId("IV.4");

  private final Policy source;
  private final Instant effectiveAt;
  private final Instant graceEndsAt;
  private final Set<Rule> rules;

  private final Field[] fields;
  private final Category[] categoryOf;
  private final List<List<Retention>> retentionOf;
  private final Purpose[] purposes;
  private final BitSet[] uses;
  private final int[][] purposesUsing;

  /** Per purpose, the channels it may use; a single null where it does not tell them apart. */
  private final List<List<@Nullable ChannelId>> channels = new ArrayList<>();

  private final Role[] roles;
  private final BitSet[] collects;
  private final BitSet[] mayReveal;
  private final BitSet[] servedBy;
  private final Map<String, Integer> fieldIndex = new HashMap<>();
  private final Map<String, Integer> purposeIndex = new HashMap<>();
  private final Map<String, Integer> productIndex = new HashMap<>();
  private final Map<RoleId, Integer> roleIndex = new HashMap<>();
  private final Map<String, Agreement> sourceIndex = new HashMap<>();

  private final Set<String> knownChannels;
  private final Set<String> conditions;

  /** Per earlier version, the purposes for which its grants still count, and last the pooling. */
  private final Map<PolicyVersion, BitSet> sameMeaning = new HashMap<>();

  private CompiledPolicy(Policy source, List<CompiledPolicy> earlier, Set<Rule> rules) {
    this.source = source;
    this.effectiveAt = midnight(source.effective());
    this.graceEndsAt = effectiveAt.atZone(ZoneOffset.UTC).plus(source.grace()).toInstant();
    this.rules = rules;
    List<Field> allFields = new ArrayList<>();
    List<Category> categories = new ArrayList<>();
    for (Category category : source.categories()) {
      for (Field field : category.fields()) {
        fieldIndex.put(field.id().toString(), allFields.size());
        allFields.add(field);
        categories.add(category);
      }
    }
    this.fields = allFields.toArray(Field[]::new);
    this.categoryOf = categories.toArray(Category[]::new);
    this.retentionOf = retentionOf(source.retention());
    this.purposes = source.purposes().toArray(Purpose[]::new);
    for (int p = 0; p < purposes.length; p++) {
      purposeIndex.put(purposes[p].id().value(), p);
      List<@Nullable ChannelId> ways = new ArrayList<>(purposes[p].channels());
      channels.add(ways.isEmpty() ? Collections.singletonList(null) : ways);
    }
    for (ProductId product : source.products()) {
      productIndex.put(product.value(), productIndex.size());
    }
    for (Source party : source.sources()) {
      sourceIndex.put(
          party.id().value(),
          new Agreement(midnight(party.from()), midnight(party.until()), bits(party.fields())));
    }
    this.uses = new BitSet[purposes.length];
    Arrays.setAll(uses, p -> bits(purposes[p].uses()));
    this.purposesUsing = purposesUsing();
    this.roles = source.roles().toArray(Role[]::new);
    this.collects = new BitSet[roles.length];
    this.mayReveal = new BitSet[roles.length];
    this.servedBy = new BitSet[roles.length];
    for (int r = 0; r < roles.length; r++) {
      roleIndex.put(roles[r].id(), r);
      collects[r] = bits(roles[r].collects());
      mayReveal[r] = bits(roles[r].mayReveal());
      servedBy[r] = new BitSet(purposes.length);
      for (PurposeId purpose : roles[r].purposes()) {
        servedBy[r].set(purposeIndex.getOrDefault(purpose.value(), purposes.length));
      }
    }
    this.knownChannels =
        source.purposes().stream()
            .flatMap(purpose -> purpose.channels().stream())
            .map(ChannelId::value)
            .collect(Collectors.toUnmodifiableSet());
    this.conditions =
        source.categories().stream()
            .flatMap(category -> category.requires().stream())
            .map(ConditionId::value)
            .collect(Collectors.toUnmodifiableSet());
    for (CompiledPolicy other : earlier) {
      sameMeaning.put(other.version(), sameMeaning(other));
    }
  }

  /** What a third party may supply, from its first moment to the first after it. */
  private record Agreement(Instant from, Instant until, BitSet fields) {
    boolean covers(int field, Instant now) {
      return fields.get(field) && !now.isBefore(from) && now.isBefore(until);
    }
  }

  private static Instant midnight(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** Compiles a checked policy; {@code earlier} are the versions whose consents may still count. */
  public static CompiledPolicy of(Policy policy, List<CompiledPolicy> earlier) {
    return new CompiledPolicy(policy, earlier, EnumSet.allOf(Rule.class));
  }

  /** The same policy deciding without one rule: what a clause's test must notice. */
  static CompiledPolicy without(Rule rule, Policy policy, List<CompiledPolicy> earlier) {
    return new CompiledPolicy(policy, earlier, EnumSet.complementOf(EnumSet.of(rule)));
  }

  private List<List<Retention>> retentionOf(List<Retention> retention) {
    List<List<Retention>> result = new ArrayList<>();
    for (Field field : fields) {
      result.add(retention.stream().filter(kept -> kept.of().contains(field.id())).toList());
    }
    return result;
  }

  private BitSet bits(Set<FieldId> ids) {
    BitSet bits = new BitSet(fields.length);
    for (FieldId id : ids) {
      Integer index = fieldIndex.get(id.toString());
      if (index != null) {
        bits.set(index);
      }
    }
    return bits;
  }

  private int[][] purposesUsing() {
    int[][] result = new int[fields.length][];
    for (int f = 0; f < fields.length; f++) {
      int field = f;
      result[f] = IntStream.range(0, purposes.length).filter(p -> uses[p].get(field)).toArray();
    }
    return result;
  }

  /** The purposes for which a grant under the other version still means what it said. */
  private BitSet sameMeaning(CompiledPolicy other) {
    Meaning meaning = new Meaning(other.source, source);
    BitSet same = new BitSet(purposes.length + 1);
    for (int p = 0; p < purposes.length; p++) {
      same.set(p, meaning.keeps(purposes[p]));
    }
    same.set(purposes.length, meaning.keepsPooling());
    return same;
  }

  /** What was compiled. */
  public Policy source() {
    return source;
  }

  /** The version. */
  public PolicyVersion version() {
    return source.version();
  }

  /** Midnight UTC of the effective date; the version decides nothing before (IX.2). */
  public Instant effectiveAt() {
    return effectiveAt;
  }

  /** From when on the version binds only those who accepted it (0.1). */
  Instant graceEndsAt() {
    return graceEndsAt;
  }

  /** The declaration of the field so named, or null. */
  public @Nullable Field declared(String field) {
    Integer index = fieldIndex.get(field);
    return index == null ? null : fields[index];
  }

  /** The category of the field so named, or null. */
  public @Nullable Category categoryOf(String field) {
    Integer index = fieldIndex.get(field);
    return index == null ? null : categoryOf[index];
  }

  /** The declaration of the purpose so named, or null. */
  public @Nullable Purpose declaredPurpose(String purpose) {
    Integer index = purposeIndex.get(purpose);
    return index == null ? null : purposes[index];
  }

  /** Whether the policy covers the product so named. */
  public boolean covers(String product) {
    return productIndex.containsKey(product);
  }

  /** Whether some purpose uses the channel so named. */
  public boolean knowsChannel(String channel) {
    return knownChannels.contains(channel);
  }

  /** Whether some category asks for the condition so named. */
  public boolean knowsCondition(String condition) {
    return conditions.contains(condition);
  }

  /** Whether data may come from the source so named (I.0). */
  public boolean knowsSource(String source) {
    return source.equals(PERSON) || source.equals(PRODUCT_USE) || sourceIndex.containsKey(source);
  }

  /** Whether the policy treats the person as a child at {@code state.now()} (VI.1). */
  public boolean isChild(SubjectState state) {
    return switch (state.age()) {
      case MINOR, SENSITIVE_MINOR -> true;
      case ADULT -> false;
      case UNKNOWN -> source.minors().unknownAge() == UnknownAge.MINOR;
    };
  }

  /** Why the question is refused whatever the person and the fields, or null. */
  public @Nullable Reason refusesWhole(Question question) {
    return resolve(question).refused();
  }

  /** Whether a grant under {@code version} for the purpose still means what it said. */
  boolean stillMeans(PolicyVersion version, int purpose) {
    if (version.equals(version())) {
      return true;
    }
    BitSet same = sameMeaning.get(version);
    return same != null && same.get(purpose == UNDECLARED ? purposes.length : purpose);
  }

  @Nullable FieldId field(int index) {
    return index == UNDECLARED ? null : fields[index].id();
  }

  @Nullable PurposeId purpose(int index) {
    return index == UNDECLARED ? null : purposes[index].id();
  }

  private boolean keeps(Rule rule) {
    return rules.contains(rule);
  }

  // ---------------------------------------------------------------- what does not need the person

  /** Resolves the names of a question and settles the rules that do not need the person. */
  Resolved resolve(Question question) {
    int[] asked = new int[question.fields().size()];
    for (int i = 0; i < asked.length; i++) {
      asked[i] = index(fieldIndex, question.fields().get(i));
    }
    int purpose = question.purpose() == null ? UNDECLARED : index(purposeIndex, question.purpose());
    int product = index(productIndex, question.product());
    boolean right = exercisesRight(question);
    Reason refused =
        right
            ? undeclaredRight(question, purpose, product)
            : refusedWhole(question, purpose, product);
    byte[] first = new byte[asked.length];
    byte[] listed = new byte[asked.length];
    byte[] last = new byte[asked.length];
    byte[] lastSensitive = new byte[asked.length];
    if (refused == null) {
      for (int i = 0; i < asked.length; i++) {
        int field = asked[i];
        first[i] =
            field == UNDECLARED ? Verdict.of(Reason.UNKNOWN_FIELD) : firstOf(question, field);
        if (first[i] != Verdict.NONE) {
          continue;
        }
        if (right) {
          View view =
              question.asker().assurance() == Asker.Assurance.STEPPED_UP ? View.CLEAR : View.MASKED;
          last[i] = Verdict.of(view);
          lastSensitive[i] = last[i];
        } else if (question.act() == Act.COLLECT) {
          last[i] = conditionsOf(question, field);
          lastSensitive[i] = last[i];
        } else {
          boolean lists = uses[purpose].get(field) || !keeps(Rule.PURPOSE);
          listed[i] = lists ? Verdict.NONE : Verdict.of(Reason.NOT_LISTED);
          last[i] = viewOf(question, purpose, field, sensitive(field));
          lastSensitive[i] = viewOf(question, purpose, field, true);
        }
      }
    }
    return new Resolved(
        question, purpose, product, refused, asked, first, listed, last, lastSensitive);
  }

  /** Without rule DECLARED any name would pass for the first one declared. */
  private int index(Map<String, Integer> names, String name) {
    return names.getOrDefault(name, keeps(Rule.DECLARED) ? UNDECLARED : 0);
  }

  private boolean exercisesRight(Question question) {
    return keeps(Rule.SELF)
        && question.act() == Act.READ
        && question.asker().capacity() != Asker.Capacity.ROLE;
  }

  /** A right needs no purpose, but one that is named has to exist. */
  private static @Nullable Reason undeclaredRight(Question question, int purpose, int product) {
    if (product == UNDECLARED) {
      return Reason.UNKNOWN_PRODUCT;
    }
    return question.purpose() != null && purpose == UNDECLARED ? Reason.UNKNOWN_PURPOSE : null;
  }

  private @Nullable Reason refusedWhole(Question question, int purpose, int product) {
    if (product == UNDECLARED) {
      return Reason.UNKNOWN_PRODUCT;
    }
    if (question.act() == Act.COLLECT) {
      Reason source = unknownSource(question);
      if (source != null) {
        return source;
      }
    } else {
      if (purpose == UNDECLARED) {
        return Reason.UNKNOWN_PURPOSE;
      }
      if (question.act() == Act.SHARE) {
        return Reason.UNKNOWN_RECIPIENT; // the language declares no recipients yet
      }
      Reason undeclared = undeclaredUse(question, purposes[purpose], product);
      if (undeclared != null) {
        return undeclared;
      }
    }
    return keeps(Rule.NEED_TO_KNOW) ? notNeeded(question, purpose, product) : null;
  }

  private @Nullable Reason unknownSource(Question question) {
    String name = question.source();
    return (name != null && knowsSource(name)) || !keeps(Rule.DECLARED)
        ? null
        : Reason.UNKNOWN_SOURCE;
  }

  private @Nullable Reason undeclaredUse(Question question, Purpose purpose, int product) {
    if (!keeps(Rule.DECLARED)) {
      return null;
    }
    if (!purpose.products().isEmpty()
        && !purpose.products().contains(source.products().get(product))) {
      return Reason.PURPOSE_NOT_IN_PRODUCT;
    }
    boolean named = question.channel() != null;
    return named == purpose.channels().isEmpty() || (named && channelOf(question, purpose) == null)
        ? Reason.UNKNOWN_CHANNEL
        : null;
  }

  private @Nullable Reason notNeeded(Question question, int purpose, int product) {
    Asker asker = question.asker();
    if (!asker.products().contains(source.products().get(product))) {
      return Reason.OTHER_PRODUCT;
    }
    Reason reason = Reason.NO_ROLE;
    for (RoleId id : asker.roles()) {
      Integer role = roleIndex.get(id);
      if (role == null) {
        continue;
      }
      boolean serves =
          question.act() == Act.COLLECT ? !collects[role].isEmpty() : servedBy[role].get(purpose);
      if (!serves) {
        continue;
      }
      if (undertakingMet(asker, role)) {
        return null;
      }
      reason = Reason.NO_UNDERTAKING;
    }
    return reason;
  }

  /**
   * The roles of the asker that count for the question: they need it and their undertaking is met.
   */
  public Set<RoleId> counted(Question question) {
    int purpose = question.purpose() == null ? UNDECLARED : index(purposeIndex, question.purpose());
    return question.asker().roles().stream()
        .filter(id -> counts(question, purpose, roleIndex.get(id)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean counts(Question question, int purpose, @Nullable Integer role) {
    if (role == null || !undertakingMet(question.asker(), role)) {
      return false;
    }
    return question.act() == Act.COLLECT
        ? !collects[role].isEmpty()
        : purpose != UNDECLARED && servedBy[role].get(purpose);
  }

  private boolean undertakingMet(Asker asker, int role) {
    return roles[role].undertaking().map(asker.undertakings()::contains).orElse(true);
  }

  private byte firstOf(Question question, int field) {
    if (question.act() != Act.COLLECT || !keeps(Rule.NEED_TO_KNOW)) {
      return Verdict.NONE;
    }
    Reason reason = Reason.NO_ROLE;
    for (RoleId id : question.asker().roles()) {
      Integer role = roleIndex.get(id);
      if (role == null || !collects[role].get(field)) {
        continue;
      }
      if (undertakingMet(question.asker(), role)) {
        return Verdict.NONE;
      }
      reason = Reason.NO_UNDERTAKING;
    }
    return Verdict.of(reason);
  }

  /** Rule CONDITIONS at collection; the agreement's dates need the clock and are asked later. */
  private byte conditionsOf(Question question, int field) {
    if (keeps(Rule.CONDITIONS)) {
      for (ConditionId condition : categoryOf[field].requires()) {
        if (!question.conditions().contains(condition.value())) {
          return Verdict.of(Reason.CONDITION_MISSING);
        }
      }
    }
    return Verdict.of(View.CLEAR);
  }

  private boolean sensitive(int field) {
    return fields[field].sensitivity() == Sensitivity.SENSITIVE;
  }

  /** Rule VIEW: the most generous eligible role, then the stricter of purpose and sensitivity. */
  private byte viewOf(Question question, int purpose, int field, boolean sensitive) {
    if (!keeps(Rule.VIEW)) {
      return Verdict.of(View.CLEAR);
    }
    boolean justified = question.justification() == Justification.GIVEN;
    boolean reveals = justified && question.reveal().contains(fields[field].id().toString());
    View sees = View.DE_IDENTIFIED;
    for (RoleId id : question.asker().roles()) {
      Integer role = roleIndex.get(id);
      if (role == null || !servedBy[role].get(purpose) || !undertakingMet(question.asker(), role)) {
        continue;
      }
      View byRole = reveals && mayReveal[role].get(field) ? View.CLEAR : roles[role].sees();
      sees = byRole.compareTo(sees) < 0 ? byRole : sees;
    }
    View view = sees.or(purposes[purpose].view());
    if (sensitive && !justified && question.asker().kind() != Asker.Kind.SERVICE) {
      view = view.or(View.MASKED);
    }
    if (view == View.DE_IDENTIFIED && fields[field].type().identifiesDirectly()) {
      return Verdict.of(Reason.DIRECT_IDENTIFIER);
    }
    return Verdict.of(view);
  }

  // ---------------------------------------------------------------------------- the person's part

  /**
   * Decides a resolved question.
   *
   * @param accepted whether this version, or during grace one of {@code older}, was accepted
   * @param older the versions that bind beside this one during grace, from the one the person
   *     accepted to the last before this
   */
  Decision decide(
      Resolved resolved, SubjectState state, boolean accepted, List<CompiledPolicy> older) {
    Question question = resolved.question();
    int n = resolved.fields().length;
    byte[] verdicts = new byte[n];
    int[] forPurpose = question.act() == Act.COLLECT ? new int[n] : new int[0];
    List<CompiledPolicy> binding = older.isEmpty() || !olderBind(resolved) ? List.of() : older;
    Reason refused = resolved.refused();
    if (refused != null) {
      refuse(refused, resolved.fields(), verdicts);
    } else if (exercisesRight(question)) {
      decideRight(resolved, state, verdicts);
    } else if (question.act() == Act.COLLECT) {
      Arrays.fill(forPurpose, UNDECLARED);
      decideCollection(resolved, state, accepted, binding, verdicts, forPurpose);
    } else {
      decideUse(resolved, state, accepted, verdicts);
    }
    Decision before = binding.isEmpty() ? null : decideBefore(question, state, binding);
    boolean opens = false;
    for (int i = 0; i < n; i++) {
      if (before != null && !(forPurpose.length > 0 && neverWaits(forPurpose[i]))) {
        verdicts[i] = lessWhatIsNew(verdicts[i], before.view(i));
      }
      opens |= !Verdict.refuses(verdicts[i]);
    }
    Answered answered = new Answered(this, resolved, state, verdicts, forPurpose);
    return opens
        ? new Permit(answered, before instanceof Permit permit ? permit : null)
        : new Refusal(answered);
  }

  /** Whether acceptance matters to the question: not to rights, nor to what never waits for it. */
  private boolean olderBind(Resolved resolved) {
    return keeps(Rule.ACCEPTANCE)
        && !exercisesRight(resolved.question())
        && (resolved.question().act() == Act.COLLECT || !neverWaits(resolved.purpose()));
  }

  private static Decision decideBefore(
      Question question, SubjectState state, List<CompiledPolicy> binding) {
    CompiledPolicy last = binding.getLast();
    return last.decide(last.resolve(question), state, true, binding.subList(0, binding.size() - 1));
  }

  /** What this version opens and the accepted one does not has not been accepted yet. */
  private static byte lessWhatIsNew(byte verdict, @Nullable View before) {
    if (Verdict.refuses(verdict)) {
      return verdict;
    }
    return before == null
        ? Verdict.of(Reason.NOT_ACCEPTED)
        : Verdict.stricter(verdict, Verdict.of(before));
  }

  /** Refuses everything: no version is enforced before its date (IX.2). */
  Decision decideBeforeEffect(Question question, SubjectState state) {
    if (!keeps(Rule.DECLARED)) {
      return decide(resolve(question), state, true, List.of());
    }
    int n = question.fields().size();
    int[] asked = new int[n];
    Arrays.fill(asked, UNDECLARED);
    byte[] verdicts = new byte[n];
    Arrays.fill(verdicts, Verdict.of(Reason.NOT_IN_FORCE));
    Resolved resolved =
        new Resolved(
            question,
            UNDECLARED,
            UNDECLARED,
            Reason.NOT_IN_FORCE,
            asked,
            verdicts,
            verdicts,
            verdicts,
            verdicts);
    return new Refusal(new Answered(this, resolved, state, verdicts, new int[0]));
  }

  /**
   * An undeclared field does not exist, whoever asks; that is said before who asks is looked at.
   */
  private static void refuse(Reason reason, int[] asked, byte[] verdicts) {
    byte refused = Verdict.of(reason);
    byte unknown = Verdict.of(Reason.UNKNOWN_FIELD);
    for (int i = 0; i < asked.length; i++) {
      verdicts[i] = asked[i] == UNDECLARED ? Verdict.stricter(refused, unknown) : refused;
    }
  }

  private void decideRight(Resolved resolved, SubjectState state, byte[] verdicts) {
    boolean erased = state.status() == SubjectState.Status.ERASED && keeps(Rule.STANDING);
    Reason refused =
        erased
            ? Reason.ERASED
            : mandated(resolved.question().asker().capacity(), state) ? null : Reason.NO_MANDATE;
    for (int i = 0; i < verdicts.length; i++) {
      byte first = resolved.first()[i];
      verdicts[i] =
          refused != null
              ? Verdict.of(refused)
              : first != Verdict.NONE ? first : resolved.last()[i];
    }
  }

  /** Whether the person's age and standing leave room for someone acting for them (VI.2, VI.4). */
  private boolean mandated(Asker.Capacity capacity, SubjectState state) {
    return switch (capacity) {
      case ROLE, SUBJECT, AGENT -> true;
      case GUARDIAN -> isChild(state);
      case HEIR -> state.status() == SubjectState.Status.DECEASED;
    };
  }

  private void decideUse(Resolved resolved, SubjectState state, boolean accepted, byte[] verdicts) {
    Question question = resolved.question();
    int purpose = resolved.purpose();
    ProductId product = source.products().get(resolved.product());
    ChannelId channel = channelOf(question, purposes[purpose]);
    Reason early = standing(purpose, product, state);
    early = early != null ? early : acceptance(purpose, accepted);
    early = early != null ? early : guardian(purpose, product, channel, state);
    Reason late = early != null ? null : consent(purpose, product, channel, question, state);
    boolean allSensitive = everythingSensitive(state);
    Reason explicit = null;
    boolean explicitKnown = false;
    for (int i = 0; i < verdicts.length; i++) {
      byte verdict = resolved.first()[i];
      if (verdict == Verdict.NONE && early != null) {
        verdict = Verdict.of(early);
      }
      if (verdict == Verdict.NONE) {
        verdict = resolved.listed()[i];
      }
      if (verdict == Verdict.NONE && late != null) {
        verdict = Verdict.of(late);
      }
      int field = resolved.fields()[i];
      if (verdict == Verdict.NONE && outsideOrder(purpose, question, field)) {
        verdict = Verdict.of(Reason.NOT_IN_ORDER);
      }
      if (verdict == Verdict.NONE && needsExplicit(purposes[purpose], field, state)) {
        if (!explicitKnown) {
          explicit = explicitConsent(purpose, product, channel, state);
          explicitKnown = true;
        }
        verdict = explicit == null ? Verdict.NONE : Verdict.of(explicit);
      }
      if (verdict == Verdict.NONE) {
        verdict = (allSensitive ? resolved.lastSensitive() : resolved.last())[i];
      }
      verdicts[i] = verdict;
    }
  }

  private void decideCollection(
      Resolved resolved,
      SubjectState state,
      boolean accepted,
      List<CompiledPolicy> binding,
      byte[] verdicts,
      int[] forPurpose) {
    Grounds grounds = new Grounds(resolved, state, accepted);
    List<Grounds> before = new ArrayList<>(binding.size());
    for (CompiledPolicy policy : binding) {
      before.add(policy.new Grounds(policy.resolve(resolved.question()), state, true));
    }
    for (int i = 0; i < verdicts.length; i++) {
      byte verdict = resolved.first()[i];
      int field = resolved.fields()[i];
      if (verdict == Verdict.NONE) {
        verdict = storable(i, field, grounds, before, forPurpose);
      }
      if (verdict == Verdict.NONE) {
        verdict = fromSource(resolved.question(), field, state);
      }
      if (verdict == Verdict.NONE) {
        verdict = resolved.last()[i];
      }
      verdicts[i] = verdict;
    }
  }

  /**
   * Rules STANDING to CONSENT at collection: at least one purpose listing the field is permitted
   * now, and during grace by every version that binds; the reason told is that of the purpose that
   * came furthest.
   */
  private byte storable(
      int asked, int field, Grounds grounds, List<Grounds> before, int[] forPurpose) {
    byte furthest = Verdict.of(Reason.NOT_LISTED);
    boolean found = false;
    for (int purpose : purposesUsing[field]) {
      if (onlyOpensWhatIsStored(purposes[purpose])) {
        continue;
      }
      byte ground = grounds.of(purpose, field);
      if (!Verdict.refuses(ground) && !neverWaits(purpose) && isNew(purpose, field, before)) {
        ground = Verdict.of(Reason.NOT_ACCEPTED);
      }
      if (!Verdict.refuses(ground)) {
        if (before.isEmpty() || neverWaits(purpose)) {
          forPurpose[asked] = purpose;
          return Verdict.NONE;
        }
        // during grace a ground that does not wait for acceptance is the better one
        forPurpose[asked] = forPurpose[asked] == UNDECLARED ? purpose : forPurpose[asked];
        continue;
      }
      furthest = found ? Verdict.later(furthest, ground) : ground;
      found = true;
    }
    boolean grounded = forPurpose[asked] != UNDECLARED;
    return grounded || !(found || keeps(Rule.PURPOSE)) ? Verdict.NONE : furthest;
  }

  /** Whether a version that binds during grace would not store the field on the same ground. */
  private boolean isNew(int purpose, int field, List<Grounds> before) {
    for (Grounds grounds : before) {
      if (!grounds.allow(purposes[purpose].id(), fields[field].id())) {
        return true;
      }
    }
    return false;
  }

  /** Exceptions and emergencies open what is stored; they are no ground to store more. */
  private static boolean onlyOpensWhatIsStored(Purpose purpose) {
    return purpose.exception().isPresent() || purpose.breakGlass().isPresent();
  }

  /** What the purposes allow to be stored now, each looked at once however many fields it lists. */
  private final class Grounds {
    private final Resolved resolved;
    private final SubjectState state;
    private final boolean accepted;
    private final byte[] ordinary = new byte[purposes.length];
    private final byte[] explicit = new byte[purposes.length];

    Grounds(Resolved resolved, SubjectState state, boolean accepted) {
      this.resolved = resolved;
      this.state = state;
      this.accepted = accepted;
    }

    boolean allow(PurposeId purpose, FieldId field) {
      Integer p = purposeIndex.get(purpose.value());
      Integer f = fieldIndex.get(field.toString());
      return p != null
          && f != null
          && uses[p].get(f)
          && !onlyOpensWhatIsStored(purposes[p])
          && !Verdict.refuses(of(p, f));
    }

    byte of(int purpose, int field) {
      boolean sensitive = needsExplicit(purposes[purpose], field, state);
      byte[] known = sensitive ? explicit : ordinary;
      if (known[purpose] == Verdict.NONE) {
        Reason reason = notStorableFor(purpose, sensitive, resolved, state, accepted);
        known[purpose] = reason == null ? GROUND : Verdict.of(reason);
      }
      return known[purpose];
    }
  }

  private @Nullable Reason notStorableFor(
      int index, boolean sensitive, Resolved resolved, SubjectState state, boolean accepted) {
    if (resolved.product() == UNDECLARED) {
      return Reason.UNKNOWN_PRODUCT;
    }
    Question question = resolved.question();
    ProductId product = source.products().get(resolved.product());
    Purpose purpose = purposes[index];
    if (!purpose.products().isEmpty() && !purpose.products().contains(product)) {
      return Reason.PURPOSE_NOT_IN_PRODUCT;
    }
    Reason reason = standing(index, product, state);
    reason = reason != null ? reason : acceptance(index, accepted);
    if (reason != null) {
      return reason;
    }
    for (ChannelId channel : channelsOf(question, index)) {
      reason = guardian(index, product, channel, state);
      reason = reason != null ? reason : consent(index, product, channel, question, state);
      reason =
          reason != null || !sensitive ? reason : explicitConsent(index, product, channel, state);
      if (reason == null) {
        return null;
      }
    }
    return reason;
  }

  private byte fromSource(Question question, int field, SubjectState state) {
    String name = question.source();
    if (keeps(Rule.CONSENT)
        && !PERSON.equals(name)
        && state.suppressed().contains(fields[field].id())) {
      return Verdict.of(Reason.SUPPRESSED);
    }
    Agreement agreement = name == null ? null : sourceIndex.get(name);
    return agreement == null || agreement.covers(field, state.now()) || !keeps(Rule.CONDITIONS)
        ? Verdict.NONE
        : Verdict.of(Reason.NO_AGREEMENT);
  }

  /** The channel asked for, or null if the purpose does not have it. */
  private static @Nullable ChannelId channelOf(Question question, Purpose purpose) {
    for (ChannelId channel : purpose.channels()) {
      if (channel.value().equals(question.channel())) {
        return channel;
      }
    }
    return null;
  }

  /** Rule STANDING. */
  private @Nullable Reason standing(int index, ProductId product, SubjectState state) {
    if (!keeps(Rule.STANDING)) {
      return null;
    }
    Purpose purpose = purposes[index];
    Reason status = status(purpose, state);
    return status == null ? membership(purpose, product, state) : status;
  }

  private static @Nullable Reason status(Purpose purpose, SubjectState state) {
    switch (state.status()) {
      case ERASED -> {
        return Reason.ERASED;
      }
      case RESTRICTED -> {
        if (!goesOnWhileRestricted(purpose)) {
          return Reason.RESTRICTED;
        }
      }
      case DORMANT -> {
        if (purpose.basis() != Basis.LEGAL_OBLIGATION) {
          return Reason.DORMANT;
        }
      }
      case DECEASED -> {
        if (purpose.nature() == Nature.PROMOTION) {
          return Reason.DECEASED;
        }
      }
      case ACTIVE -> {}
    }
    return null;
  }

  /** A closed account, like one never opened, leaves what the law obliges to. */
  private static @Nullable Reason membership(
      Purpose purpose, ProductId product, SubjectState state) {
    if (purpose.basis() == Basis.LEGAL_OBLIGATION) {
      return null;
    }
    Membership membership = state.membership(product);
    if (membership == null) {
      return Reason.NOT_A_MEMBER;
    }
    return membership.closedAt() == null ? null : Reason.ACCOUNT_CLOSED;
  }

  private static boolean goesOnWhileRestricted(Purpose purpose) {
    return purpose.nature() == Nature.LEGAL_CLAIMS
        || purpose.nature() == Nature.PROTECTION
        || purpose.basis() == Basis.VITAL_INTEREST
        || purpose.control() == Control.OPT_IN; // rule CONSENT then asks for the specific consent
  }

  /** Rule ACCEPTANCE. */
  private @Nullable Reason acceptance(int index, boolean accepted) {
    return accepted || neverWaits(index) || !keeps(Rule.ACCEPTANCE) ? null : Reason.NOT_ACCEPTED;
  }

  private boolean neverWaits(int purpose) {
    return purpose != UNDECLARED
        && (purposes[purpose].before().contains(Before.ACCEPTANCE)
            || purposes[purpose].basis() == Basis.LEGAL_OBLIGATION
            || purposes[purpose].basis() == Basis.VITAL_INTEREST);
  }

  /** A child whose age nobody knows may be below the sensitive age too (VI.4). */
  private boolean everythingSensitive(SubjectState state) {
    return state.age() == Age.SENSITIVE_MINOR || (state.age() == Age.UNKNOWN && isChild(state));
  }

  /** Rule GUARDIAN. */
  private @Nullable Reason guardian(
      int index, ProductId product, @Nullable ChannelId channel, SubjectState state) {
    if (!keeps(Rule.GUARDIAN) || !waitsForGuardian(purposes[index], state)) {
      return null;
    }
    Choices choices = new Choices(this, state, true);
    return choices.standing(index, product, channel, Coverage.ORDINARY) == Choices.Standing.GRANTED
        ? null
        : Reason.GUARDIAN_MISSING;
  }

  private boolean waitsForGuardian(Purpose purpose, SubjectState state) {
    return isChild(state)
        && !purpose.before().contains(Before.GUARDIAN_CONSENT)
        && purpose.nature() != Nature.PROTECTION
        && purpose.basis() != Basis.LEGAL_OBLIGATION
        && purpose.basis() != Basis.VITAL_INTEREST;
  }

  /** Rule CONSENT for a purpose as a whole. */
  private @Nullable Reason consent(
      int index,
      ProductId product,
      @Nullable ChannelId channel,
      Question question,
      SubjectState state) {
    if (!keeps(Rule.CONSENT)) {
      return null;
    }
    Purpose purpose = purposes[index];
    Reason choice =
        switch (purpose.control()) {
          case NONE -> null;
          case OPT_IN -> optIn(index, product, channel, state);
          case OPT_OUT -> optOut(index, product, channel, state);
        };
    if (choice != null) {
      return choice;
    }
    LegalException exception = purpose.exception().orElse(null);
    if (exception != null) {
      ExceptionUse use = question.exception();
      if (use == null
          || use.approver().equals(question.asker().id())
          || !use.approverRoles().contains(exception.approver())) {
        return Reason.EXCEPTION_WITHOUT_ORDER;
      }
    }
    if (purpose.breakGlass().isPresent()) {
      if (question.justification() == Justification.NONE) {
        return Reason.EMERGENCY_UNJUSTIFIED;
      }
      if (question.asker().reviews() == Asker.Reviews.OVERDUE) {
        return Reason.REVIEW_OVERDUE;
      }
    }
    return null;
  }

  private @Nullable Reason optIn(
      int index, ProductId product, @Nullable ChannelId channel, SubjectState state) {
    Choices choices = new Choices(this, state, isChild(state));
    return switch (choices.standing(index, product, channel, Coverage.ORDINARY)) {
      case GRANTED -> null;
      case NONE -> Reason.CONSENT_MISSING;
      case LAPSED -> Reason.CONSENT_LAPSED;
      case WITHDRAWN -> Reason.CONSENT_WITHDRAWN;
    };
  }

  private @Nullable Reason optOut(
      int index, ProductId product, @Nullable ChannelId channel, SubjectState state) {
    Choices choices = new Choices(this, state, isChild(state));
    return choices.standing(index, product, channel, Coverage.ORDINARY)
            == Choices.Standing.WITHDRAWN
        ? Reason.CONSENT_WITHDRAWN
        : null;
  }

  private boolean outsideOrder(int index, Question question, int field) {
    LegalException exception = purposes[index].exception().orElse(null);
    if (exception == null || !exception.fieldsNamed() || !keeps(Rule.CONSENT)) {
      return false;
    }
    ExceptionUse use = question.exception();
    return use == null || !use.fieldsNamed().contains(fields[field].id().toString());
  }

  /**
   * Rule CONSENT for sensitive fields: a separate explicit consent, or the condition the policy
   * names.
   */
  private @Nullable Reason explicitConsent(
      int index, ProductId product, @Nullable ChannelId channel, SubjectState state) {
    if (!keeps(Rule.CONSENT) || !waitsForExplicitConsent(purposes[index])) {
      return null;
    }
    Choices choices = new Choices(this, state, isChild(state));
    return switch (choices.standing(index, product, channel, Coverage.SENSITIVE)) {
      case GRANTED -> null;
      case NONE, LAPSED -> Reason.SENSITIVE_CONSENT_MISSING;
      case WITHDRAWN -> Reason.SENSITIVE_CONSENT_WITHDRAWN;
    };
  }

  private static boolean waitsForExplicitConsent(Purpose purpose) {
    return purpose.basis() != Basis.LEGAL_OBLIGATION
        && purpose.basis() != Basis.VITAL_INTEREST
        && purpose.sensitiveCondition().isEmpty();
  }

  /**
   * Asking a guardian cannot wait for the guardian's explicit consent to what is sensitive by age
   * alone; what is sensitive in itself it does not need.
   */
  private boolean needsExplicit(Purpose purpose, int field, SubjectState state) {
    return sensitive(field)
        || (everythingSensitive(state) && !purpose.before().contains(Before.GUARDIAN_CONSENT));
  }

  // ------------------------------------------------------------------------------- about one datum

  /**
   * Rules STANDING, POOLING and RETENTION for a value with this origin; null if it may be opened.
   */
  @Nullable Reason admits(Answered answered, int asked, ProductId product, Instant collectedAt) {
    if (exercisesRight(answered.resolved().question())) {
      return null;
    }
    int field = answered.resolved().fields()[asked];
    if (keeps(Rule.STANDING) && categoryOf[field].scope() == Scope.PRODUCT) {
      // the product asked for is open; that which collected the value may not be
      Reason reason = membership(purposes[answered.purpose(asked)], product, answered.state());
      if (reason != null) {
        return reason;
      }
    }
    if (keeps(Rule.POOLING) && !pooled(answered, asked, field, product)) {
      return Reason.NOT_POOLED;
    }
    Instant now = answered.state().now();
    return keeps(Rule.RETENTION)
            && !now.isBefore(expiry(field, product, collectedAt, answered.state()))
        ? Reason.EXPIRED
        : null;
  }

  private boolean pooled(Answered answered, int asked, int field, ProductId product) {
    if (categoryOf[field].scope() == Scope.ACCOUNT
        || product.value().equals(answered.resolved().question().product())) {
      return true;
    }
    int index = answered.purpose(asked);
    Purpose purpose = purposes[index];
    if (purpose.nature() == Nature.SECURITY
        || purpose.basis() == Basis.LEGAL_OBLIGATION
        || purpose.basis() == Basis.VITAL_INTEREST) {
      return true;
    }
    return source.pooling() == Pooling.WITH_AUTHORISATION
        && new Choices(this, answered.state(), isChild(answered.state()))
                .standing(UNDECLARED, product, null, Coverage.ORDINARY)
            == Choices.Standing.GRANTED;
  }

  /**
   * When the value stops being kept: the earliest end of all retention rules; far future if none.
   */
  private Instant expiry(int field, ProductId product, Instant collectedAt, SubjectState state) {
    Instant end = Instant.MAX;
    for (Retention retention : retentionOf.get(field)) {
      Instant start =
          retention.from() == From.COLLECTION ? collectedAt : closing(field, product, state);
      if (start != null) {
        Instant ends = after(start, retention.keep());
        end = ends.isBefore(end) ? ends : end;
      }
    }
    return end;
  }

  /** A time beyond the calendar was never one; what is said to be of it is not kept. */
  private static Instant after(Instant start, Period keep) {
    try {
      return start.atZone(ZoneOffset.UTC).plus(keep).toInstant();
    } catch (DateTimeException | ArithmeticException e) {
      return Instant.MIN;
    }
  }

  /** When the account that holds the value was closed: of account-wide data, the last one. */
  private @Nullable Instant closing(int field, ProductId product, SubjectState state) {
    if (categoryOf[field].scope() == Scope.PRODUCT) {
      Membership membership = state.membership(product);
      return membership == null ? null : membership.closedAt();
    }
    Instant last = null;
    for (Membership membership : state.memberships()) {
      Instant closedAt = membership.closedAt();
      if (closedAt == null) {
        return null;
      }
      last = last == null || closedAt.isAfter(last) ? closedAt : last;
    }
    return last;
  }

  // --------------------------------------------------------------------------------- what is told

  /**
   * The clause a reason keeps: the policy's own where the purpose or category gives a closer one.
   */
  ClauseId clause(Answered answered, int asked, Reason reason) {
    int field = answered.resolved().fields()[asked];
    if (reason == Reason.CONDITION_MISSING && field != UNDECLARED) {
      return categoryOf[field].clause();
    }
    if (reason == Reason.NOT_LISTED && answered.resolved().question().act() == Act.COLLECT) {
      return UNRELATED;
    }
    if (reason == Reason.CONSENT_MISSING && answered.resolved().purpose() != UNDECLARED) {
      return purposes[answered.resolved().purpose()].clause();
    }
    return new ClauseId(reason.clause());
  }

  List<UUID> reliedOn(Answered answered) {
    Resolved resolved = answered.resolved();
    if (resolved.refused() != null || exercisesRight(resolved.question())) {
      return List.of();
    }
    Set<UUID> entries = new LinkedHashSet<>();
    for (int i = 0; i < answered.verdicts().length; i++) {
      int purpose = answered.purpose(i);
      if (resolved.fields()[i] != UNDECLARED && purpose != UNDECLARED) {
        collectEntries(resolved, i, purpose, answered.state(), entries);
      }
    }
    return List.copyOf(entries);
  }

  private void collectEntries(
      Resolved resolved, int asked, int index, SubjectState state, Set<UUID> entries) {
    Purpose purpose = purposes[index];
    ProductId product = source.products().get(resolved.product());
    Choices choices = new Choices(this, state, isChild(state));
    for (ChannelId channel : channelsOf(resolved.question(), index)) {
      if (purpose.control() != Control.NONE || waitsForGuardian(purpose, state)) {
        choices.collectEntries(index, product, channel, Coverage.ORDINARY, entries);
      }
      if (waitsForExplicitConsent(purpose)
          && needsExplicit(purpose, resolved.fields()[asked], state)) {
        choices.collectEntries(index, product, channel, Coverage.SENSITIVE, entries);
      }
    }
  }

  /** The channel a use is asked over, or all those over which a collected value could be used. */
  private List<@Nullable ChannelId> channelsOf(Question question, int purpose) {
    return question.act() == Act.COLLECT
        ? channels.get(purpose)
        : Collections.singletonList(channelOf(question, purposes[purpose]));
  }

  String choiceName(int purpose) {
    return purpose == UNDECLARED ? POOLING : purposes[purpose].id().value();
  }
}
