package dev.pledge.server.demo;

import dev.pledge.engine.Changes;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.Replies.Reply;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.Acceptance;
import dev.pledge.engine.gate.Collected;
import dev.pledge.engine.gate.Collection;
import dev.pledge.engine.gate.ConsentChange;
import dev.pledge.engine.gate.FieldRefusal;
import dev.pledge.engine.gate.Found;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.Registered;
import dev.pledge.engine.gate.Registration;
import dev.pledge.log.Sha256;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.UndertakingId;
import dev.pledge.server.console.Progress;
import dev.pledge.server.demo.Invented.Stance;
import dev.pledge.server.http.CentreSettings.Invited;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fills a Pledge with invented people, each in one change through the gate, and tells how to ask
 * about them. Filling again adds nobody; the demo's tokens are made anew each time.
 */
public final class Demo {
  static final String PRODUCT = "meeting";
  private static final Duration LIFETIME = Duration.ofDays(7);
  private static final int TOGETHER = 8;

  /** Who gives the demo's tokens, as the log says it. */
  private static final dev.pledge.log.Caller BY =
      dev.pledge.log.Caller.of(dev.pledge.log.Caller.SYSTEM, "demo");

  private static final byte[] NOTHING = {};
  private static final String REMEDY =
      "; leave --demo out, or start with `policies/emeet` and a data directory of its own";

  /** Why a value is refused because the person, or the guardian, has not agreed to its use. */
  private static final Set<String> AS_CHOSEN =
      Set.of(Reason.CONSENT_MISSING.code(), Reason.GUARDIAN_MISSING.code());

  /** The purposes that invented people choose about and the printed calls ask for. */
  private static final List<String> PURPOSES =
      List.of(
          "authentication",
          "customer-service",
          "improvement",
          "promotion",
          "recommendation",
          "settings");

  private final Pledge pledge;
  private final Caller caller;
  private final PolicyVersion policy;
  private final Instant now;
  private final String backendToken;
  private final String supportToken;
  private final String legalToken;
  private final String securityToken;
  private final String officerToken;

  private Demo(Pledge pledge, InstantSource clock) {
    this.pledge = pledge;
    this.now = clock.instant();
    this.policy = fitting(pledge, now).version();
    this.backendToken = token(BACKEND);
    this.supportToken = token(SUPPORT);
    this.legalToken = token(LEGAL);
    this.securityToken = token(SECURITY);
    this.officerToken = token(OFFICER);
    this.caller =
        pledge
            .actors()
            .authenticate(backendToken)
            .orElseThrow(() -> new IllegalStateException("a token just made does not work"));
  }

  /**
   * Adds the people who are not there yet and says so on {@code out}.
   *
   * @return how to invite someone to try
   */
  public static Demo fill(Pledge pledge, InstantSource clock, PrintWriter out) {
    Demo demo = new Demo(pledge, clock);
    if (demo.isThere(People.ALL)) {
      out.printf(Locale.ROOT, "The %,d invented people are there already.%n", People.ALL);
      out.flush();
    } else {
      demo.fill(out);
    }
    return demo;
  }

  // ---------------------------------------------------------------- who calls

  private static final NewActor BACKEND =
      new NewActor(
          new ActorId("demo-backend"),
          Asker.Kind.SERVICE,
          Set.of(new RoleId("product-backend"), new RoleId("message-sender")),
          Set.of(new ProductId(PRODUCT)),
          EnumSet.complementOf(EnumSet.of(Scope.LOG, Scope.ALARMS)),
          Set.of());

  private static final NewActor SUPPORT = staff("demo-support", "support-agent", Set.of());
  private static final NewActor LEGAL = staff("demo-legal", "legal", Set.of());
  private static final NewActor SECURITY = staff("demo-security", "security-officer", Set.of());
  private static final NewActor OFFICER =
      staff(
          "demo-officer",
          "privacy-officer",
          Set.of(Scope.EXPLAIN, Scope.LOG, Scope.ALARMS, Scope.REQUESTS));

  private static NewActor staff(String id, String role, Set<Scope> scopes) {
    return new NewActor(
        new ActorId(id),
        Asker.Kind.STAFF,
        Set.of(new RoleId(role)),
        Set.of(new ProductId(PRODUCT)),
        scopes,
        Set.of(new UndertakingId("confidentiality")));
  }

  private String token(NewActor actor) {
    pledge.actors().revoke(actor.id(), BY);
    return pledge.actors().replace(actor, LIFETIME, BY).secret();
  }

  /** The policy in force, if it has what the demonstration speaks of. */
  private static CompiledPolicy fitting(Pledge pledge, Instant now) {
    CompiledPolicy policy =
        pledge
            .policyFiles()
            .policies()
            .inForce(now)
            .orElseThrow(
                () -> new DemoRefused("no version of the policy is in force yet" + REMEDY));
    Set<RoleId> roles =
        policy.source().roles().stream().map(Policy.Role::id).collect(Collectors.toSet());
    boolean fits =
        policy.covers(PRODUCT)
            && Stream.of(BACKEND, SUPPORT, LEGAL, SECURITY, OFFICER)
                .allMatch(actor -> roles.containsAll(actor.roles()))
            && PURPOSES.stream().allMatch(purpose -> policy.declaredPurpose(purpose) != null);
    if (!fits) {
      throw new DemoRefused(
          "the policy `" + policy.version() + "` is not the one the demonstration uses" + REMEDY);
    }
    return policy;
  }

  // ---------------------------------------------------------------- filling

  private boolean isThere(int number) {
    return find(number) instanceof Found.Subject;
  }

  private Found find(int number) {
    return pledge.find(caller, "external", Invented.account(number), "authentication", PRODUCT);
  }

  private void fill(PrintWriter out) {
    People people = new People(LocalDate.ofInstant(now, ZoneOffset.UTC));
    Progress progress = new Progress(out, "Adding invented people", People.ALL);
    try (ExecutorService workers = Executors.newFixedThreadPool(TOGETHER)) {
      List<Future<?>> added = new ArrayList<>();
      for (int number = 1; number < People.ALL; number++) {
        Invented person = people.person(number);
        added.add(workers.submit(() -> add(person)));
      }
      try {
        for (int done = 0; done < added.size(); done++) {
          await(added.get(done));
          progress.at(done + 1);
        }
      } catch (RuntimeException e) {
        // What refuses one refuses more of them.
        workers.shutdownNow();
        throw e;
      }
      // The last comes last: when it is there, all are.
      add(people.person(People.ALL));
      progress.at(People.ALL);
    }
  }

  private static void await(Future<?> work) {
    try {
      work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while adding people", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException("could not add an invented person", e);
    }
  }

  private void add(Invented person) {
    pledge.once(
        caller, person.account(), Sha256.of(person.account()), changes -> add(changes, person));
  }

  private Reply add(Changes changes, Invented person) throws SQLException {
    Registered registered = changes.register(registration(person));
    switch (registered) {
      case Registered.Subject(SubjectId subject, var receipt) -> settle(changes, subject, person);
      case Registered.AliasTaken _ -> {
        // There already, from a filling that was broken off.
      }
      case Registered.Refused(var reason, var clause, var receipt) ->
          throw unexpected(person, reason.code());
      case Registered.AliasesRefused(var refusals, var receipt) ->
          throw unexpected(person, refusals.get(0).code());
    }
    return new Reply(200, null, NOTHING);
  }

  private static DemoRefused unexpected(Invented person, String reason) {
    return new DemoRefused(
        String.format(
            Locale.ROOT,
            "the policy in force refuses invented person %d: %s%s",
            person.number(),
            reason,
            REMEDY));
  }

  private void settle(Changes changes, SubjectId subject, Invented person) throws SQLException {
    if (person.stance() != Stance.UNACCEPTED) {
      check(
          person, changes.collect(subject, collection(CompiledPolicy.PERSON, person, "identity.")));
      check(
          person,
          changes.collect(
              subject, collection(CompiledPolicy.PRODUCT_USE, person, "device.", "log.")));
    }
    if (person.stance() == Stance.LEFT) {
      check(
          person,
          changes.consent(
              subject,
              choice("promotion", "email", Answer.WITHDRAWN, Coverage.ALL, By.SELF, person)));
    }
  }

  private static void check(Invented person, Collected collected) {
    if (!(collected instanceof Collected.Answer answer)) {
      throw unexpected(person, "nothing was stored");
    }
    for (FieldRefusal refused : answer.refused()) {
      if (!AS_CHOSEN.contains(refused.code())) {
        throw unexpected(person, refused.field() + " " + refused.code());
      }
    }
  }

  private static void check(Invented person, Outcome outcome) {
    switch (outcome) {
      case Outcome.Done _ -> {
        // As meant.
      }
      case Outcome.Refused refused -> throw unexpected(person, refused.reason().code());
      case Outcome.Unknown _ -> throw unexpected(person, "not there");
    }
  }

  private Registration registration(Invented person) {
    Acceptance accepted =
        person.stance() == Stance.UNACCEPTED ? null : new Acceptance(policy, evidence(person));
    return new Registration(
        PRODUCT, person.aliases(), person.birthDate(), accepted, choices(person), person.country());
  }

  private List<ConsentChange> choices(Invented person) {
    return switch (person.stance()) {
      case JOINED, LEFT ->
          List.of(
              granted("promotion", "email", person),
              granted("recommendation", null, person),
              granted("improvement", null, person));
      case GUARDED -> byGuardian(person, "authentication", "customer-service", "settings");
      case CHILD -> byGuardian(person, "authentication");
      case PLAIN, UNACCEPTED -> List.of();
    };
  }

  private ConsentChange granted(String purpose, @Nullable String channel, Invented person) {
    return choice(purpose, channel, Answer.GRANTED, Coverage.ORDINARY, By.SELF, person);
  }

  /** Of a small child all data is sensitive, for which a guardian has to agree apart (VI.4). */
  private List<ConsentChange> byGuardian(Invented person, String... purposes) {
    List<ConsentChange> choices = new ArrayList<>();
    for (String purpose : purposes) {
      for (Coverage coverage : List.of(Coverage.ORDINARY, Coverage.SENSITIVE)) {
        choices.add(choice(purpose, null, Answer.GRANTED, coverage, By.GUARDIAN, person));
      }
    }
    return choices;
  }

  private ConsentChange choice(
      String purpose,
      @Nullable String channel,
      Answer answer,
      Coverage coverage,
      By by,
      Invented person) {
    return new ConsentChange(purpose, answer, PRODUCT, channel, coverage, by, evidence(person));
  }

  private Evidence evidence(Invented person) {
    return new Evidence("checked-box", policy.toString(), person.language(), now, null);
  }

  private static Collection collection(String source, Invented person, String... categories) {
    Map<String, Object> values = new LinkedHashMap<>(person.values());
    values.keySet().removeIf(field -> List.of(categories).stream().noneMatch(field::startsWith));
    return new Collection(PRODUCT, source, Set.of(), values);
  }

  // ---------------------------------------------------------------- inviting

  /**
   * Prints calls to paste, and writes what they need to {@code file}, which people know as {@code
   * shown}, so that other calls can be made from a shell.
   */
  public void invite(String url, Path file, String shown, PrintWriter out) throws IOException {
    Invitation invitation =
        new Invitation(
            url,
            backendToken,
            supportToken,
            legalToken,
            securityToken,
            officerToken,
            subject(People.JOINED),
            subject(People.CHILD),
            policy,
            now);
    invitation.write(file);
    out.println(invitation.text(shown));
    out.flush();
  }

  /** Whom everybody may sign in to the Privacy Centre as. */
  public List<Invited> invited() {
    return List.of(
        new Invited(
            subject(People.JOINED), "An adult who agreed to offers by e-mail", "同意接收邮件促销的成年人"),
        new Invited(
            subject(People.CHILD),
            "A child whose guardian agreed to signing in alone",
            "监护人仅同意登录的未成年人"));
  }

  private SubjectId subject(int number) {
    return switch (find(number)) {
      case Found.Subject(SubjectId subject, var receipt) -> subject;
      case Found.Nobody _, Found.Refused _, Found.Malformed _ ->
          throw new IllegalStateException(
              "invented person " + number + " is not there; start on a new --data directory");
    };
  }
}
