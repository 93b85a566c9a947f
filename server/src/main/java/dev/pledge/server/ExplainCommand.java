package dev.pledge.server;

import dev.pledge.engine.PolicyFiles;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Explanation;
import dev.pledge.policy.decision.Explanation.OfField;
import dev.pledge.policy.decision.Explanation.Origin;
import dev.pledge.policy.decision.Explanation.Outcome;
import dev.pledge.policy.decision.Explanation.Step;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.language.Suggestions;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import dev.pledge.server.http.ExplanationJson;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pledge policy explain DIR}. */
@Command(
    name = "explain",
    description = {
      "Tell what a policy decides about a question, by which rules and clauses.",
      "Without --purpose the question is whether the fields may be stored. The person is an adult"
          + " who uses the product and has accepted the policy, unless said otherwise.",
      "Options may stand in a file, one in a line: @FILE.",
      "Exit code 0 whatever is decided."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  private static final Map<Outcome, String> SIGNS =
      Map.of(
          Outcome.PASSED, "+",
          Outcome.REFUSED, "x",
          Outcome.DOES_NOT_APPLY, " ",
          Outcome.OF_EACH_VALUE, "?",
          Outcome.NOT_TRIED, " ");

  /** Where options are not called as members of requests are. */
  private static final Map<String, String> OPTIONS = Map.of("conditions", "--condition");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "DIR",
      description = "The directory with policy.yaml, or with one directory for each version.")
  private Path directory = Path.of("");

  @Option(
      names = "--field",
      required = true,
      split = ",",
      paramLabel = "FIELD",
      description = "What is asked for, such as contact.email; repeat it, or use commas.")
  private List<String> fields = List.of();

  @Option(names = "--purpose", paramLabel = "PURPOSE", description = "What it is needed for.")
  private @Nullable String purpose;

  @Option(
      names = "--product",
      defaultValue = CompiledPolicy.GENERAL,
      paramLabel = "PRODUCT",
      description = "The product that asks. Usually ${DEFAULT-VALUE}.")
  private String product = CompiledPolicy.GENERAL;

  @Option(names = "--channel", paramLabel = "CHANNEL", description = "How people are reached.")
  private @Nullable String channel;

  @Option(
      names = "--justified",
      description = "A reason is given, without which nobody but a service sees clear.")
  private boolean justified;

  @Option(
      names = "--reveal",
      split = ",",
      paramLabel = "FIELD",
      description = "Asked for in clear, with a reason.")
  private Set<String> reveal = Set.of();

  @Option(
      names = "--source",
      defaultValue = CompiledPolicy.PERSON,
      paramLabel = "SOURCE",
      description = "Where what is stored comes from. Usually ${DEFAULT-VALUE}.")
  private String source = CompiledPolicy.PERSON;

  @Option(
      names = "--condition",
      split = ",",
      paramLabel = "NAME",
      description = "What whoever stores it asserts to be true.")
  private Set<String> conditions = Set.of();

  @Option(
      names = "--approved",
      split = ",",
      paramLabel = "FIELD",
      description = "What an approval names, given for an exception by the role that approves.")
  private Set<String> approved = Set.of();

  @Option(
      names = "--recipient",
      paramLabel = "RECIPIENT",
      description = "To whom it would be handed over.")
  private @Nullable String recipient;

  @Option(
      names = "--destination",
      paramLabel = "COUNTRY",
      description = "Where it would go, if the recipient has several places, such as CN.")
  private @Nullable String destination;

  @ArgGroup(validate = false, heading = "%nWho asks:%n")
  private Who who = new Who();

  @ArgGroup(validate = false, heading = "%nAbout whom:%n")
  private DescribedPerson person = new DescribedPerson();

  @ArgGroup(validate = false, heading = "%nThe answer:%n")
  private Shape shape = new Shape();

  /** Who asks. */
  static final class Who {
    @Option(names = "--role", split = ",", paramLabel = "ROLE", description = "Held by who asks.")
    private Set<String> roles = Set.of();

    @Option(
        names = "--kind",
        paramLabel = "KIND",
        description =
            "service, staff, partner or auditor. Usually staff, or service where a role is for"
                + " services alone.")
    private Asker.@Nullable Kind kind;

    @Option(names = "--unsigned", description = "Has not signed what the roles ask for.")
    private boolean unsigned;

    @Option(
        names = "--as",
        defaultValue = "role",
        paramLabel = "CAPACITY",
        description =
            "role, or in a person's own right: subject, guardian, agent or heir. Usually"
                + " ${DEFAULT-VALUE}.")
    private Asker.Capacity capacity = Asker.Capacity.ROLE;

    @Option(names = "--stepped-up", description = "Verified more strongly than by signing in.")
    private boolean steppedUp;

    @Option(
        names = "--review-overdue",
        description = "An earlier emergency use was not reviewed in time.")
    private boolean overdue;
  }

  /** How the answer looks. */
  static final class Shape {
    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(
        names = "--language",
        defaultValue = "en",
        paramLabel = "LANGUAGE",
        description = "en or zh. Usually ${DEFAULT-VALUE}.")
    private String language = "en";

    Locale locale() {
      if (!language.equals("en") && !language.equals("zh")) {
        throw new IllegalArgumentException("--language takes en or zh");
      }
      return Locale.of(language);
    }
  }

  @Override
  public Integer call() {
    SoundPolicy.requireDirectory(spec, directory);
    Policies policies;
    try {
      policies = PolicyFiles.read(directory).policies();
    } catch (UncheckedIOException e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
    try {
      Instant now = person.now(policies);
      Policy policy =
          policies
              .inForce(now)
              .orElseGet(() -> policies.versions().getFirst())
              .source()
              .forProduct(new ProductId(product));
      Question question = question(policy);
      Explanation explanation =
          policies.explain(
              question,
              person.state(policies, policy, now, new ProductId(product)),
              origins(policies));
      print(question, explanation, Suggestions.of(question, policy));
    } catch (IllegalArgumentException e) {
      throw misused(String.valueOf(e.getMessage()));
    }
    return Main.DONE;
  }

  private ParameterException misused(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  // ---------------------------------------------------------------- the question

  private Question question(Policy policy) {
    Asker asker = asker(policy);
    boolean stores = purpose == null && who.capacity == Asker.Capacity.ROLE;
    requireFitting(stores);
    if (stores) {
      return Question.collect(asker, product, source, conditions, fields);
    }
    Question question = Question.read(asker, purpose, product, fields);
    if (channel != null) {
      question = question.over(channel);
    }
    if (recipient != null) {
      question = question.handingOver(new Question.HandOver(recipient, destination));
    }
    if (!approved.isEmpty()) {
      question = question.under(approval(policy));
    }
    return justified || !reveal.isEmpty() ? question.justified(reveal) : question;
  }

  /** An option that would not be looked at says that another question is meant. */
  private void requireFitting(boolean stores) {
    if (stores) {
      require(recipient == null, "--recipient needs --purpose");
      require(channel == null, "--channel needs --purpose");
      require(approved.isEmpty(), "--approved needs --purpose");
      require(reveal.isEmpty() && !justified, "--reveal and --justified need --purpose");
    } else {
      require(
          conditions.isEmpty() && source.equals(CompiledPolicy.PERSON),
          "--condition and --source are about what is stored; leave out --purpose");
    }
    require(destination == null || recipient != null, "--destination needs --recipient");
  }

  private static void require(boolean fits, String otherwise) {
    if (!fits) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private Asker asker(Policy policy) {
    Set<RoleId> roles = new HashSet<>();
    Set<String> known =
        policy.roles().stream().map(role -> role.id().value()).collect(Collectors.toSet());
    for (String name : who.roles) {
      RoleId role = new RoleId(name);
      DescribedPerson.requireKnown("--role", "role", role.value(), known);
      roles.add(role);
    }
    Set<UndertakingId> signed =
        policy.roles().stream()
            .flatMap(role -> role.undertaking().stream())
            .filter(_ -> !who.unsigned)
            .collect(Collectors.toSet());
    return new Asker(
        new ActorId("asker"),
        who.kind == null ? usualKind(policy, roles) : who.kind,
        roles,
        Set.copyOf(policy.products()),
        signed,
        who.capacity,
        who.steppedUp ? Asker.Assurance.STEPPED_UP : Asker.Assurance.SIGNED_IN,
        who.overdue ? Asker.Reviews.OVERDUE : Asker.Reviews.IN_TIME);
  }

  private static Asker.Kind usualKind(Policy policy, Set<RoleId> roles) {
    return policy.roles().stream()
            .filter(role -> roles.contains(role.id()))
            .anyMatch(role -> role.heldBy() == HeldBy.SERVICE)
        ? Asker.Kind.SERVICE
        : Asker.Kind.STAFF;
  }

  private Question.ExceptionUse approval(Policy policy) {
    Set<RoleId> everyRole = policy.roles().stream().map(Role::id).collect(Collectors.toSet());
    return new Question.ExceptionUse(
        new ActorId("approver"), Asker.Kind.STAFF, everyRole, approved);
  }

  private Map<String, Origin> origins(Policies policies) {
    Origin origin = person.origin(policies);
    Map<String, Origin> origins = new HashMap<>();
    if (origin != null) {
      fields.forEach(field -> origins.put(field, origin));
    }
    return origins;
  }

  // ---------------------------------------------------------------- the answer

  private void print(Question question, Explanation explanation, Suggestions suggestions) {
    PrintWriter out = spec.commandLine().getOut();
    Locale language = shape.locale();
    if (shape.json) {
      out.println(ExplanationJson.text(explanation, suggestions, language));
    } else {
      out.println(heading(question, explanation));
      suggestions
          .names()
          .forEach(
              one ->
                  out.printf(
                      Locale.ROOT,
                      "%s: the policy has none of that name; did you mean `%s`?%n",
                      OPTIONS.getOrDefault(one.of(), "--" + one.of()),
                      one.name()));
      for (int i = 0; i < explanation.fields().size(); i++) {
        print(out, explanation.fields().get(i), suggestions.fields().get(i), language);
      }
    }
    out.flush();
  }

  private String heading(Question question, Explanation explanation) {
    StringBuilder heading = new StringBuilder(explanation.policy().toString());
    explanation.beside().forEach(version -> heading.append(" beside ").append(version));
    heading.append(
        switch (question.act()) {
          case COLLECT -> ": may be stored";
          case READ -> ": may be seen";
          case SHARE -> ": may be handed to " + recipient;
        });
    if (question.purpose() != null) {
      heading.append(" for ").append(question.purpose());
    }
    heading.append(" in ").append(product);
    if (!explanation.counted().isEmpty()) {
      heading.append(", as ");
      heading.append(
          explanation.counted().stream()
              .map(RoleId::value)
              .sorted()
              .collect(Collectors.joining(", ")));
    }
    return heading.append("?").toString();
  }

  private static void print(
      PrintWriter out, OfField field, @Nullable String meant, Locale language) {
    String remedy = meant == null ? "" : "; did you mean `" + meant + "`?";
    out.printf(Locale.ROOT, "%n%s: %s%s%n", field.asked(), outcome(field), remedy);
    for (Step step : field.steps()) {
      out.printf(
          Locale.ROOT,
          "  %s %-12s  %-8s  %s%s%n",
          SIGNS.get(step.outcome()),
          word(step.rule()),
          step.clause(),
          step.sentence(language),
          field.isDecidedBy(step) ? "  <- decides" : "");
    }
  }

  private static String outcome(OfField field) {
    if (field.refused() != null) {
      return "no, " + field.refused().code();
    }
    String view = field.view() == null ? "" : field.view().word();
    return "yes, " + (field.purpose() == null ? view : view + ", for " + field.purpose().value());
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
