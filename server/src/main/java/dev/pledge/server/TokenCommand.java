package dev.pledge.server;

import dev.pledge.engine.TokenDesk;
import dev.pledge.engine.actor.ActorDiffers;
import dev.pledge.engine.actor.ActorDisabled;
import dev.pledge.engine.actor.Actors;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.NewToken;
import dev.pledge.engine.actor.Scope;
import dev.pledge.log.Caller;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pledge token …}: who may call. */
@Command(
    name = "token",
    description = "Make and revoke tokens.",
    subcommands = {TokenCommand.Create.class, TokenCommand.Revoke.class},
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class TokenCommand implements Runnable {
  /** Who gives and revokes tokens here, as the log says it. */
  private static final Caller BY = Caller.of(Caller.SYSTEM, "command-line");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: create or revoke");
  }

  /** Does the work where {@code places} say, beside a server that runs there or without one. */
  private static <T> T at(Places places, Function<Actors, T> work) {
    try (TokenDesk desk = TokenDesk.open(places.existing())) {
      return work.apply(desk.actors());
    } catch (UncheckedIOException e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
  }

  /** {@code pledge token create}. */
  @Command(
      name = "create",
      description = {
        "Give an actor a token. The token is printed once and kept only as a hash.",
        "That it was given is on the log.",
        "Works while the server runs and while it does not, on data it has run on once.",
        "What the actor may do is the actor's, not the token's: an actor that is there has to be"
            + " named with the kind, roles and products it has, or with --replace."
      },
      mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Places places = new Places();

    @Option(
        names = "--actor",
        required = true,
        paramLabel = "ID",
        description = "Who it is for, such as meeting-backend or jo.doe.")
    private String actor = "";

    @Option(
        names = "--kind",
        required = true,
        paramLabel = "KIND",
        description = "service, staff, partner or auditor.")
    private Asker.Kind kind = Asker.Kind.SERVICE;

    @Option(names = "--role", paramLabel = "ROLE", description = "A role of the policy; repeat it.")
    private List<String> roles = List.of();

    @Option(
        names = "--product",
        paramLabel = "PRODUCT",
        description = "A product the actor works for; repeat it.")
    private List<String> products = List.of();

    @Option(
        names = "--scope",
        paramLabel = "SCOPE",
        description =
            "subjects, consents, lookup, bulk, rights, explain, log or alarms; repeat it.")
    private List<String> scopes = List.of();

    @Option(
        names = "--undertaking",
        paramLabel = "NAME",
        description =
            "An undertaking the actor has signed; runs at least as long as the token. Repeat it.")
    private List<String> undertakings = List.of();

    @Option(
        names = "--expires",
        defaultValue = "P30D",
        paramLabel = "TERM",
        description = "How long it runs, such as P30D or PT8H. Usually ${DEFAULT-VALUE}.")
    private String expires = "P30D";

    @Option(
        names = "--replace",
        description = {
          "Give an actor that is there this kind, these roles and products instead of those it"
              + " has.",
          "They count for every token it has, within five seconds."
        })
    private boolean replace;

    @Override
    public Integer call() {
      NewActor who = who();
      Duration lifetime = term();
      requireKnown(who);
      NewToken token = at(places, actors -> create(actors, who, lifetime));
      PrintWriter out = spec.commandLine().getOut();
      out.println(token.secret());
      out.flush();
      PrintWriter err = spec.commandLine().getErr();
      err.printf(
          Locale.ROOT,
          "for %s until %s; it is not shown again%n",
          token.actor(),
          token.expires().truncatedTo(ChronoUnit.SECONDS));
      if (replace) {
        err.printf(
            Locale.ROOT,
            "every token of %s now stands for the kind, roles and products just given%n",
            token.actor());
      }
      err.flush();
      return Main.DONE;
    }

    private NewActor who() {
      try {
        return new NewActor(
            read("--actor", actor, ActorId::new),
            kind,
            all("--role", roles, RoleId::new),
            all("--product", products, ProductId::new),
            all("--scope", scopes, this::scope),
            all("--undertaking", undertakings, UndertakingId::new));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
      }
    }

    private NewToken create(Actors actors, NewActor who, Duration lifetime) {
      try {
        return replace ? actors.replace(who, lifetime, BY) : actors.create(who, lifetime, BY);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), e.getMessage());
      } catch (ActorDiffers e) {
        throw new CommandRefused(
            e.getMessage() + "; name the same, or change them for every token with --replace");
      } catch (ActorDisabled e) {
        throw new CommandRefused(String.valueOf(e.getMessage()));
      }
    }

    private void requireKnown(NewActor who) {
      try {
        KnownNames.in(places.policy()).require(who);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), e.getMessage());
      } catch (UncheckedIOException e) {
        throw new CommandRefused(String.valueOf(e.getMessage()));
      }
    }

    private Duration term() {
      try {
        return Duration.parse(expires);
      } catch (DateTimeParseException e) {
        throw new ParameterException(
            spec.commandLine(), "--expires takes a term such as P30D or PT8H");
      }
    }

    private Scope scope(String word) {
      return Scope.of(word)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "the scopes are "
                          + Stream.of(Scope.values())
                              .map(Scope::word)
                              .collect(Collectors.joining(", "))));
    }

    private <T> Set<T> all(String option, List<String> texts, Function<String, T> reader) {
      return texts.stream()
          .map(text -> read(option, text, reader))
          .collect(Collectors.toUnmodifiableSet());
    }

    private <T> T read(String option, String text, Function<String, T> reader) {
      try {
        return reader.apply(text);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage());
      }
    }
  }

  /** {@code pledge token revoke}. */
  @Command(
      name = "revoke",
      description = {
        "Revoke every token of an actor. They stop within five seconds.",
        "That they were revoked is on the log."
      },
      mixinStandardHelpOptions = true)
  static final class Revoke implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Places places = new Places();

    @Option(names = "--actor", required = true, paramLabel = "ID", description = "Whose tokens.")
    private String actor = "";

    @Override
    public Integer call() {
      ActorId id;
      try {
        id = new ActorId(actor);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--actor: " + e.getMessage());
      }
      int revoked = at(places, actors -> actors.revoke(id, BY));
      if (revoked == 0) {
        throw new CommandRefused("`" + id + "` has no token to revoke");
      }
      PrintWriter out = spec.commandLine().getOut();
      out.println(revoked == 1 ? "1 token revoked" : revoked + " tokens revoked");
      out.flush();
      return Main.DONE;
    }
  }
}
