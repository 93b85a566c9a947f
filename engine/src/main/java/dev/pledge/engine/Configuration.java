package dev.pledge.engine;

import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.engine.audit.Ageing;
import dev.pledge.engine.keys.KeySchedule;
import dev.pledge.engine.keys.RootKeySettings;
import dev.pledge.engine.mail.MailSettings;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.watch.WatchSettings;
import dev.pledge.policy.decision.Term;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a Pledge is opened with.
 *
 * @param policy the directory of the policy, see {@link PolicyFiles}
 * @param data the data directory; the embedded server's database lies here
 * @param keys the directory of the root key and the key store, never inside {@code data}
 * @param external a server the operator runs, instead of the embedded one
 * @param watch from when on access is unusual; empty where this process does not watch
 * @param anchors places outside that are told of the logs' checkpoints
 * @param ageing when entries of the logs grow old
 * @param logs how many logs entries are spread over, 1 to 16; a log that was begun earlier goes on
 *     being served, also where it is not among so many, and then takes only what is about itself
 * @param sweepEvery how often what is no longer kept is deleted; empty where this process does not,
 *     unless it is told to
 * @param root where the root key is
 * @param keySchedule how long keys live; empty where epochs are changed by hand alone
 * @param mail how messages to people are sent; empty where this process leaves them waiting
 * @param calendar by which terms in days run: where days begin, and which are worked
 * @param carryOutEvery how often it is looked for what was granted to people and is still to be
 *     done; empty where this process does not, unless it is told to
 */
public record Configuration(
    Path policy,
    Path data,
    Path keys,
    Optional<Connections> external,
    InstantSource clock,
    Optional<WatchSettings> watch,
    AnchorSettings anchors,
    Ageing ageing,
    int logs,
    Optional<Duration> sweepEvery,
    RootKeySettings root,
    Optional<KeySchedule> keySchedule,
    Optional<MailSettings> mail,
    Term.Calendar calendar,
    Optional<Duration> carryOutEvery) {
  private static final Optional<Duration> USUAL_PAUSE = Optional.of(Duration.ofSeconds(2));

  /** The most logs. */
  public static final int MOST_LOGS = LogName.MOST;

  /** Throws {@link IllegalArgumentException} if there are too few or too many logs. */
  public Configuration {
    var _ = new LogName(logs);
  }

  /** One log whose entries age as usual, without the watch, and without anchors outside. */
  public Configuration(
      Path policy, Path data, Path keys, Optional<Connections> external, InstantSource clock) {
    this(
        policy,
        data,
        keys,
        external,
        clock,
        Optional.empty(),
        AnchorSettings.NONE,
        Ageing.USUAL,
        1,
        Optional.empty(),
        RootKeySettings.usual(),
        Optional.empty(),
        Optional.empty(),
        Term.Calendar.weekdays(ZoneOffset.UTC),
        USUAL_PAUSE);
  }

  /** Without sweeps of its own, and keys of which the operator says when they end. */
  public Configuration(
      Path policy,
      Path data,
      Path keys,
      Optional<Connections> external,
      InstantSource clock,
      Optional<WatchSettings> watch,
      AnchorSettings anchors,
      Ageing ageing,
      int logs) {
    this(
        policy,
        data,
        keys,
        external,
        clock,
        watch,
        anchors,
        ageing,
        logs,
        Optional.empty(),
        RootKeySettings.usual(),
        Optional.empty(),
        Optional.empty(),
        Term.Calendar.weekdays(ZoneOffset.UTC),
        USUAL_PAUSE);
  }

  /** The embedded server and the system's clock. */
  public static Configuration embedded(Path policy, Path data, Path keys) {
    return new Configuration(policy, data, keys, Optional.empty(), InstantSource.system());
  }

  /** The same, watching for what is unusual. */
  public Configuration watching(WatchSettings settings) {
    return with(draft -> draft.watch = Optional.of(settings));
  }

  /** The same, with anchors outside. */
  public Configuration anchoredBy(AnchorSettings settings) {
    return with(draft -> draft.anchors = settings);
  }

  /** The same, with entries of the logs that age like that. */
  public Configuration ageing(Ageing terms) {
    return with(draft -> draft.ageing = terms);
  }

  /** The same, with so many logs. */
  public Configuration withLogs(int number) {
    return with(draft -> draft.logs = number);
  }

  /** The same, deleting what is no longer kept every so often. */
  public Configuration sweepingEvery(Duration period) {
    return with(draft -> draft.sweepEvery = Optional.of(period));
  }

  /** The same, with the root key at that address; empty where it is as it was. */
  public Configuration withRootKeyAt(Optional<String> address) {
    return withRootKey(RootKeySettings.at(address));
  }

  /** The same, with the root key there. */
  public Configuration withRootKey(RootKeySettings settings) {
    return with(draft -> draft.root = settings);
  }

  /** The same, with keys that live so long. */
  public Configuration withKeySchedule(KeySchedule schedule) {
    return with(draft -> draft.keySchedule = Optional.of(schedule));
  }

  /** The same, sending messages to people like that. */
  public Configuration mailedBy(MailSettings settings) {
    return with(draft -> draft.mail = Optional.of(settings));
  }

  /** The same, with terms that run by that calendar. */
  public Configuration withCalendar(Term.Calendar days) {
    return with(draft -> draft.calendar = days);
  }

  /**
   * The same, over a server that runs, neither watching, nor sweeping, nor changing keys, nor
   * sending messages, or carrying out what was granted.
   */
  Configuration over(Connections connections) {
    return with(
        draft -> {
          draft.external = Optional.of(connections);
          draft.watch = Optional.empty();
          draft.sweepEvery = Optional.empty();
          draft.keySchedule = Optional.empty();
          draft.mail = Optional.empty();
          draft.carryOutEvery = Optional.empty();
        });
  }

  private Configuration with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.done();
  }

  /** What may differ between one and another of the same place. */
  private static final class Draft {
    private final Configuration of;
    private Optional<Connections> external;
    private Optional<WatchSettings> watch;
    private AnchorSettings anchors;
    private Ageing ageing;
    private int logs;
    private Optional<Duration> sweepEvery;
    private RootKeySettings root;
    private Optional<KeySchedule> keySchedule;
    private Optional<MailSettings> mail;
    private Term.Calendar calendar;
    private Optional<Duration> carryOutEvery;

    Draft(Configuration of) {
      this.of = of;
      this.external = of.external;
      this.watch = of.watch;
      this.anchors = of.anchors;
      this.ageing = of.ageing;
      this.logs = of.logs;
      this.sweepEvery = of.sweepEvery;
      this.root = of.root;
      this.keySchedule = of.keySchedule;
      this.mail = of.mail;
      this.calendar = of.calendar;
      this.carryOutEvery = of.carryOutEvery;
    }

    Configuration done() {
      return new Configuration(
          of.policy,
          of.data,
          of.keys,
          external,
          of.clock,
          watch,
          anchors,
          ageing,
          logs,
          sweepEvery,
          root,
          keySchedule,
          mail,
          calendar,
          carryOutEvery);
    }
  }

  Path rootKey() {
    return keys.resolve("root");
  }

  Path keyStore() {
    return keys.resolve("store");
  }
}
