package dev.pledge.engine.gate;

import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Minors;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Question.ExceptionUse;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every way in which what an entry does not say in the open may have been: the person's account and
 * choices, whether emergency uses were reviewed, what the approver was, and, where the two policies
 * draw the ages differently, the age. As many of each as any rule tells apart.
 */
final class Possibilities {
  /** More are not gone through. */
  private static final int MOST = 4096;

  private static final UUID ENTRY = new UUID(0, 1);
  private static final UUID GUARDIANS_ENTRY = new UUID(0, 2);

  /** One of the ways. */
  record Possibility(Question question, SubjectState state) {
    /** The same with another age, which is all that another policy may see otherwise. */
    Possibility of(Age age) {
      return new Possibility(question, state.of(age));
    }
  }

  private final Recalled recalled;
  private final Policy then;
  private final Policy other;
  private final List<PolicyVersion> versions;
  private final Instant now;

  /**
   * @param then what decided, for the product
   * @param other what is to decide, for the product
   * @param versions those that people may have answered under
   */
  Possibilities(
      Recalled recalled, Policy then, Policy other, List<PolicyVersion> versions, Instant now) {
    this.recalled = recalled;
    this.then = then;
    this.other = other;
    this.versions = versions;
    this.now = now;
  }

  /** The ways in which the question about these fields may have been decided; empty: too many. */
  List<Possibility> of(List<String> fields) {
    List<Question> questions = questions(fields);
    List<List<Choice>> choices = choices(fields);
    List<List<Membership>> accounts = accounts();
    List<Set<FieldId>> suppressed = suppressed(fields);
    long count = (long) questions.size() * choices.size() * accounts.size() * suppressed.size();
    if (choices.isEmpty() || count > MOST) {
      return List.of();
    }
    List<Possibility> all = new ArrayList<>();
    for (Question question : questions) {
      for (List<Choice> chosen : choices) {
        for (List<Membership> account : accounts) {
          for (Set<FieldId> removed : suppressed) {
            all.add(new Possibility(question, recalled.state(now, account, chosen, removed)));
          }
        }
      }
    }
    return all;
  }

  /** The ages that the other policy may take the person to be of. */
  Set<Age> ages() {
    Age age = recalled.age();
    return age == Age.UNKNOWN || drawAgesAlike(then.minors(), other.minors())
        ? Set.of(age)
        : Set.of(Age.ADULT, Age.MINOR, Age.SENSITIVE_MINOR);
  }

  private static boolean drawAgesAlike(Minors one, Minors two) {
    return one.under().equals(two.under()) && one.sensitiveUnder().equals(two.sensitiveUnder());
  }

  // -------------------------------------------------------------------------------- the question

  private List<Question> questions(List<String> fields) {
    Question question = recalled.question();
    if (Logbook.collects(question)) {
      question =
          Question.collect(
              question.asker(),
              question.product(),
              question.source() == null ? "" : question.source(),
              question.conditions(),
              fields);
    }
    List<Question> questions = new ArrayList<>();
    for (Asker.Reviews reviews : reviews()) {
      Question asked = question.by(question.asker().with(reviews));
      questions.add(asked);
      ExceptionUse use = asked.exception();
      if (use != null) {
        questions.add(
            asked.under(
                new ExceptionUse(
                    use.approver(), Asker.Kind.SERVICE, use.approverRoles(), use.fieldsNamed())));
      }
    }
    return questions;
  }

  /** Only in an emergency was it looked at. */
  private List<Asker.Reviews> reviews() {
    if (recalled.overdue()) {
      return List.of(Asker.Reviews.OVERDUE);
    }
    return isEmergency(then) || !isEmergency(other)
        ? List.of(Asker.Reviews.IN_TIME)
        : List.of(Asker.Reviews.values());
  }

  private boolean isEmergency(Policy policy) {
    return named(policy).flatMap(Purpose::breakGlass).isPresent();
  }

  private Optional<Purpose> named(Policy policy) {
    return policy.purposes().stream()
        .filter(purpose -> purpose.id().value().equals(recalled.question().purpose()))
        .findFirst();
  }

  // --------------------------------------------------------------------------------- the account

  private List<List<Membership>> accounts() {
    if (isInOwnRight()) {
      return List.of(List.of());
    }
    ProductId product = new ProductId(recalled.question().product());
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    List<Membership> closed = List.of(new Membership(product, now, today));
    if (recalled.closed()) {
      return List.of(closed);
    }
    List<List<Membership>> accounts = new ArrayList<>();
    accounts.add(List.of());
    Set<LocalDate> used = new LinkedHashSet<>(List.of(today));
    if (!isUseItself()) {
      Stream.of(then, other)
          .flatMap(policy -> policy.dormancy().stream())
          .forEach(dormancy -> used.add(today.minus(dormancy).minusDays(1)));
    }
    used.forEach(day -> accounts.add(List.of(new Membership(product, null, day))));
    if (product.value().equals(CompiledPolicy.GENERAL)) {
      accounts.add(closed); // the entry says so of the account of a product alone
    }
    return accounts;
  }

  private boolean isInOwnRight() {
    return recalled.question().asker().capacity() != Asker.Capacity.ROLE;
  }

  /** Whoever gives something or makes it arise uses the product with it. */
  private boolean isUseItself() {
    String source = recalled.question().source();
    return CompiledPolicy.PERSON.equals(source) || CompiledPolicy.PRODUCT_USE.equals(source);
  }

  private List<Set<FieldId>> suppressed(List<String> fields) {
    String source = recalled.question().source();
    return source == null || source.equals(CompiledPolicy.PERSON)
        ? List.of(Set.of())
        : List.of(Set.of(), Set.of(FieldId.of(fields.getFirst())));
  }

  // --------------------------------------------------------------------------------- the choices

  /**
   * All combinations of what may have been said of each purpose that may matter; empty: too many.
   */
  private List<List<Choice>> choices(List<String> fields) {
    if (isInOwnRight()) {
      return List.of(List.of());
    }
    List<List<Choice>> all = List.of(List.of());
    for (String purpose : purposes(fields)) {
      List<List<Choice>> options = options(purpose, fields);
      if ((long) all.size() * options.size() > MOST) {
        return List.of();
      }
      List<List<Choice>> longer = new ArrayList<>();
      for (List<Choice> before : all) {
        for (List<Choice> option : options) {
          longer.add(Stream.concat(before.stream(), option.stream()).toList());
        }
      }
      all = longer;
    }
    return all;
  }

  private Set<String> purposes(List<String> fields) {
    Question question = recalled.question();
    if (question.purpose() != null) {
      return Set.of(question.purpose());
    }
    Set<String> purposes = new LinkedHashSet<>();
    for (Policy policy : List.of(then, other)) {
      policy.purposes().stream()
          .filter(purpose -> purpose.isOf(new ProductId(question.product())))
          .filter(purpose -> fields.stream().map(FieldId::of).anyMatch(purpose.uses()::contains))
          .filter(purpose -> purpose.exception().isEmpty() && purpose.breakGlass().isEmpty())
          .filter(purpose -> mayWait(purpose, fields))
          .forEach(purpose -> purposes.add(purpose.id().value()));
    }
    return purposes;
  }

  private boolean mayWait(Purpose purpose, List<String> fields) {
    return purpose.control() != Control.NONE
        || (!purpose.basis().isCompelling() && mayBeSensitive(fields))
        || (mayBeAChild()
            && !purpose.basis().isCompelling()
            && purpose.nature() != Policy.Nature.PROTECTION);
  }

  private boolean mayBeAChild() {
    return ages().stream().anyMatch(age -> age == Age.MINOR || age == Age.SENSITIVE_MINOR)
        || mayBeTaken(UnknownAge.MINOR);
  }

  /** Whether one of the policies takes somebody of unknown age so, and the person is one. */
  private boolean mayBeTaken(UnknownAge as) {
    return recalled.age() == Age.UNKNOWN
        && Stream.of(then, other).anyMatch(policy -> policy.minors().unknownAge() == as);
  }

  private boolean mayBeSensitive(List<String> fields) {
    return mayBeAChild()
        || Stream.of(then, other)
            .flatMap(policy -> policy.categories().stream())
            .flatMap(category -> category.fields().stream())
            .anyMatch(
                field ->
                    field.sensitivity() == Policy.Sensitivity.SENSITIVE
                        && fields.contains(field.id().toString()));
  }

  private List<List<Choice>> options(String purpose, List<String> fields) {
    boolean sensitive = mayBeSensitive(fields);
    if (Logbook.collects(recalled.question())) {
      return optionsOfOneAmongMany(purpose, sensitive);
    }
    List<List<Choice>> ordinary = options(purpose, Coverage.ORDINARY);
    if (!sensitive) {
      return ordinary;
    }
    List<List<Choice>> both = new ArrayList<>();
    for (List<Choice> one : ordinary) {
      for (List<Choice> two : options(purpose, Coverage.SENSITIVE)) {
        both.add(together(one, two));
      }
    }
    return both;
  }

  /** Silence, a refusal, and who granted it under which version; of children each with each. */
  private List<List<Choice>> options(String purpose, Coverage coverage) {
    List<List<Choice>> options = new ArrayList<>();
    List<Choice> refused = refused(purpose, coverage);
    options.add(List.of());
    options.add(refused);
    for (PolicyVersion version : versions) {
      List<Choice> own = granted(purpose, coverage, By.SELF, version);
      options.add(own);
      if (mayBeAChild()) {
        List<Choice> guardians = granted(purpose, coverage, By.GUARDIAN, version);
        options.add(guardians);
        options.add(together(own, guardians));
        options.add(together(guardians, refused));
      }
    }
    return options;
  }

  /** The same for a collection, which asks of many purposes: as few as any rule tells apart. */
  private List<List<Choice>> optionsOfOneAmongMany(String purpose, boolean sensitive) {
    List<Choice> refused = refused(purpose, Coverage.ORDINARY);
    List<Choice> refusedAll =
        sensitive ? together(refused, refused(purpose, Coverage.SENSITIVE)) : refused;
    List<List<Choice>> options = new ArrayList<>();
    options.add(List.of());
    options.add(refusedAll);
    for (PolicyVersion version : versions) {
      for (Set<By> parties : parties()) {
        List<Choice> ordinary = granted(purpose, Coverage.ORDINARY, parties, version);
        options.add(ordinary);
        if (sensitive) {
          options.add(together(ordinary, granted(purpose, Coverage.SENSITIVE, parties, version)));
        }
        if (parties.contains(By.GUARDIAN)) {
          options.add(together(ordinary, refusedAll));
        }
      }
    }
    return options;
  }

  private List<Set<By>> parties() {
    boolean mayBeAdult = ages().contains(Age.ADULT) || mayBeTaken(UnknownAge.ADULT);
    Set<By> self = Set.of(By.SELF);
    Set<By> both = Set.of(By.SELF, By.GUARDIAN);
    if (!mayBeAChild()) {
      return List.of(self);
    }
    return mayBeAdult ? List.of(self, both) : List.of(both);
  }

  private static List<Choice> together(List<Choice> some, List<Choice> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  private List<Choice> granted(
      String purpose, Coverage coverage, Set<By> parties, PolicyVersion version) {
    return parties.stream()
        .flatMap(by -> granted(purpose, coverage, by, version).stream())
        .toList();
  }

  private List<Choice> granted(String purpose, Coverage coverage, By by, PolicyVersion version) {
    return said(purpose, coverage, Answer.GRANTED, by, version);
  }

  private List<Choice> refused(String purpose, Coverage coverage) {
    return said(purpose, coverage, Answer.WITHDRAWN, By.SELF, versions.getLast());
  }

  /** The answer, over each channel that may be asked about. */
  private List<Choice> said(
      String purpose, Coverage coverage, Answer answer, By by, PolicyVersion version) {
    ProductId product = new ProductId(recalled.question().product());
    List<Choice> said = new ArrayList<>();
    for (Optional<ChannelId> channel : channels(purpose)) {
      said.add(
          new Choice(
              purpose,
              product,
              orNull(channel),
              coverage,
              answer,
              by,
              version,
              now,
              answer == Answer.GRANTED ? 1 : 2,
              by == By.GUARDIAN ? GUARDIANS_ENTRY : ENTRY));
    }
    return said;
  }

  private static @Nullable ChannelId orNull(Optional<ChannelId> channel) {
    return channel.isPresent() ? channel.get() : null;
  }

  private Set<Optional<ChannelId>> channels(String purpose) {
    String asked = recalled.question().channel();
    if (asked != null) {
      return Set.of(Optional.of(new ChannelId(asked)));
    }
    Set<Optional<ChannelId>> channels = new LinkedHashSet<>();
    channels.add(Optional.empty());
    if (Logbook.collects(recalled.question())) {
      Stream.of(then, other)
          .flatMap(policy -> policy.purposes().stream())
          .filter(each -> each.id().value().equals(purpose))
          .flatMap(each -> each.channels().stream())
          .forEach(channel -> channels.add(Optional.of(channel)));
    }
    return channels;
  }
}
