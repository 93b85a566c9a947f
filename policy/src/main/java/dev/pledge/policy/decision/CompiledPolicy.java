package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.Declarations.UNDECLARED;

import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One policy version made ready to decide: names are dense indices, lists are bits. Immutable and
 * safe for all threads. What a question asks is first {@linkplain Resolving resolved}, which
 * settles everything that does not depend on the person, and then {@linkplain Deciding decided} on
 * the person's state.
 *
 * <p>What it says of a product that has terms of its own is said by {@link #forProduct} (VIII.1).
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

  private final Policy source;
  private final Layers layers;
  private final Instant effectiveAt;
  private final Instant graceEndsAt;
  private final Declarations declared;
  private final Sources sources;
  private final Recipients recipients;
  private final AgeRules ages;
  private final Resolving resolving;
  private final Oversight oversight;
  private final Collecting collecting;
  private final Deciding deciding;
  private final ValueRules values;
  private final Explaining explaining;
  private final ConsentRules consents;

  /** What counts for {@code product} of that policy, and what the other versions say of it. */
  CompiledPolicy(
      Policy policy, List<Policy> versions, ProductId product, Layers layers, Set<Rule> rules) {
    this.source = policy.forProduct(product);
    this.layers = layers;
    this.effectiveAt = midnight(source.effective());
    this.graceEndsAt = effectiveAt.atZone(ZoneOffset.UTC).plus(source.grace()).toInstant();
    this.declared = new Declarations(source, rules);
    this.sources = new Sources(declared);
    this.ages = new AgeRules(source);
    AccountRules accounts = new AccountRules(declared);
    this.consents =
        new ConsentRules(declared, new Meanings(declared, versions, product, layers), ages);
    Rights rights = new Rights(declared, ages);
    this.recipients = new Recipients(declared);
    NeedToKnow needToKnow = new NeedToKnow(declared, recipients);
    this.resolving = new Resolving(declared, sources, recipients, needToKnow, rights);
    this.oversight = new Oversight(declared, needToKnow);
    this.collecting = new Collecting(declared, sources, accounts, consents);
    Using using = new Using(declared, accounts, consents, recipients);
    List<Policy> ofProduct = versions.stream().map(each -> each.forProduct(product)).toList();
    Renewals renewals = new Renewals(source, ofProduct);
    this.deciding = new Deciding(declared, accounts, rights, collecting, using, renewals);
    this.values = new ValueRules(declared, rights, accounts, consents, layers);
    this.explaining = new Explaining(declared, rights, consents, recipients);
  }

  static Instant midnight(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /**
   * Compiles a checked policy; {@code versions} are those, earlier and later, under which people
   * may have answered.
   */
  public static CompiledPolicy of(Policy policy, List<Policy> versions) {
    return new Layers(policy, versions, EnumSet.allOf(Rule.class)).general();
  }

  /** The same policy deciding without some of the rules. */
  static CompiledPolicy without(Set<Rule> rules, Policy policy, List<Policy> versions) {
    Set<Rule> kept = EnumSet.allOf(Rule.class);
    kept.removeAll(rules);
    return new Layers(policy, versions, kept).general();
  }

  /**
   * What counts for the product so named: its own terms win where they differ from the general ones
   * (VIII.1). For a product without any, and for one that is not declared, the general terms.
   */
  public CompiledPolicy forProduct(String product) {
    return layers.forProduct(product);
  }

  /** The general terms, and after them those of each product that is looked at apart. */
  public List<CompiledPolicy> layers() {
    return layers.all();
  }

  /** What counts for the product so named, or, where none is named, for any. */
  public List<CompiledPolicy> layersOf(@Nullable String product) {
    return product == null ? layers() : List.of(forProduct(product));
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
    int index = declared.fieldNamed(field);
    return index == UNDECLARED ? null : declared.field(index);
  }

  /** The category of the field so named, or null. */
  public @Nullable Category categoryOf(String field) {
    int index = declared.fieldNamed(field);
    return index == UNDECLARED ? null : declared.categoryOf(index);
  }

  /** The declaration of the purpose so named in these terms, or null. */
  public @Nullable Purpose declaredPurpose(String purpose) {
    int index = declared.purposeNamed(purpose);
    return index == UNDECLARED ? null : declared.purpose(index);
  }

  /** Whether the policy covers the product so named. */
  public boolean covers(String product) {
    return declared.productNamed(product) != UNDECLARED;
  }

  /** Whether some purpose uses the channel so named. */
  public boolean knowsChannel(String channel) {
    return declared.knowsChannel(channel);
  }

  /** Whether some category asks for the condition so named. */
  public boolean knowsCondition(String condition) {
    return declared.knowsCondition(condition);
  }

  /** Whether data may come from the source so named (I.0). */
  public boolean knowsSource(String source) {
    return sources.knows(source);
  }

  /** Whether the policy names the recipient (III.I.1). */
  public boolean knowsRecipient(String recipient) {
    return recipients.knows(recipient);
  }

  /**
   * Every switch of the product, by its own terms, in the order of its purposes and with what the
   * answers amount to; with more than one product, and where the policy lets one use the data of
   * another, also the one for that (II.I.9, V.2).
   */
  public List<Switch> switches(ProductId product, SubjectState state) {
    CompiledPolicy terms = forProduct(product.value());
    List<Switch> switches = terms.consents.switches(product, state);
    if (terms.source.pooling() == Policy.Pooling.WITH_AUTHORISATION
        && terms.source.products().size() > 1) {
      switches.add(terms.consents.pooling(product, state));
    }
    return List.copyOf(switches);
  }

  /** Whether the policy treats the person as a child at {@code state.now()} (VI.1). */
  public boolean isChild(SubjectState state) {
    return ages.isChild(state);
  }

  /**
   * Whether a value of {@code field} that {@code collector} collected at {@code collectedAt} is
   * still kept at {@code state.now()}, by the terms of the collector; of a field the policy does
   * not declare none is (IV.1, IV.4).
   */
  public boolean isKept(
      FieldId field, ProductId collector, Instant collectedAt, SubjectState state) {
    int index = declared.fieldNamed(field.toString());
    return index != UNDECLARED
        && layers.forProduct(collector).values.isKept(index, collector, collectedAt, state);
  }

  /**
   * When a value that is kept at {@code state.now()} goes if nothing happens before; empty where no
   * term runs, or the policy does not declare the field.
   */
  public Optional<Ending> ending(
      FieldId field, ProductId collector, Instant collectedAt, SubjectState state) {
    int index = declared.fieldNamed(field.toString());
    return index == UNDECLARED
        ? Optional.empty()
        : Optional.ofNullable(
            layers.forProduct(collector).values.ending(index, collector, collectedAt, state));
  }

  /** Why the question is refused whatever the person and the fields, or null. */
  public @Nullable Reason refusesWhole(Question question) {
    return forProduct(question.product()).resolve(question).refused();
  }

  /**
   * The roles of the asker that count for the question: they need it and their undertaking is met.
   */
  public Set<RoleId> counted(Question question) {
    return forProduct(question.product()).resolving.counted(question);
  }

  /** Whether one of the roles needs the purpose in the product so named (IV.3). */
  public boolean needs(Set<RoleId> roles, String purpose, String product) {
    return forProduct(product).declared.source().roles().stream()
        .filter(role -> roles.contains(role.id()))
        .anyMatch(role -> role.purposes().stream().anyMatch(own -> own.value().equals(purpose)));
  }

  /** Why {@code approver} may not give the approval at {@code now}, or null (II.I.7). */
  public @Nullable Reason refusesApproval(Asker approver, Approval approval, Instant now) {
    return forProduct(approval.product()).oversight.refusesApproval(approver, approval, now);
  }

  /** Why {@code approver} may not take the approval back, or null (II.I.7). */
  public @Nullable Reason refusesRevocation(Asker approver, Approval approval) {
    return forProduct(approval.product()).oversight.refusesRevocation(approver, approval);
  }

  /** Why {@code officer} may not place the hold at {@code now}, or null (II.I.7). */
  public @Nullable Reason refusesHold(Asker officer, HoldTerms hold, Instant now) {
    return forProduct(hold.product()).oversight.refusesHold(officer, hold, now);
  }

  /** Why {@code officer} may not lift a hold for that purpose, or null (II.I.7). */
  public @Nullable Reason refusesToLift(Asker officer, String purpose, String product) {
    return forProduct(product).oversight.refusesToLift(officer, purpose, product);
  }

  /**
   * Why {@code reader} may not open what a hold that {@code officer} placed has set aside, or null
   * (II.I.7).
   */
  public @Nullable Reason refusesToOpenHeld(
      Asker reader, String purpose, String product, ActorId officer) {
    return forProduct(product).oversight.refusesToOpenHeld(reader, purpose, product, officer);
  }

  /** How clearly {@code reader} sees what a hold for the purpose has set aside (II.I.7, IV.3). */
  public View seesHeld(Asker reader, String purpose, String product) {
    return forProduct(product).oversight.seesHeld(reader, purpose);
  }

  /** The fields of the purpose, by the terms of the product. */
  public List<FieldId> usedFor(String purpose, String product) {
    Declarations terms = forProduct(product).declared;
    int index = terms.purposeNamed(purpose);
    return terms.source().categories().stream()
        .flatMap(category -> category.fields().stream())
        .map(Policy.Field::id)
        .filter(
            field -> index != UNDECLARED && terms.uses(index, terms.fieldNamed(field.toString())))
        .toList();
  }

  /**
   * Why {@code reviewer} may not review what {@code user} did for the purpose in an emergency, or
   * null (II.I.7).
   */
  public @Nullable Reason refusesReview(
      Asker reviewer, ActorId user, String purpose, String product) {
    return forProduct(product).oversight.refusesReview(reviewer, user, purpose, product);
  }

  /**
   * The purposes whose emergency uses {@code reviewer} may review, by the terms of every product
   * they work for (II.I.7).
   */
  public Set<PurposeId> reviewedBy(Asker reviewer) {
    Set<PurposeId> reviewed = new HashSet<>(oversight.reviewedBy(reviewer));
    reviewer
        .products()
        .forEach(
            product ->
                reviewed.retainAll(forProduct(product.value()).oversight.reviewedBy(reviewer)));
    return Set.copyOf(reviewed);
  }

  /** See {@link ConsentRules#canBeRefused}. */
  boolean canBeRefused(String purpose, Coverage coverage, SubjectState state) {
    int index = declared.purposeNamed(purpose);
    return index != UNDECLARED && consents.canBeRefused(index, coverage, state);
  }

  @Nullable FieldId field(int index) {
    return index == UNDECLARED ? null : declared.field(index).id();
  }

  @Nullable PurposeId purpose(int index) {
    return index == UNDECLARED ? null : declared.purpose(index).id();
  }

  /** See {@link Resolving#resolve}. */
  Resolved resolve(Question question) {
    return resolving.resolve(question);
  }

  /** See {@link Deciding#decide}. */
  Decision decide(
      Resolved resolved,
      SubjectState state,
      boolean accepted,
      List<CompiledPolicy> older,
      EarlierTerms terms) {
    return deciding.decide(Answered.yetToDecide(this, resolved, state), accepted, older, terms);
  }

  /** See {@link Deciding#decideAlone}. */
  Answered answer(Resolved resolved, SubjectState state) {
    Answered answered = Answered.yetToDecide(this, resolved, state);
    deciding.decideAlone(answered);
    return answered;
  }

  /** Refuses everything: no version is enforced before its date (IX.2). */
  Decision decideBeforeEffect(Question question, SubjectState state) {
    Resolved resolved =
        declared.keeps(Rule.DECLARED)
            ? Resolved.refused(question, Reason.NOT_IN_FORCE)
            : resolve(question);
    return decide(resolved, state, true, List.of(), EarlierTerms.NONE);
  }

  /** On what grounds this version, once accepted, stores values; asked by later ones in grace. */
  Grounds grounds(Question question, SubjectState state) {
    return collecting.grounds(resolve(question), state, true);
  }

  /** What is said of stored values, those of other products among them. */
  ValueRules values() {
    return values;
  }

  /** See {@link ValueRules#refuses}. */
  @Nullable Reason refusesValue(
      Answered answered, int asked, ProductId product, Instant collectedAt) {
    return values.refuses(answered, asked, product, collectedAt);
  }

  /** See {@link ValueRules#looksAtTerms}. */
  boolean looksAtTerms(Answered answered) {
    return values.looksAtTerms(answered);
  }

  /** See {@link ValueRules#collectPooling}. */
  void collectPooling(Answered answered, int asked, ProductId product, Set<UUID> entries) {
    values.collectPooling(answered, asked, product, entries);
  }

  /** See {@link Explaining#clause}. */
  ClauseId clause(Answered answered, int asked, Reason reason) {
    return explaining.clause(answered, asked, reason);
  }

  /** See {@link Explaining#reliedOn}. */
  List<UUID> reliedOn(Answered answered) {
    return explaining.reliedOn(answered);
  }
}
