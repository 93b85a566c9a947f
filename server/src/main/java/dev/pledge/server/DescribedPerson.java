package dev.pledge.server;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Explanation.Origin;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.decision.SubjectState.Status;
import dev.pledge.policy.language.Suggestions;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A person as the options of a command describe them. */
final class DescribedPerson {
  private static final SubjectId NOBODY = new SubjectId(new UUID(0x7000L, 0x8000000000000000L));
  private static final String NONE = "none";

  @Option(
      names = "--age",
      defaultValue = "adult",
      paramLabel = "CLASS",
      description = "adult, minor, sensitive_minor or unknown. Usually ${DEFAULT-VALUE}.")
  private Age age = Age.ADULT;

  @Option(
      names = "--status",
      defaultValue = "active",
      paramLabel = "STATUS",
      description = "active, restricted, deceased or erased. Usually ${DEFAULT-VALUE}.")
  private Status status = Status.ACTIVE;

  @Option(
      names = "--accepted",
      paramLabel = "VERSION",
      description = "The version they accepted last, or none. Usually the one in force.")
  private @Nullable String accepted;

  @Option(
      names = "--uses",
      split = ",",
      paramLabel = "PRODUCT",
      description = "Products they use, or none. Usually the one that asks.")
  private List<String> uses = List.of();

  @Option(
      names = "--closed",
      split = ",",
      paramLabel = "PRODUCT",
      description = "Products whose account they have closed.")
  private Set<String> closed = Set.of();

  @Option(
      names = "--last-used",
      paramLabel = "DATE",
      description = "The last day on which they used their products. Usually that of the decision.")
  private @Nullable String lastUsed;

  @Option(
      names = "--grants",
      split = ",",
      paramLabel = "PURPOSE[/CHANNEL]",
      description = "What they agreed to, for the product that asks.")
  private List<String> grants = List.of();

  @Option(
      names = "--grants-sensitive",
      split = ",",
      paramLabel = "PURPOSE[/CHANNEL]",
      description = "For which they agreed to the use of sensitive data on its own.")
  private List<String> grantsSensitive = List.of();

  @Option(
      names = "--guardian-grants",
      split = ",",
      paramLabel = "PURPOSE[/CHANNEL]",
      description = "What a guardian agreed to.")
  private List<String> guardianGrants = List.of();

  @Option(
      names = "--guardian-grants-sensitive",
      split = ",",
      paramLabel = "PURPOSE[/CHANNEL]",
      description = "For which a guardian agreed to the use of sensitive data on its own.")
  private List<String> guardianGrantsSensitive = List.of();

  @Option(
      names = "--pools",
      split = ",",
      paramLabel = "PRODUCT",
      description = "Products whose data they let others use.")
  private List<String> pools = List.of();

  @Option(
      names = "--withdraws",
      split = ",",
      paramLabel = "PURPOSE[/CHANNEL]",
      description = "What they refuse or took back, after all they agreed to.")
  private List<String> withdraws = List.of();

  @Option(
      names = "--answered",
      paramLabel = "VERSION",
      description = "The version under which they answered. Usually the one they accepted.")
  private @Nullable String answered;

  @Option(
      names = "--removed",
      split = ",",
      paramLabel = "FIELD",
      description = "What they have deleted.")
  private List<String> removed = List.of();

  @Option(
      names = "--collected",
      paramLabel = "PRODUCT@DATE",
      description = "Of a value, which product collected it and when, such as meeting@2026-01-31.")
  private @Nullable String collected;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "When it is decided, such as 2026-05-01 or 2026-05-01T12:00:00Z. Usually now.")
  private @Nullable String at;

  /** When it is decided. */
  Instant now(Policies policies) {
    if (at != null) {
      return time("--at", at);
    }
    Instant now = InstantSource.system().instant();
    Instant first = policies.versions().getFirst().effectiveAt();
    return now.isBefore(first) ? first : now;
  }

  private static LocalDate day(String option, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(option + " takes a day such as 2026-05-01");
    }
  }

  private static Instant time(String option, String text) {
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          option + " takes a day such as 2026-05-01 or a time such as 2026-05-01T12:00:00Z");
    }
  }

  /** Where the value comes from, or null if none is described. */
  @Nullable Origin origin(Policies policies) {
    if (collected == null) {
      return null;
    }
    String[] parts = collected.split("@", 2);
    if (parts.length < 2) {
      throw new IllegalArgumentException(
          "--collected takes a product and a day, such as meeting@2026-01-31");
    }
    return new Origin(known(policies, "--collected", parts[0]), time("--collected", parts[1]));
  }

  /**
   * The state they describe.
   *
   * @throws IllegalArgumentException if it names what no version of the policy declares
   */
  SubjectState state(Policies policies, Policy policy, Instant now, ProductId product) {
    Optional<PolicyVersion> last = accepted(policies, policy);
    PolicyVersion under =
        answered == null
            ? last.orElse(policy.version())
            : version(policies, "--answered", answered);
    return new SubjectState(
        NOBODY,
        1,
        now,
        status,
        memberships(policies, product, now),
        last,
        age,
        choices(policies, product, under, now),
        removed(policies));
  }

  private Optional<PolicyVersion> accepted(Policies policies, Policy policy) {
    if (accepted == null) {
      return Optional.of(policy.version());
    }
    return accepted.equals(NONE)
        ? Optional.empty()
        : Optional.of(version(policies, "--accepted", accepted));
  }

  private static PolicyVersion version(Policies policies, String option, String name) {
    return policies.versions().stream()
        .map(CompiledPolicy::version)
        .filter(version -> version.toString().equals(name) || version.version().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    option
                        + ": there is no version `"
                        + name
                        + "`; there is "
                        + String.join(
                            ", ",
                            policies.versions().stream()
                                .map(each -> each.version().toString())
                                .toList())));
  }

  private List<Membership> memberships(Policies policies, ProductId product, Instant now) {
    List<Membership> memberships = new ArrayList<>();
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    LocalDate used = lastUsed == null ? today : day("--last-used", lastUsed);
    if (uses.isEmpty() && !closed.contains(product.value())) {
      memberships.add(new Membership(product, null, used));
    }
    for (String name : uses) {
      if (!name.equals(NONE) && !closed.contains(name)) {
        memberships.add(new Membership(known(policies, "--uses", name), null, used));
      }
    }
    for (String name : closed) {
      memberships.add(new Membership(known(policies, "--closed", name), now, used));
    }
    return memberships;
  }

  private static ProductId known(Policies policies, String option, String name) {
    requireKnown(option, "product", name, names(policies, Policy::products, ProductId::value));
    return new ProductId(name);
  }

  /** Throws for a name that is not among those known, with the one that was probably meant. */
  static void requireKnown(String option, String kind, String name, Collection<String> known) {
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          option
              + ": the policy has no "
              + kind
              + " `"
              + name
              + "`"
              + Suggestions.nearest(name, known)
                  .map(near -> "; did you mean `" + near + "`?")
                  .orElse(""));
    }
  }

  /** What versions declare, for all products and for single ones. */
  private static <T> Set<String> names(
      Policies policies, Function<Policy, List<T>> parts, Function<T, String> name) {
    return policies.versions().stream()
        .flatMap(version -> version.source().layers().stream())
        .flatMap(terms -> parts.apply(terms).stream())
        .map(name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<FieldId> removed(Policies policies) {
    Set<String> known =
        names(
            policies,
            terms -> terms.categories().stream().flatMap(each -> each.fields().stream()).toList(),
            field -> field.id().toString());
    Set<FieldId> fields = new HashSet<>();
    for (String name : removed) {
      requireKnown("--removed", "field", name, known);
      fields.add(FieldId.of(name));
    }
    return fields;
  }

  private List<Choice> choices(
      Policies policies, ProductId product, PolicyVersion under, Instant now) {
    Answers answers = new Answers(policies, under, now);
    answers.grant("--grants", grants, product, Coverage.ORDINARY, By.SELF);
    answers.grant("--grants-sensitive", grantsSensitive, product, Coverage.SENSITIVE, By.SELF);
    answers.grant("--guardian-grants", guardianGrants, product, Coverage.ORDINARY, By.GUARDIAN);
    answers.grant(
        "--guardian-grants-sensitive",
        guardianGrantsSensitive,
        product,
        Coverage.SENSITIVE,
        By.GUARDIAN);
    for (String pooled : pools) {
      answers.grant(
          "--pools",
          List.of(CompiledPolicy.POOLING),
          known(policies, "--pools", pooled),
          Coverage.ORDINARY,
          By.SELF);
    }
    withdraws.forEach(
        what -> answers.add("--withdraws", what, null, Coverage.ALL, Answer.WITHDRAWN, By.SELF));
    return answers.choices;
  }

  /** Answers in the order in which they were given. */
  private static final class Answers {
    private final List<Choice> choices = new ArrayList<>();
    private final Policies policies;
    private final PolicyVersion under;
    private final Instant now;

    Answers(Policies policies, PolicyVersion under, Instant now) {
      this.policies = policies;
      this.under = under;
      this.now = now;
    }

    void grant(String option, List<String> whats, ProductId product, Coverage coverage, By by) {
      whats.forEach(what -> add(option, what, product, coverage, Answer.GRANTED, by));
    }

    void add(
        String option,
        String what,
        @Nullable ProductId product,
        Coverage coverage,
        Answer answer,
        By by) {
      String[] parts = what.split("/", 2);
      requirePurpose(option, parts[0]);
      requireChannel(option, parts, answer);
      long order = choices.size() + 1L;
      choices.add(
          new Choice(
              parts[0],
              product,
              parts.length < 2 ? null : new ChannelId(parts[1]),
              coverage,
              answer,
              by,
              under,
              now,
              order,
              new UUID(0x7000L, order | Long.MIN_VALUE)));
    }

    /** A grant names its channel where the purpose has channels. */
    private void requireChannel(String option, String[] parts, Answer answer) {
      Set<String> channels = new TreeSet<>();
      declared(parts[0])
          .forEach(p -> p.channels().forEach(channel -> channels.add(channel.value())));
      boolean fits =
          parts.length < 2
              ? channels.isEmpty() || answer == Answer.WITHDRAWN
              : channels.contains(parts[1]);
      if (!fits) {
        throw new IllegalArgumentException(
            option
                + ": name `"
                + parts[0]
                + "` "
                + (channels.isEmpty()
                    ? "without a channel; it has none"
                    : "with one of its channels, as `"
                        + parts[0]
                        + "/"
                        + Suggestions.nearest(parts[parts.length - 1], channels)
                            .orElse(channels.iterator().next())
                        + "`"));
      }
    }

    /** The purpose as versions declare it, for all products and for single ones. */
    private Stream<Purpose> declared(String purpose) {
      return policies.versions().stream()
          .flatMap(policy -> policy.layers().stream())
          .flatMap(terms -> Stream.ofNullable(terms.declaredPurpose(purpose)));
    }

    private void requirePurpose(String option, String name) {
      Set<String> known = names(policies, Policy::purposes, purpose -> purpose.id().value());
      known.add(CompiledPolicy.POOLING);
      requireKnown(option, "purpose", name, known);
    }
  }
}
