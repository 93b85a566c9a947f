package dev.pledge.server;

import dev.pledge.engine.Configuration;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.audit.Ageing;
import dev.pledge.engine.keys.KeySchedule;
import dev.pledge.engine.mail.MailSettings;
import dev.pledge.engine.watch.WatchSettings;
import dev.pledge.policy.decision.Term;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.server.demo.Demo;
import dev.pledge.server.http.CentreSettings;
import dev.pledge.server.http.Limits;
import dev.pledge.server.http.PledgeServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pledge up}: runs the server until it is told to stop. */
@Command(
    name = "up",
    description = {
      "Start Pledge and print where things are. Stops on Ctrl-C, finishing what is at work.",
      "Everything can be set by environment too: PLEDGE_PORT, PLEDGE_HOST, PLEDGE_DATA,"
          + " PLEDGE_KEYS, PLEDGE_ROOT_KEY, PLEDGE_POLICY, PLEDGE_WATCH, PLEDGE_ANCHORS,"
          + " PLEDGE_MAIL, PLEDGE_LOGS, PLEDGE_ARCHIVE_AFTER, PLEDGE_KEEP_LOG, PLEDGE_SWEEP_EVERY,"
          + " PLEDGE_EPOCH_LIFE, PLEDGE_DESTROY_AFTER, PLEDGE_OLDEST_KEY_BACKUP,"
          + " PLEDGE_BEHIND_TLS."
    },
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  private static final int USUAL_PORT = 8750;
  private static final String USUAL_HOST = "127.0.0.1";
  private static final int HIGHEST_PORT = 65_535;
  private static final Duration USUAL_GRACE = Duration.ofDays(30);
  private static final Pattern DAYS = Pattern.compile("P([0-9]{1,4})D");

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Places places = new Places();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Usually " + USUAL_PORT + "; 0 takes a free one.")
  private @Nullable Integer port;

  @Option(
      names = "--host",
      paramLabel = "H",
      description = "The address to listen on. Usually " + USUAL_HOST + ", this machine alone.")
  private @Nullable String host;

  @Option(
      names = "--watch",
      paramLabel = "FILE",
      description =
          "Limits from which on access raises an alarm. Usually those of docs/watching.md.")
  private @Nullable Path watch;

  @Option(
      names = "--anchors",
      paramLabel = "FILE",
      description = "Places outside that are told of the log's checkpoints; see docs/anchors.md.")
  private @Nullable Path anchors;

  @Option(
      names = "--mail",
      paramLabel = "FILE",
      description = {
        "The mail server by which messages to people are sent; see docs/messages.md.",
        "Without it they wait."
      })
  private @Nullable Path mail;

  @Option(
      names = "--archive-after",
      paramLabel = "PERIOD",
      description =
          "How long entries of the log have rows of their own before they are archived. Usually"
              + " P30D.")
  private @Nullable String archiveAfter;

  @Option(
      names = "--keep-log",
      paramLabel = "PERIOD",
      description = {
        "How long entries of the log are kept at all, P3Y or longer: the law asks for that.",
        "Usually for ever; hashes are, whatever is said here."
      })
  private @Nullable String keepLog;

  @Option(
      names = "--logs",
      paramLabel = "N",
      description = {
        "Over how many logs entries are spread, 1 to 16; usually 1. A log that was begun is always"
            + " served, and with a smaller N takes no more entries."
      })
  private @Nullable Integer logs;

  @Option(
      names = "--sweep-every",
      paramLabel = "TIME",
      description = {
        "How often what is no longer kept is deleted, from 1m to 24h; usually 1h.",
        "Nothing that is due is readable meanwhile; what is longer due than this is reported late."
      })
  private @Nullable String sweepEvery;

  @Option(
      names = "--calendar",
      paramLabel = "FILE",
      description = {
        "By which days people's requests are answered: lines such as `zone Asia/Shanghai`,",
        "`off 2026-10-01`, `worked 2026-10-10`; usually UTC, Monday to Friday."
      })
  private @Nullable Path calendar;

  @Option(
      names = "--epoch-life",
      paramLabel = "PERIOD",
      description = {
        "How old an epoch of keys gets before the server changes to the next by itself, such as P90D."
            + " Usually it never does.",
        "With --oldest-key-backup, certificates of erasure say from when on nobody reads old copies."
      })
  private @Nullable String epochLife;

  @Option(
      names = "--destroy-after",
      paramLabel = "PERIOD",
      description =
          "When the keys of an epoch are destroyed after the next one began: P2D or longer, and"
              + " shorter than --epoch-life. Usually P30D.")
  private @Nullable String destroyAfter;

  @Option(
      names = "--oldest-key-backup",
      paramLabel = "PERIOD",
      description =
          "Your word that no copy of the key store gets older than this, such as P7D, or P0D where"
              + " there is none but the one that is replaced.")
  private @Nullable String oldestKeyBackup;

  @Option(
      names = "--behind-tls",
      description =
          "Something in front of Pledge speaks TLS with browsers: the Privacy Centre's cookies then go"
              + " over nothing else.")
  private boolean secure;

  @Option(
      names = "--demo",
      description = {
        "Add 1,000 invented people and print calls to try.",
        "Listens on this machine alone."
      })
  private boolean demo;

  @Override
  public Integer call() throws InterruptedException, IOException {
    InetSocketAddress address = address();
    requireFree(address);
    Pledge pledge = open();
    AtomicReference<@Nullable Demo> shown = new AtomicReference<>();
    PledgeServer server = start(pledge, address, centre(shown));
    CountDownLatch stopped = new CountDownLatch(1);
    AtomicBoolean stopping = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(
                    () -> {
                      stopping.set(true);
                      server.close();
                      pledge.close();
                      say("Pledge has stopped.");
                      stopped.countDown();
                    }));
    String url = "http://" + shown(address) + ":" + server.port();
    PrintWriter out = spec.commandLine().getOut();
    try {
      if (demo) {
        Demo filled = Demo.fill(pledge, InstantSource.system(), out);
        shown.set(filled);
        ready(pledge, url);
        Path names = places.data().resolve("demo.env");
        filled.invite(url, names, Places.shown(names), out);
      } else {
        ready(pledge, url);
      }
    } catch (RuntimeException e) {
      // Told to stop while people are being added: the next start goes on where this one ended.
      if (!stopping.get()) {
        throw e;
      }
    }
    stopped.await();
    return Main.DONE;
  }

  private Pledge open() {
    say("Pledge " + VersionCommand.version() + " is starting.");
    try {
      Configuration usual =
          places
              .named()
              .watching(limits())
              .anchoredBy(AnchorsFile.read(spec, anchors))
              .ageing(ageing())
              .withLogs(logs())
              .sweepingEvery(sweepEvery())
              .withCalendar(calendar());
      Configuration mailed = mail().map(usual::mailedBy).orElse(usual);
      return Pledge.open(keySchedule().map(mailed::withKeySchedule).orElse(mailed));
    } catch (UncheckedIOException e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
  }

  private int logs() {
    return number(
        logs,
        "PLEDGE_LOGS",
        1,
        1,
        Configuration.MOST_LOGS,
        "a number of logs is one from 1 to " + Configuration.MOST_LOGS);
  }

  private WatchSettings limits() {
    WatchSettings usual = WatchSettings.usual(ZoneId.systemDefault());
    String named = setting("PLEDGE_WATCH", "");
    Path file = watch == null && !named.isEmpty() ? Path.of(named) : watch;
    return file == null ? usual : WatchFile.read(spec, file, usual);
  }

  private Optional<MailSettings> mail() {
    String named = setting("PLEDGE_MAIL", "");
    Path file = mail == null && !named.isEmpty() ? Path.of(named) : mail;
    return Optional.ofNullable(file).map(there -> MailFile.read(spec, there));
  }

  private Ageing ageing() {
    String keep = keepLog != null ? keepLog : setting("PLEDGE_KEEP_LOG", "");
    Period archive =
        period(
            "--archive-after",
            archiveAfter != null
                ? archiveAfter
                : setting("PLEDGE_ARCHIVE_AFTER", Ageing.USUAL.archive().toString()));
    try {
      return new Ageing(
          archive, keep.isEmpty() ? Optional.empty() : Optional.of(period("--keep-log", keep)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private Optional<KeySchedule> keySchedule() {
    Optional<Duration> life = days("--epoch-life", epochLife, "PLEDGE_EPOCH_LIFE");
    Optional<Duration> grace = days("--destroy-after", destroyAfter, "PLEDGE_DESTROY_AFTER");
    Optional<Duration> copies =
        days("--oldest-key-backup", oldestKeyBackup, "PLEDGE_OLDEST_KEY_BACKUP");
    if (life.isEmpty()) {
      if (grace.isPresent() || copies.isPresent()) {
        throw new ParameterException(
            spec.commandLine(),
            "--destroy-after and --oldest-key-backup go with --epoch-life: without it no key ends by"
                + " itself");
      }
      return Optional.empty();
    }
    try {
      return Optional.of(new KeySchedule(life.get(), grace.orElse(USUAL_GRACE), copies));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--epoch-life with --destroy-after: " + e.getMessage());
    }
  }

  private Optional<Duration> days(String option, @Nullable String given, String variable) {
    String text = given != null ? given : setting(variable, "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Matcher days = DAYS.matcher(text);
    if (!days.matches()) {
      throw new ParameterException(
          spec.commandLine(), option + " is a number of days, such as P90D");
    }
    return Optional.of(Duration.ofDays(Integer.parseInt(days.group(1))));
  }

  private Term.Calendar calendar() {
    String named = setting("PLEDGE_CALENDAR", "");
    @Nullable Path file = calendar != null || named.isEmpty() ? calendar : Path.of(named);
    return file == null ? Term.Calendar.weekdays(ZoneOffset.UTC) : CalendarFile.read(file);
  }

  private Duration sweepEvery() {
    String text = sweepEvery != null ? sweepEvery : setting("PLEDGE_SWEEP_EVERY", "1h");
    try {
      Duration period = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
      if (period.compareTo(Duration.ofMinutes(1)) >= 0
          && period.compareTo(Duration.ofDays(1)) <= 0) {
        return period;
      }
    } catch (DateTimeParseException e) {
      // Falls through to the complaint.
    }
    throw new ParameterException(
        spec.commandLine(), "--sweep-every is a time from 1m to 24h, such as 30m or 1h");
  }

  private Period period(String option, String text) {
    try {
      return Period.parse(text);
    } catch (DateTimeParseException e) {
      throw new ParameterException(
          spec.commandLine(), option + " is a period such as P30D, P6M or P3Y");
    }
  }

  private CentreSettings centre(AtomicReference<@Nullable Demo> shown) {
    return new CentreSettings(
        secure || setting("PLEDGE_BEHIND_TLS", "").equals("true"),
        () -> {
          Demo demonstration = shown.get();
          return demonstration == null ? List.of() : demonstration.invited();
        });
  }

  private static PledgeServer start(
      Pledge pledge, InetSocketAddress address, CentreSettings centre) {
    boolean started = false;
    try {
      PledgeServer server =
          PledgeServer.start(pledge, address, Limits.usual(), centre, InstantSource.system());
      started = true;
      return server;
    } finally {
      if (!started) {
        pledge.close();
      }
    }
  }

  private void ready(Pledge pledge, String url) {
    String policy =
        pledge.policyInForce().map(PolicyVersion::toString).orElse("none is in force yet");
    say(
        String.format(
            Locale.ROOT,
            """

            Pledge is ready at %s

              The interface   %s/docs
              The policy      %s/v1/policy (%s)
              Privacy Centre  %s
              Data            %s
              Keys            %s
              To stop         Ctrl-C
            """,
            url,
            url,
            url,
            policy,
            url + (demo ? "/me/demo" : "/me"),
            Places.shown(places.data()),
            Places.shown(places.keys())));
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }

  // ---------------------------------------------------------------- where to listen

  private InetSocketAddress address() {
    String named = host != null ? host : setting("PLEDGE_HOST", USUAL_HOST);
    try {
      InetAddress address = InetAddress.getByName(named);
      if (demo && !address.isLoopbackAddress()) {
        throw new ParameterException(
            spec.commandLine(),
            "--demo prints a token for everything and listens on this machine alone;"
                + " leave --host out");
      }
      return new InetSocketAddress(address, portNumber());
    } catch (UnknownHostException e) {
      throw new ParameterException(spec.commandLine(), "`" + named + "` is no address of a host");
    }
  }

  private int portNumber() {
    return number(
        port, "PLEDGE_PORT", USUAL_PORT, 0, HIGHEST_PORT, "a port is a number from 0 to 65535");
  }

  private int number(
      @Nullable Integer option, String variable, int usual, int from, int to, String complaint) {
    try {
      int number =
          option != null ? option : Integer.parseInt(setting(variable, Integer.toString(usual)));
      if (number >= from && number <= to) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the complaint.
    }
    throw new ParameterException(spec.commandLine(), complaint);
  }

  private static String setting(String variable, String usual) {
    String value = System.getenv(variable);
    return value == null || value.isBlank() ? usual : value;
  }

  /** Asked before the database starts, so that a taken port is told at once. */
  private static void requireFree(InetSocketAddress address) {
    if (address.getPort() == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
    } catch (BindException e) {
      throw new CommandRefused(
          String.format(
              Locale.ROOT,
              "port %d of %s is taken or not ours to take; stop what listens there, or use --port"
                  + " N",
              address.getPort(),
              shown(address)));
    } catch (IOException e) {
      throw new CommandRefused(
          "cannot listen on " + shown(address) + "; name an address of this machine with --host");
    }
  }

  private static String shown(InetSocketAddress address) {
    String text = address.getAddress().getHostAddress();
    return text.contains(":") ? "[" + text + "]" : text;
  }
}
