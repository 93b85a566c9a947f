package dev.pledge.server;

import dev.pledge.engine.Configuration;
import dev.pledge.engine.KeyDesk;
import dev.pledge.engine.KeyDesk.Change;
import dev.pledge.engine.KeyDesk.Epoch;
import dev.pledge.engine.Pledge;
import dev.pledge.server.console.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pledge keys rotate}. */
@Command(
    name = "rotate",
    description = {
      "Change to the next epoch of keys: everybody's key is wrapped anew, aliases get new indexes,"
          + " and the log is sealed anew, while people are served. The keys of the epoch before are"
          + " destroyed on their date, and with them what old copies of the data are worth.",
      "The server does it; where none runs, this command does, except for the end. It can be cut"
          + " short at any time and goes on by itself with the next start.",
      "That an epoch has begun and was destroyed is on the log."
    },
    mixinStandardHelpOptions = true)
final class RotateCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 2_000;
  private static final Pattern DAYS = Pattern.compile("P([0-9]{1,4})D");

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Places places = new Places();

  @Option(
      names = "--destroy-after",
      paramLabel = "PERIOD",
      description =
          "When the keys of the epoch before are destroyed, from now: P2D or longer. Usually P30D."
              + " Backups of the data from before show nobody then without the current key journal.")
  private String destroyAfter = "P30D";

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "How many keys, indexes or entries are done a second at most. Usually 5000.")
  private int rate = 5_000;

  @Override
  public Integer call() throws InterruptedException {
    Duration grace = grace();
    if (rate < 1) {
      throw new ParameterException(spec.commandLine(), "--rate is 1 or more");
    }
    Configuration at = places.existing();
    boolean alone;
    try (KeyDesk desk = KeyDesk.open(at)) {
      if (!desk.request(rate, grace)) {
        say(underWay(desk.last().orElseThrow()));
      }
      alone = desk.isAlone();
    }
    if (alone) {
      try (Pledge _ = Pledge.open(at)) {
        return watch(at);
      }
    }
    return watch(at);
  }

  private static String underWay(Change change) {
    return change.readyAt().isPresent()
        ? "no further change begins before epoch " + change.from() + " is destroyed"
        : "a change of epochs is under way; this goes on with it, at the rate and until the date that"
            + " were named when it began";
  }

  private Duration grace() {
    Matcher days = DAYS.matcher(destroyAfter);
    int count = days.matches() ? Integer.parseInt(days.group(1)) : 0;
    if (count < 2) {
      throw new ParameterException(
          spec.commandLine(), "--destroy-after is a number of days, such as P30D, and P2D or more");
    }
    return Duration.ofDays(count);
  }

  /** Until nothing needs the older keys, or something keeps it from going on. */
  private int watch(Configuration at) throws InterruptedException {
    // One desk for all looks: that the keys were opened for it is on the log.
    try (KeyDesk desk = KeyDesk.open(at)) {
      Change change = desk.last().orElseThrow();
      long all = Math.max(1, left(desk.epochs(), change.from()));
      Progress progress = new Progress(spec.commandLine().getErr(), "brought over", all);
      while (true) {
        progress.at(Math.max(0, all - left(desk.epochs(), change.from())));
        Optional<Integer> done = done(desk.last().orElseThrow());
        if (done.isPresent()) {
          return done.get();
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    }
  }

  private Optional<Integer> done(Change change) {
    if (change.destroyedAt().isPresent()) {
      say("epoch " + change.from() + " was destroyed at " + change.destroyedAt().get());
      return Optional.of(Main.DONE);
    }
    if (change.readyAt().isPresent()) {
      say(
          String.format(
              Locale.ROOT,
              "nothing needs epoch %d any more, as a trial restore showed; its keys are destroyed"
                  + " by the server at %s",
              change.from(),
              change.destroyAt()));
      return Optional.of(Main.DONE);
    }
    if (change.trouble().isPresent()) {
      say("epoch " + change.from() + " is still needed: " + change.trouble().get());
      return Optional.of(Main.WRONG);
    }
    return Optional.empty();
  }

  /** What is under the older epoch alone; its indexes of aliases go with it. */
  private static long left(List<Epoch> epochs, int epoch) {
    return epochs.stream()
        .filter(each -> each.number() == epoch)
        .mapToLong(each -> each.people() + each.entries() + each.tiles())
        .sum();
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
