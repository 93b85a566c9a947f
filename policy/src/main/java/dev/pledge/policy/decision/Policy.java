package dev.pledge.policy.decision;

import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SourceId;
import dev.pledge.policy.names.UndertakingId;
import dev.pledge.policy.names.View;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one version of a policy declares, in the order of its file and without its layout. Lists of
 * fields are already resolved: a category named in {@code uses} stands here as its fields.
 *
 * <p>A {@code Policy} is data; whether it is sound is checked by the language, and {@link
 * CompiledPolicy#of} turns it into what decides.
 *
 * @param dormancy how long somebody may not use a product before they are dormant for it (II.II.3);
 *     empty if nobody ever is
 * @param own for each product with terms of its own, all that counts for it: they and, where they
 *     say nothing, the general ones (VIII.1)
 */
public record Policy(
    PolicyVersion version,
    LocalDate effective,
    Period grace,
    Controller controller,
    List<String> jurisdictions,
    List<String> languages,
    List<ProductId> products,
    List<Category> categories,
    List<Purpose> purposes,
    List<Role> roles,
    List<Source> sources,
    Sharing sharing,
    Pooling pooling,
    List<Retention> retention,
    Optional<Period> dormancy,
    Minors minors,
    Duties duties,
    Map<ProductId, Policy> own) {

  public Policy {
    jurisdictions = List.copyOf(jurisdictions);
    languages = List.copyOf(languages);
    products = List.copyOf(products);
    categories = List.copyOf(categories);
    purposes = List.copyOf(purposes);
    roles = List.copyOf(roles);
    sources = List.copyOf(sources);
    retention = List.copyOf(retention);
    own = Map.copyOf(own);
  }

  /** The same policy, where products have these terms of their own. */
  public Policy with(Map<ProductId, Policy> own) {
    return with(retention, own);
  }

  /**
   * Whether the other says the same, into whatever lines the two have put how long data is kept.
   */
  public boolean saysTheSameAs(Policy other) {
    return with(byField(retention), own).equals(other.with(byField(other.retention), other.own));
  }

  /** A line for each field and start, of which there is one in a sound policy. */
  private static List<Retention> byField(List<Retention> retention) {
    return retention.stream()
        .flatMap(
            kept ->
                kept.of().stream()
                    .sorted()
                    .map(
                        field ->
                            new Retention(Set.of(field), kept.keep(), kept.from(), kept.minimum())))
        .sorted(
            Comparator.comparing((Retention kept) -> kept.of().iterator().next())
                .thenComparing(Retention::from))
        .toList();
  }

  private Policy with(List<Retention> retention, Map<ProductId, Policy> own) {
    return new Policy(
        version,
        effective,
        grace,
        controller,
        jurisdictions,
        languages,
        products,
        categories,
        purposes,
        roles,
        sources,
        sharing,
        pooling,
        retention,
        dormancy,
        minors,
        duties,
        own);
  }

  /** The same policy under another version and from another day, for every product. */
  Policy as(PolicyVersion version, LocalDate effective) {
    Map<ProductId, Policy> renamed = new HashMap<>();
    own.forEach((product, terms) -> renamed.put(product, terms.as(version, effective)));
    return new Policy(
        version,
        effective,
        grace,
        controller,
        jurisdictions,
        languages,
        products,
        categories,
        purposes,
        roles,
        sources,
        sharing,
        pooling,
        retention,
        dormancy,
        minors,
        duties,
        renamed);
  }

  /** All that counts for the product: its own terms win where they differ (VIII.1). */
  public Policy forProduct(ProductId product) {
    return own.getOrDefault(product, this);
  }

  /** The purposes that the product has, in the order of the policy. */
  public List<Purpose> purposesOf(ProductId product) {
    return purposes.stream().filter(purpose -> purpose.isOf(product)).toList();
  }

  /** The general terms, and after them those of each product that has its own. */
  public List<Policy> layers() {
    List<Policy> layers = new ArrayList<>(own.size() + 1);
    layers.add(this);
    products.stream().filter(own::containsKey).map(own::get).forEach(layers::add);
    return layers;
  }

  /**
   * The products to look at one by one where two versions are compared: {@code general} for those
   * without terms of their own in either, and after it the others of both versions.
   */
  public List<ProductId> layersBeside(Policy other) {
    Set<ProductId> layers = new LinkedHashSet<>();
    layers.add(new ProductId(CompiledPolicy.GENERAL));
    Stream.concat(products.stream(), other.products.stream())
        .filter(product -> own.containsKey(product) || other.own.containsKey(product))
        .forEach(layers::add);
    return List.copyOf(layers);
  }

  /** Who answers for the processing, and how people reach them (V.5, VIII.3). */
  public record Controller(String name, String email) {}

  /** A category of data and the only fields that may be stored of it (I.*). */
  public record Category(
      CategoryId id,
      ClauseId clause,
      List<String> methods,
      Scope scope,
      Kind kind,
      About about,
      Set<ConditionId> requires,
      List<Field> fields) {
    public Category {
      methods = List.copyOf(methods);
      requires = Set.copyOf(requires);
      fields = List.copyOf(fields);
    }
  }

  /** Whether a category's values belong to the product that collected them or to the account. */
  public enum Scope {
    /** Another product needs the person's pooling authorisation to use them (II.I.9). */
    PRODUCT,
    /** Shared by all products, as addresses people sign in with must be. */
    ACCOUNT
  }

  /** Whether a field holds one current value or many timed ones. */
  public enum Kind {
    PROFILE,
    EVENT_SERIES
  }

  /** Whom a category's values are about. */
  public enum About {
    /** The data subject. */
    SUBJECT,
    /** Somebody else, such as a guardian: the subject's rights do not open them (V.1). */
    ANOTHER
  }

  /** One field: its type, how it is shown masked, and what is special about it. */
  public record Field(
      FieldId id,
      FieldType type,
      Mask mask,
      Sensitivity sensitivity,
      Lookup lookup,
      List<String> choices) {
    public Field {
      choices = List.copyOf(choices);
    }
  }

  /** Whether a field needs the stronger protection of sensitive data (I.1, VI.4). */
  public enum Sensitivity {
    ORDINARY,
    SENSITIVE
  }

  /** Whether a person can be found by the field's value. */
  public enum Lookup {
    NONE,
    ALIAS
  }

  /**
   * What data is used for (II.I.*).
   *
   * @param products the products that have the purpose; empty means all of them
   * @param channels the ways of reaching people it may use; a grant or refusal names one of them
   * @param programme the programme one joins by granting it (II.I.4)
   * @param before the acts it does not wait for
   * @param sensitiveCondition the lawful condition other than explicit consent under which
   *     sensitive fields are used, named for people
   */
  public record Purpose(
      PurposeId id,
      ClauseId clause,
      Basis basis,
      Control control,
      Nature nature,
      View view,
      Set<FieldId> uses,
      Set<ProductId> products,
      Set<ChannelId> channels,
      Optional<String> programme,
      Set<Before> before,
      Optional<LegalException> exception,
      Optional<BreakGlass> breakGlass,
      Optional<String> sensitiveCondition) {
    public Purpose {
      uses = Set.copyOf(uses);
      products = Set.copyOf(products);
      channels = Set.copyOf(channels);
      before = Set.copyOf(before);
    }

    /** Whether the product has it; one that names no products is of all of them. */
    public boolean isOf(ProductId product) {
      return products.isEmpty() || products.contains(product);
    }
  }

  /** The legal basis a purpose rests on. */
  public enum Basis {
    CONTRACT,
    CONSENT,
    LEGAL_OBLIGATION,
    VITAL_INTEREST,
    PUBLIC_TASK,
    LEGITIMATE_INTEREST;

    /** Whether the law demands the use or a life depends on it: it waits for nobody's word. */
    public boolean isCompelling() {
      return this == LEGAL_OBLIGATION || this == VITAL_INTEREST;
    }
  }

  /** What the person can do about a purpose; not the same thing as its basis. */
  public enum Control {
    /** Off until the person turns it on by an affirmative act. */
    OPT_IN,
    /** On until the person refuses. */
    OPT_OUT,
    NONE;

    /** Whether wherever this lets a purpose go on, {@code other} would too. */
    public boolean goesNoFurtherThan(Control other) {
      return compareTo(other) <= 0;
    }
  }

  /** What kind of use a purpose is, where a rule treats the kind specially. */
  public enum Nature {
    ORDINARY,
    /** Keeping the service and its people safe: not stopped at product borders (II.I.9). */
    SECURITY,
    /** Promotion: stops when a person has died (II.I.5). */
    PROMOTION,
    /** Establishing or defending legal claims: goes on for a restricted person. */
    LEGAL_CLAIMS,
    /** Protecting a person, children above all: needs no guardian (VI.1). */
    PROTECTION,
    /** Keeping what the law orders to be kept: stores, and opens nothing (II.I.7). */
    RECORD_KEEPING
  }

  /** An act a purpose does not have to wait for. */
  public enum Before {
    /** Acceptance of the policy (0.1). */
    ACCEPTANCE,
    /** A guardian's consent, because it serves to ask for it (VI.1). */
    GUARDIAN_CONSENT
  }

  /**
   * A use the law allows without the person's authorisation (II.I.7): each use names its reference
   * and is approved by someone else who holds {@code approver}; only the fields the reference names
   * open when {@code fieldsNamed}.
   *
   * @param tells when the person's access history shows what was done under it
   */
  public record LegalException(RoleId approver, boolean fieldsNamed, TellPerson tells) {
    /**
     * Whether what is used under this could be used so under {@code other}, and is told no later.
     */
    public boolean goesNoFurtherThan(LegalException other) {
      return approver.equals(other.approver)
          && (fieldsNamed || !other.fieldsNamed)
          && tells.compareTo(other.tells) <= 0;
    }

    /** As above, than a use that needs no exception, of which the person is told at once. */
    public boolean goesNoFurtherThanNone() {
      return tells == TellPerson.AT_ONCE;
    }
  }

  /** When a person learns of a use that the law allows without asking them (II.I.7, V.1). */
  public enum TellPerson {
    AT_ONCE,
    /**
     * They are told of what is older than {@link #QUIET}, once no approval for the purpose about
     * them has been in force for as long; of questions asked in vain, too.
     */
    AFTER,
    /** The law demands silence. */
    NEVER;

    /** How long an investigation is told to nobody after it: as long as an approval can run. */
    public static final Duration QUIET = Approval.LONGEST;
  }

  /**
   * A use in an emergency, without waiting for anybody (II.I.7): it is justified at once, and
   * reviewed within {@code reviewWithin} by someone else who holds {@code reviewer}.
   */
  public record BreakGlass(Duration reviewWithin, RoleId reviewer) {
    /** Whether a use in this kind of emergency is reviewed as in the other, and no later. */
    public boolean goesNoFurtherThan(BreakGlass other) {
      return reviewer.equals(other.reviewer) && reviewWithin.compareTo(other.reviewWithin) <= 0;
    }
  }

  /** A job that needs data: which it may store, for which purposes it reads, how clearly (IV.3). */
  public record Role(
      RoleId id,
      Set<FieldId> collects,
      Set<PurposeId> purposes,
      View sees,
      Set<FieldId> mayReveal,
      Optional<UndertakingId> undertaking,
      HeldBy heldBy) {
    public Role {
      collects = Set.copyOf(collects);
      purposes = Set.copyOf(purposes);
      mayReveal = Set.copyOf(mayReveal);
    }
  }

  /** Who a role is for. */
  public enum HeldBy {
    /** People and services. */
    ANYONE,
    /** Services alone: no human being signs for it (IV.3). */
    SERVICE
  }

  /**
   * A third party that supplies data under an agreement naming the fields (I.0).
   *
   * @param from first day of the agreement, UTC
   * @param until first day after it, UTC
   */
  public record Source(SourceId id, LocalDate from, LocalDate until, Set<FieldId> fields) {
    public Source {
      fields = Set.copyOf(fields);
    }
  }

  /** Whether people may authorise one product's data for another's use (II.I.9). */
  public enum Pooling {
    NEVER,
    WITH_AUTHORISATION
  }

  /** How long fields are kept (IV.1). Of several that apply to a field the earliest end counts. */
  public record Retention(Set<FieldId> of, Period keep, From from, Optional<Period> minimum) {
    private static final LocalDate LEAP_YEAR = LocalDate.of(2024, 1, 1);

    public Retention {
      of = Set.copyOf(of);
    }

    /** Whether one period is at least as long as another, from whatever day they run. */
    public static boolean covers(Period longer, Period shorter) {
      return longer.equals(shorter)
          || LEAP_YEAR
              .datesUntil(LEAP_YEAR.plusYears(4))
              .noneMatch(day -> day.plus(longer).isBefore(day.plus(shorter)));
    }
  }

  /** What starts a retention period. */
  public enum From {
    COLLECTION,
    /** The closing of the account of the product that collected the value. */
    CLOSING,
    /**
     * The end of the day, UTC, on which the person last used the product that collected the value;
     * its collection, if that came later.
     */
    LAST_USE,
    /**
     * The end of the last purpose the value is stored for: one that the person can refuse ends when
     * they do, any but what the law orders with the closing of the account; the collection of the
     * value, if that came later.
     */
    END_OF_PURPOSE,
    /** The collection of the value, for as long as the person has accepted no version (0.1). */
    UNACCEPTED
  }

  /**
   * Whom the policy treats as a child (VI.1, VI.4).
   *
   * @param under age in years below which a guardian's consent is needed
   * @param sensitiveUnder age in years below which every field counts as sensitive
   * @param unknownAge how someone of unknown age is treated; as a minor means as the youngest
   * @param ageFrom the fields whose values tell how old the person is
   */
  public record Minors(
      Ages under, Ages sensitiveUnder, UnknownAge unknownAge, Set<FieldId> ageFrom) {
    public Minors {
      ageFrom = Set.copyOf(ageFrom);
    }

    /** The same ages everywhere. */
    public Minors(int under, int sensitiveUnder, UnknownAge unknownAge, Set<FieldId> ageFrom) {
      this(Ages.everywhere(under), Ages.everywhere(sensitiveUnder), unknownAge, ageFrom);
    }

    /** What counts for somebody at a place, as {@link Ages#in} takes it. */
    public AgeLimits in(@Nullable String place) {
      return new AgeLimits(under.in(place), sensitiveUnder.in(place), unknownAge);
    }
  }

  /** Up to what age one person is a child, and one about whom everything is sensitive. */
  public record AgeLimits(int under, int sensitiveUnder, UnknownAge unknownAge) {
    /** The class of someone born on {@code birth}, on the day {@code today}. */
    public Age classOf(LocalDate birth, LocalDate today) {
      int years = Period.between(birth, today).getYears();
      if (years < sensitiveUnder) {
        return Age.SENSITIVE_MINOR;
      }
      return years < under ? Age.MINOR : Age.ADULT;
    }

    /** Whichever of the two classes protects more under this policy; the first if both do alike. */
    public Age stricter(Age one, Age other) {
      return protection(other) > protection(one) ? other : one;
    }

    private int protection(Age age) {
      return switch (age) {
        case ADULT -> 0;
        case MINOR -> 1;
        case SENSITIVE_MINOR -> 2;
        case UNKNOWN -> unknownAge == UnknownAge.ADULT ? 0 : 2;
      };
    }
  }

  /** How someone of unknown age is treated. */
  public enum UnknownAge {
    ADULT,
    MINOR
  }
}
