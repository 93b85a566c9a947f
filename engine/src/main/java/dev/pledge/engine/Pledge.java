package dev.pledge.engine;

import dev.pledge.engine.Logs.OneLog;
import dev.pledge.engine.actor.Actors;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.Replies;
import dev.pledge.engine.actor.Replies.AboutErased;
import dev.pledge.engine.actor.Replies.Kept;
import dev.pledge.engine.actor.Replies.Reply;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.audit.Ageing;
import dev.pledge.engine.audit.AnchorState;
import dev.pledge.engine.audit.Archiving;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.HistoryFilter;
import dev.pledge.engine.audit.IntakeSeal;
import dev.pledge.engine.audit.KeysUnavailable;
import dev.pledge.engine.audit.Limits;
import dev.pledge.engine.audit.LogBroken;
import dev.pledge.engine.audit.LogReader;
import dev.pledge.engine.audit.Overloaded;
import dev.pledge.engine.audit.OwnEntries;
import dev.pledge.engine.audit.PublicLog;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.audit.Resealing;
import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.erasure.Erasure;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.engine.gate.Entries;
import dev.pledge.engine.gate.EpochUses;
import dev.pledge.engine.gate.ExplainRequest;
import dev.pledge.engine.gate.Explained;
import dev.pledge.engine.gate.Found;
import dev.pledge.engine.gate.Gate;
import dev.pledge.engine.gate.HeldAnswer;
import dev.pledge.engine.gate.HoldListing;
import dev.pledge.engine.gate.Inventory;
import dev.pledge.engine.gate.InventoryRequest;
import dev.pledge.engine.gate.Listing;
import dev.pledge.engine.gate.LogQuery;
import dev.pledge.engine.gate.LogSearch;
import dev.pledge.engine.gate.MessageListing;
import dev.pledge.engine.gate.OutboxListing;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.Overtaken;
import dev.pledge.engine.gate.ProvenHistory;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.ReviewListing;
import dev.pledge.engine.gate.SearchAnswer;
import dev.pledge.engine.gate.SubjectView;
import dev.pledge.engine.hold.Holds;
import dev.pledge.engine.keys.KeyEnds;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.ReplyKeys.Request;
import dev.pledge.engine.keys.Rotations;
import dev.pledge.engine.keys.SeenKeyStore;
import dev.pledge.engine.keys.WrappedKeys;
import dev.pledge.engine.mail.Delivery;
import dev.pledge.engine.mail.MailSettings;
import dev.pledge.engine.message.MessageState;
import dev.pledge.engine.message.Messages;
import dev.pledge.engine.outbox.Outbox;
import dev.pledge.engine.oversight.Approvals;
import dev.pledge.engine.oversight.Reviews;
import dev.pledge.engine.request.Requests;
import dev.pledge.engine.request.Requests.Counts;
import dev.pledge.engine.retention.Retention;
import dev.pledge.engine.retention.RetentionReport;
import dev.pledge.engine.rights.Rights;
import dev.pledge.engine.rights.Shown;
import dev.pledge.engine.signin.Session;
import dev.pledge.engine.signin.Sessions;
import dev.pledge.engine.signin.Sessions.Begun;
import dev.pledge.engine.store.CommitUnknown;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.ConstraintViolated;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseUnavailable;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.engine.store.Migrations;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.suppression.Marks;
import dev.pledge.engine.vault.Forms;
import dev.pledge.engine.vault.Vault;
import dev.pledge.engine.watch.AlarmPage;
import dev.pledge.engine.watch.Alarms;
import dev.pledge.engine.watch.Feed;
import dev.pledge.engine.watch.Watch;
import dev.pledge.engine.watch.WatchSettings;
import dev.pledge.log.Kind;
import dev.pledge.log.Reason;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A policy being kept. Opened once per process, safe for all threads, closed at the end.
 *
 * <p>Reads answer when the log has their entry; changes have been made when {@link #once} returns.
 * When the database cannot serve, calls throw {@link dev.pledge.engine.store.DatabaseUnavailable};
 * when the log cannot take more, {@link dev.pledge.engine.audit.Overloaded}; when the root key lies
 * elsewhere and does not answer, {@link dev.pledge.engine.audit.KeysUnavailable}. All three mean:
 * nothing was given, ask again. {@link dev.pledge.engine.audit.LogBroken} means: nothing was given,
 * and nothing will be until somebody has seen to the log.
 */
public final class Pledge implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pledge.class);

  /**
   * For reads, and apart from them for changes: changes of one person wait for each other, and many
   * of them must not keep anybody else's reads from the database.
   */
  private static final int READ_CONNECTIONS = 12;

  private static final int CHANGE_CONNECTIONS = 16;

  /** For each log: one to enter, one to grow; and one that any of them may need besides. */
  private static final int LOG_CONNECTIONS = 2;

  /** Longer than any change of ours holds a person. */
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(2);

  /** One person who is being erased keeps the log's writer, and so all reads, no longer. */
  private static final Duration LOG_LOCK_PATIENCE = Duration.ofMillis(100);

  private static final Duration ROOM_PATIENCE = Duration.ofMinutes(1);
  private static final Duration ROOM_PAUSE = Duration.ofMillis(50);

  /** Two sweep at a time, and a report is counted. */
  private static final int SWEEP_CONNECTIONS = 3;

  private static final Duration REPORT_PATIENCE = Duration.ofSeconds(10);

  private static final int COMMIT_ATTEMPTS = 3;
  private static final long TIDY_FIRST_MINUTES = 1;
  private static final long TIDY_MINUTES = 10;
  private static final long WATCH_SECONDS = 1;
  private static final long ARCHIVE_SECONDS = 10;
  private static final long ROTATION_SECONDS = 2;
  private static final long MAIL_SECONDS = 1;
  private static final String ALIAS = "alias_pkey";
  private static final Pattern KEY = Pattern.compile("[ -~]{1,255}");

  private final Resources open = new Resources();
  private final PolicyFiles files;
  private final Database database;
  private final Database changes;
  private final Actors actors;
  private final Replies replies;
  private final Gate gate;
  private final LogSearch search;
  private final Erasure erasure;
  private final KeyRing keys;
  private final KeyStore keyStore;
  private final Audit audit;
  private final Logs logs;
  private final Alarms alarms;
  private final Sessions sessions;
  private final Messages messages;
  private final Retention retention;
  private final Rights rights;
  private final InstantSource clock;
  private final Rotator rotator;
  private final List<LogName> logNames;

  /** As of a few seconds ago. */
  private volatile Optional<Counts> requestCounts = Optional.empty();

  /** Whether it was looked which changes of keys the process before left unsettled. */
  private volatile boolean looked;

  private Pledge(Configuration configuration) {
    SecureRandom random = new SecureRandom();
    this.clock = configuration.clock();
    this.files = PolicyFiles.read(configuration.policy());
    configuration.mail().ifPresent(mail -> mail.requireDeclared(files.policies()));
    KeyStore.requireApart(configuration.keys(), configuration.data());
    configuration.anchors().requireApart(configuration.data());
    try {
      Connections connections =
          configuration.external().orElseGet(() -> embedded(configuration, random));
      Migrations.run(connections);
      this.database =
          opened(Database.pooled(connections.application(), READ_CONNECTIONS, LOCK_PATIENCE));
      this.changes =
          opened(Database.pooled(connections.application(), CHANGE_CONNECTIONS, LOCK_PATIENCE));
      database.verify();
      this.keys = opened(KeyRing.toWrite(configuration, database, random));
      this.keyStore = keys.store();
      Vocabulary vocabulary = Vocabulary.load(database);
      learn(vocabulary, files.policies());
      requireReadable(new Forms(vocabulary).keep(database, files.policies()));
      TimeOrderedIds ids = new TimeOrderedIds(clock, random);
      keys.enterOpening(
          database,
          clock,
          random,
          "server",
          new Reason("start", Optional.empty(), Optional.empty()));
      this.logNames = keys.logs(database, configuration.logs());
      Database forTheLogs =
          opened(
              Database.pooled(
                  connections.application(),
                  LOG_CONNECTIONS * logNames.size() + 1,
                  LOG_LOCK_PATIENCE));
      this.logs =
          opened(
              new Logs(logNames, database, forTheLogs, keys, configuration.anchors(), ids, clock));
      this.audit =
          opened(
              new Audit(
                  logs.all().stream().map(OneLog::entrance).toList(),
                  configuration.logs(),
                  forTheLogs,
                  keys.store().intakeSeal(),
                  clock,
                  random,
                  Limits.DEFAULT));
      this.actors = new Actors(database, audit, clock, random);
      this.replies = new Replies(keyStore.replyKeys());
      Gate.Rooms rooms =
          new Gate.Rooms(
              new Subjects(),
              new Consents(),
              new WrappedKeys(),
              new Vault(vocabulary, ids),
              new Approvals(),
              new Reviews(),
              new Holds(),
              new Marks(keyStore.suppressionKeys()),
              new Outbox(keyStore.outboxKeys()),
              new Sessions(keyStore.ledger()::isHidden, ids, random, clock),
              new Messages(keyStore.messageKeys(), ids, clock),
              new Requests());
      this.sessions = rooms.sessions();
      this.messages = rooms.messages();
      KeyEnds ends = new KeyEnds(configuration.keySchedule(), keyStore, clock);
      this.gate =
          new Gate(
              files.policies(), database, vocabulary, keyStore, audit, actors, rooms, ids, clock);
      this.search =
          new LogSearch(files.policies(), new Entries(audit, files.policies()), actors, clock);
      this.erasure =
          new Erasure(
              gate,
              rooms,
              keyStore,
              new SeenKeyStore(database),
              audit,
              logs.first().signer(),
              ends,
              ids,
              clock);
      int finished = onceThereIsRoom(() -> erasure.finish(database));
      if (finished > 0) {
        LOG.info("finished erasing {} people who were in the ledger", finished);
      }
      int sealed = gate.sealHistories(changes);
      if (sealed > 0) {
        LOG.info("sealed the histories of {} people", sealed);
      }
      this.alarms = new Alarms(database, audit, clock);
      configuration
          .watch()
          .ifPresent(settings -> watch(settings, keys.store().intakeSeal(), ids.next()));
      archive(configuration.ageing(), keys.store().intakeSeal());
      this.rotator =
          opened(
              new Rotator(
                  new Rotator.Works(
                      changes,
                      keyStore,
                      new SeenKeyStore(database),
                      gate,
                      rooms.subjects(),
                      rooms.wrappedKeys(),
                      new Resealing(changes, keys.store().intakeSeal()),
                      audit,
                      clock,
                      ends,
                      () -> keys.fresh(configuration, database, random))));
      rotator.plan();
      // What goes wrong is logged there; the future has nothing to add.
      var _ =
          opened(thread("pledge-rotation"))
              .scheduleWithFixedDelay(rotator, 0, ROTATION_SECONDS, TimeUnit.SECONDS);
      this.rights =
          new Rights(
              gate,
              erasure,
              rooms.requests(),
              database,
              files.policies(),
              configuration.calendar(),
              Rights.listed(rooms.requests(), ids, clock),
              ids,
              random,
              clock);
      configuration.carryOutEvery().ifPresent(this::carryOutEvery);
      this.retention = retention(configuration, connections, ids.next());
      configuration.mail().ifPresent(this::mail);
      // What goes wrong is logged there; the future has nothing to add.
      var _ =
          opened(thread("pledge-housekeeping"))
              .scheduleWithFixedDelay(
                  this::tidyIfPossible, TIDY_FIRST_MINUTES, TIDY_MINUTES, TimeUnit.MINUTES);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Opens what {@code configuration} names, making a new data directory and key store where neither
   * exists.
   *
   * @throws PolicyFiles.PolicyRefused if the policy cannot be put in force
   * @throws dev.pledge.engine.store.StartRefused if the database cannot be used
   * @throws dev.pledge.engine.keys.KeyStoreRefusedException if the root key or the key store cannot
   * @throws dev.pledge.engine.keys.RootKeyUnavailableException if the service with the root key
   *     does not answer
   * @throws dev.pledge.engine.mail.MailRefused if messages to people cannot be sent as it says
   * @throws dev.pledge.engine.anchor.AnchorsRefused if the anchors cannot, or one that is required
   *     is out of reach
   */
  public static Pledge open(Configuration configuration) {
    return new Pledge(configuration);
  }

  private <T extends AutoCloseable> T opened(T resource) {
    return open.add(resource);
  }

  private void watch(WatchSettings settings, IntakeSeal seal, UUID node) {
    Map<String, Feed> feeds = new LinkedHashMap<>();
    for (OneLog log : logs.all()) {
      feeds.put(log.name(), feed(new LogReader(log.name(), changes, seal)));
    }
    Watch watch = opened(new Watch(feeds, changes, alarms, settings, node));
    // What goes wrong is logged there; the future has nothing to add.
    var _ =
        opened(thread("pledge-watch"))
            .scheduleWithFixedDelay(new Watchman(watch), 0, WATCH_SECONDS, TimeUnit.SECONDS);
  }

  private static Feed feed(LogReader reader) {
    return new Feed() {
      @Override
      public List<Recorded> from(long position, int limit) {
        return reader.from(position, limit);
      }

      @Override
      public long first() {
        return reader.first();
      }
    };
  }

  private Retention retention(Configuration configuration, Connections connections, UUID node) {
    // Closed by what it is given to: after the sweep that uses it has ended.
    Database forSweeps =
        Database.pooled(connections.application(), SWEEP_CONNECTIONS, LOCK_PATIENCE);
    return opened(
        new Retention(
            new Retention.Parts(
                forSweeps,
                audit,
                files.policies(),
                gate.expiry(),
                configuration.sweepEvery().map(period -> connections.application()),
                configuration.sweepEvery().orElse(Retention.USUAL_PERIOD),
                REPORT_PATIENCE,
                node,
                clock)));
  }

  private void archive(Ageing ageing, IntakeSeal seal) {
    ScheduledExecutorService thread = opened(thread("pledge-archive"));
    Archivist archivist =
        opened(
            new Archivist(
                logs.all().stream()
                    .map(
                        log ->
                            new Archiving(
                                log.name(), changes, seal, audit, ageing, clock, log.shown()::size))
                    .toList()));
    // What goes wrong is logged there; the future has nothing to add.
    var _ = thread.scheduleWithFixedDelay(archivist, 0, ARCHIVE_SECONDS, TimeUnit.SECONDS);
  }

  private void mail(MailSettings settings) {
    ScheduledExecutorService thread = opened(thread("pledge-mail"));
    Delivery delivery = opened(delivery(settings));
    // What goes wrong is logged there; the future has nothing to add.
    var _ = thread.scheduleWithFixedDelay(delivery, 0, MAIL_SECONDS, TimeUnit.SECONDS);
  }

  /** The messages to people. */
  Messages messages() {
    return messages;
  }

  /** What sends messages to people. */
  Delivery delivery(MailSettings settings) {
    return new Delivery(settings, messages, changes, gate, files.policies(), clock);
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }

  private Connections embedded(Configuration configuration, SecureRandom random) {
    return opened(EmbeddedPostgres.open(configuration.data(), random)).connections();
  }

  /** Gives every name of the policy its code before the first request needs one. */
  private static void learn(Vocabulary vocabulary, Policies policies) {
    for (CompiledPolicy policy : policies.versions()) {
      vocabulary.code(policy.version().toString());
      policy.source().products().stream().map(ProductId::value).forEach(vocabulary::code);
      policy.source().categories().stream()
          .flatMap(category -> category.fields().stream())
          .forEach(field -> vocabulary.code(field.id().toString()));
      policy.source().sources().forEach(source -> vocabulary.code(source.id().value()));
    }
    vocabulary.code(CompiledPolicy.PERSON);
    vocabulary.code(CompiledPolicy.PRODUCT_USE);
  }

  private static void requireReadable(List<String> conflicts) {
    if (!conflicts.isEmpty()) {
      throw new PolicyFiles.PolicyRefused(
          "the policy would read stored values as what they are not: "
              + String.join("; ", conflicts),
          List.of());
    }
  }

  /** The policy: its versions, rules and words. */
  public PolicyFiles policyFiles() {
    return files;
  }

  /** The version in force now, if one is. */
  public Optional<PolicyVersion> policyInForce() {
    return files.policies().inForce(clock.instant()).map(CompiledPolicy::version);
  }

  /** What anybody may know of the log that every deployment has. */
  public PublicLog log() {
    return logs.first().shown();
  }

  /** What anybody may know of the log of that name; empty if there is none. */
  public Optional<PublicLog> log(String name) {
    return logs.named(name).map(OneLog::shown);
  }

  /** All logs, in the order of their numbers. */
  public List<PublicLog> logs() {
    return logs.all().stream().map(OneLog::shown).toList();
  }

  /** A log's name to the world. */
  public String origin(String log) {
    return keys.origin(log);
  }

  /** What places outside know of the log of that name; nothing if there is none. */
  public List<AnchorState> anchors(String log) {
    return logs.named(log).map(each -> each.anchoring().states()).orElse(List.of());
  }

  /** The actors and their tokens. */
  public Actors actors() {
    return actors;
  }

  /**
   * Whether everything that people are served with is at work.
   *
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database does not answer; it is used
   *     again when it does
   * @throws NotReady if the key store or the log takes nothing more, so that it has to be started
   *     again, or keys may not be used until the root key answers
   */
  public void checkReady() {
    if (!keyStore.accepts()) {
      throw new NotReady(
          "the key store takes no keys and erasures after a failed write; see to its disk and start"
              + " again");
    }
    keys.trouble()
        .ifPresent(
            trouble -> {
              throw new NotReady(trouble);
            });
    if (!audit.accepts()) {
      throw new NotReady("the log's writer has ended; start again");
    }
    if (audit.isFailing()) {
      throw new NotReady(
          "the log could not take its latest entry; see to the database and its disk");
    }
    // Before the logs, which do not grow either while the database is away.
    database.read(handle -> handle.execute("select 1"));
    logs.trouble()
        .ifPresent(
            trouble -> {
              throw new NotReady(trouble);
            });
    logs.all().forEach(log -> requireShown(log.shown()));
  }

  private static void requireShown(PublicLog log) {
    try {
      var _ = log.checkpoint();
    } catch (LogBroken altered) {
      throw new NotReady("log `" + log.name() + "` shows no checkpoint: " + altered.getMessage());
    }
  }

  /** Work that makes changes and words their answer. */
  @FunctionalInterface
  public interface Work {
    /** Makes the changes; it may be called again and must touch nothing else. */
    Reply run(Changes changes) throws SQLException;
  }

  /**
   * Makes changes once, however often it is asked to: the answer is kept with the changes, sealed,
   * and the same key with the same body opens it again for a day.
   *
   * @param key the caller's own name for the request
   * @param bodyHash SHA-256 of the request
   * @throws Replies.KeyReused if the key was used with another body
   * @throws Replies.RequestInFlight if the same request is being worked on
   * @throws Replies.AboutErased if the person whom the kept answer is about is erased or sealed
   *     since; the answer to an erasure is kept all the same
   */
  public Reply once(Caller caller, String key, byte[] bodyHash, Work work) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("a key has 1 to 255 characters of printable ASCII");
    }
    return onceOrAgain(caller, new Request(caller.id(), key, bodyHash), work);
  }

  private Reply onceOrAgain(Caller caller, Request request, Work work) {
    CommitUnknown unknown = null;
    for (int attempt = 1; ; attempt++) {
      try {
        return changes.change(tx -> once(tx, caller, request, work));
      } catch (CommitUnknown lost) {
        // What was kept tells whether the commit came through: ask again.
        unknown = lost;
        if (attempt == COMMIT_ATTEMPTS) {
          throw unknown;
        }
      } catch (DatabaseUnavailable | KeysUnavailable away) {
        // INVARIANT: once an outcome is unknown, nobody is told that nothing was changed.
        throw unknown == null ? away : unknown;
      } catch (Overtaken overtaken) {
        if (attempt == COMMIT_ATTEMPTS) {
          throw overtaken;
        }
      } catch (ConstraintViolated taken) {
        // Somebody else took the alias since it was looked for, or has it whose erasure was cut
        // short: look again.
        if (attempt == COMMIT_ATTEMPTS || !taken.duplicates(ALIAS)) {
          throw taken;
        }
        settle();
      }
    }
  }

  /** What was answered stands, whatever becomes of this; the next change tries it again. */
  private void settle() {
    try {
      erasure.settle(database);
      erasure.endRecoveries(database);
    } catch (RuntimeException e) {
      LOG.warn("could not yet finish an erasure that was cut short: {}", e.getClass().getName());
    }
  }

  private Reply once(Transaction tx, Caller caller, Request request, Work work)
      throws SQLException {
    Optional<Kept> before = replies.claim(tx, request);
    if (before.isPresent()) {
      if (before.get().about().filter(erasure::isHidden).isPresent()) {
        throw new AboutErased();
      }
      return before.get().reply();
    }
    Changes made = new Changes(tx, caller, gate, erasure, alarms, sessions, rights);
    Reply reply = work.run(made);
    replies.keep(tx, request, new Kept(reply, made.about()));
    return reply;
  }

  /**
   * Who the Privacy Centre is to the gate: it works for all products, in people's own right, and
   * stores what they correct as a program of a product's would.
   */
  public Caller centre() {
    Set<ProductId> products =
        files.policies().versions().stream()
            .flatMap(version -> version.source().products().stream())
            .collect(Collectors.toUnmodifiableSet());
    return new Caller(
        Actors.CENTRE,
        Asker.Kind.SERVICE,
        files.policies().versions().stream()
            .flatMap(version -> version.source().roles().stream())
            .filter(role -> role.heldBy() == Policy.HeldBy.SERVICE && !role.collects().isEmpty())
            .map(Policy.Role::id)
            .collect(Collectors.toUnmodifiableSet()),
        products,
        EnumSet.of(Scope.SUBJECTS, Scope.CONSENTS, Scope.RIGHTS),
        Map.of());
  }

  /** Whose link it is; empty if it signs nobody in. It stays good. */
  public Optional<SubjectId> whoseLink(String link) {
    return sessions.whose(link);
  }

  /**
   * Signs somebody in to the Privacy Centre with a link, once, and enters that in the log (V.1).
   *
   * @param device what they came with, in a word or two
   */
  public Optional<Begun> signIn(String link, String device) {
    return changes.change(
        tx -> {
          Optional<Begun> begun = sessions.begin(tx, link, device);
          if (begun.isEmpty()) {
            return begun;
          }
          // INVARIANT: no entry, no session.
          SubjectId subject = begun.get().session().subject();
          return gate.enterSigning(tx, Kind.SIGN_IN, centre(), subject) instanceof Outcome.Done
              ? begun
              : Optional.empty();
        });
  }

  /** The session that is opened by what a browser has kept; empty if it has ended. */
  public Optional<Session> session(String kept) {
    return sessions.find(database, kept);
  }

  /** The person's sessions, the one used last first. */
  public List<Session> sessions(SubjectId subject) {
    return database.read(handle -> sessions.of(handle, subject));
  }

  /** A governed read. */
  public ReadAnswer read(ReadRequest request, SubjectId subject) {
    return read(request, subject, Function.identity());
  }

  /** A governed read, and what is made of its answer while its memory is counted. */
  public <T> T read(ReadRequest request, SubjectId subject, Function<ReadAnswer, T> use) {
    return gate.read(request, subject, use);
  }

  /** Governed reads of several people, without repetition. */
  public void readAll(ReadRequest request, List<SubjectId> subjects, Gate.Answers answers) {
    gate.readAll(request, subjects, answers);
  }

  /** Finds a person by {@code email}, {@code phone} or {@code external}. */
  public Found find(Caller caller, String kind, Object json, String purpose, String product) {
    return gate.find(caller, kind, json, purpose, product);
  }

  /** Hands over everyone who may be addressed for a purpose now. */
  public Listing audience(
      Caller caller,
      String purpose,
      @Nullable String channel,
      String product,
      Consumer<SubjectId> each) {
    return gate.audience(caller, purpose, channel, product, each);
  }

  /** Why a read of one person would be answered as it would; opens nothing. */
  public Explained explain(ExplainRequest request, SubjectId subject) {
    return gate.explain(request, subject);
  }

  /** The state of an account. */
  public SubjectView subject(Caller caller, SubjectId subject) {
    return gate.state(caller, subject);
  }

  /** A person's choices, and a page of those they made, newest first. */
  public SubjectView choices(Caller caller, SubjectId subject, @Nullable String cursor, int limit) {
    return gate.choices(caller, subject, cursor, limit);
  }

  /**
   * Shows a person what is held of them, in their own right (V.1).
   *
   * @param use what is made of it, while it is there
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   */
  public <T extends @Nullable Object> T inventory(
      InventoryRequest request, SubjectId subject, Function<Inventory, T> use) {
    return gate.inventory(request, subject, use);
  }

  /** A page of a person's whole access history, newest first. */
  public AccessHistory history(
      Caller caller, SubjectId subject, @Nullable String cursor, int limit) {
    return history(caller, subject, HistoryFilter.NONE, cursor, limit);
  }

  /** A page of what is asked for of a person's access history, newest first. */
  public AccessHistory history(
      Caller caller, SubjectId subject, HistoryFilter filter, @Nullable String cursor, int limit) {
    return gate.history(caller, subject, filter, cursor, limit);
  }

  /** Hands over what is asked for of a person's access history, newest first, line by line. */
  public AccessHistory exportHistory(
      Caller caller, SubjectId subject, HistoryFilter filter, Consumer<AccessHistory.Line> each) {
    return gate.exportHistory(caller, subject, filter, each);
  }

  /**
   * Hands over all entries of a log about a person, in the order of their positions, each with its
   * proof, as far as the checkpoint that is shown covers them and they may be told; and signs that
   * these are all it has.
   *
   * @throws java.util.NoSuchElementException if there is no log of that name
   */
  public ProvenHistory proveHistory(
      Caller caller, SubjectId subject, String log, ProvenHistory.Taker taker) {
    OwnEntries entries = logs.named(log).orElseThrow().ownEntries();
    return gate.proveHistory(caller, subject, entries, taker);
  }

  /**
   * Enters in the log that a call was refused because the caller's token does not cover it; durable
   * when it returns.
   */
  public Receipt enterUncovered(Caller caller, Kind kind, Scope missing) {
    return gate.enterUncovered(caller, kind, missing);
  }

  /** The legal holds in force that the caller may lift or open, of one case or of all (II.I.7). */
  public HoldListing holds(Caller caller, Optional<UUID> legalCase) {
    return gate.holds(caller, legalCase);
  }

  /** A page of what went while a legal hold was on it, in order of collection (II.I.7). */
  public HeldAnswer openHeld(Caller caller, UUID hold, @Nullable String cursor, int limit) {
    return gate.openHeld(caller, hold, cursor, limit);
  }

  /** A person's rights requests, the newest first (V.4). */
  public Shown requests(Caller caller, SubjectId subject) {
    return rights.list(caller, subject);
  }

  /** A rights request of a person's, with all that was written (V.4). */
  public Shown request(Caller caller, SubjectId subject, UUID request) {
    return rights.show(caller, subject, request);
  }

  /** A document that a person handed in with a rights request (V.4). */
  public Shown requestDocument(Caller caller, SubjectId subject, UUID request, UUID document) {
    return rights.document(caller, subject, request, document);
  }

  /**
   * A page of the rights requests that staff has to see to, what is overdue first (V.4).
   *
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   */
  public Shown requests(Caller caller, Rights.Query query, @Nullable String cursor, int limit) {
    return rights.queue(caller, query, cursor, limit);
  }

  /** A rights request, to a member of staff (V.4). */
  public Shown request(Caller caller, UUID request) {
    return rights.show(caller, request);
  }

  /** A document of a rights request, to a member of staff (V.4). */
  public Shown requestDocument(Caller caller, UUID request, UUID document) {
    return rights.document(caller, request, document);
  }

  /** How many rights requests there are, as of a few seconds ago; empty if nobody knows. */
  public Optional<Counts> requestCounts() {
    return requestCounts;
  }

  /**
   * Does what was granted to people, as far as it is to be tried now; returns how many requests
   * were tried. Happens by itself where the configuration says so.
   *
   * @throws DatabaseUnavailable if the database cannot serve now
   */
  public int carryOut() {
    return rights.carryOut(changes);
  }

  /** A page of the messages that wait for recipients, the oldest day first (III.I.1). */
  public OutboxListing outbox(Caller caller, @Nullable String cursor, int limit) {
    return gate.outbox(caller, cursor, limit);
  }

  /**
   * A page of the messages to people, the oldest day first.
   *
   * @param state of those that are listed; null for all
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   */
  public MessageListing messages(
      Caller caller, @Nullable MessageState state, @Nullable String cursor, int limit) {
    return gate.messages(caller, state, cursor, limit);
  }

  /** A page of the emergency uses that the caller may review, the earliest due first (II.I.7). */
  public ReviewListing reviews(
      Caller caller, Reviews.Which which, @Nullable String cursor, int limit) {
    return gate.reviews(caller, which, cursor, limit);
  }

  /**
   * A page of the placed entries of a log that fit a query, newest first (IV.2).
   *
   * @throws java.util.NoSuchElementException if there is no log of that name
   */
  public SearchAnswer search(
      Caller caller, String log, LogQuery query, @Nullable String cursor, int limit) {
    LogReader reader = logs.named(log).orElseThrow().reader();
    return search.search(caller, reader, query, cursor, limit);
  }

  /**
   * A page of alarms, the open ones first (IV.2).
   *
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   */
  public AlarmPage alarms(Caller caller, Alarms.Which which, @Nullable String cursor, int limit) {
    return alarms.list(caller, which, cursor, limit);
  }

  /** What is due, done, held and late (II.II.3, IV.1). */
  public RetentionReport retention(Caller caller) {
    return retention.report(caller);
  }

  /**
   * Deletes what is no longer kept, now; returns how many values. Happens by itself where the
   * configuration says so.
   */
  public long sweep() {
    return retention.sweep();
  }

  /**
   * Deletes kept answers that are too old, messages to people that are long settled, and marks of
   * objections to purposes that no version names any more, forgets whose erasure was cut short, who
   * may not take theirs back any more, and what ended holds had set aside, brings the key journal
   * up to where the database is, and writes it anew where too much of it serves nobody. Happens by
   * itself every {@value #TIDY_MINUTES} minutes, and a minute after the start. What fails of it
   * keeps nothing else waiting.
   *
   * @throws DatabaseUnavailable if the database cannot serve now
   * @throws RuntimeException the first that failed, once all else is done
   */
  public void tidy() {
    List<Runnable> all =
        List.of(
            () -> erasure.settle(database),
            this::findUnsettled,
            () -> gate.settle(changes),
            () -> replies.deleteOld(database, clock.instant()),
            () -> sessions.deleteOld(changes),
            () -> messages.tidy(changes),
            () -> erasure.forgetMarks(changes, files.policies()),
            () -> keyStore.journal().tidy(clock.instant()),
            () -> erasure.endRecoveries(changes),
            () -> erasure.endHolds(changes));
    RuntimeException first = null;
    for (Runnable each : all) {
      try {
        each.run();
      } catch (DatabaseUnavailable away) {
        throw away;
      } catch (RuntimeException failed) {
        first = first == null ? failed : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  // Of data that were put back the journal has later keys than they, and those are the right ones.
  private void findUnsettled() {
    if (!looked && logNames.stream().noneMatch(log -> keys.isAheadOf(database, log))) {
      gate.findUnsettled(database, keyStore.journal());
      looked = true;
    }
  }

  /**
   * Asks for a change of the epoch of keys; it goes on by itself. False if it is asked for already.
   *
   * @param rate how many keys a second are wrapped anew at most
   * @param grace from now to the end of the older keys
   * @throws IllegalArgumentException if it is too short
   */
  public boolean rotateKeys(int rate, Duration grace) {
    return new Rotations().request(changes, keyStore.epoch(), rate, grace);
  }

  /** The epochs whose keys live. */
  public Set<Integer> livingEpochs() {
    return keyStore.livingEpochs();
  }

  /**
   * Which changes of epochs are behind the dates that the operator's schedule sets, in words; as of
   * a few seconds ago. What people were promised by these is not kept until somebody has seen to
   * it.
   */
  public List<String> lateKeyChanges() {
    return rotator.late();
  }

  /** Goes on with a change of epochs that was asked for as far as it can now. */
  void rotate() {
    rotator.step();
  }

  /**
   * Gives aliases of restored data indexes of the current epoch where they have only such as nobody
   * looks for any more: of epochs whose keys are gone. Returns how many got one.
   */
  int reindexDead() {
    int done = 0;
    List<Integer> gone =
        database.read(handle -> EpochUses.deadOfAliases(handle, keyStore.livingEpochs()));
    for (int dead : gone) {
      byte[] after = new byte[0];
      while (true) {
        Gate.Reindexed step = gate.reindex(changes, dead, keyStore.epoch(), after);
        if (step.last().isEmpty()) {
          break;
        }
        done += step.done();
        after = step.last().get();
      }
      changes.change(
          tx -> {
            new Subjects().removeIndexes(tx, dead);
            return dead;
          });
    }
    return done;
  }

  /** Removes people of restored data whom no living key opens; returns how many there were. */
  int removeLost(List<SubjectId> lost) {
    return onceThereIsRoom(() -> erasure.removeLost(database, lost));
  }

  /**
   * What is entered at a start waits for the log to place what waited since before it: after a
   * crash or a restore that is older than what a running log waits for.
   */
  private static int onceThereIsRoom(IntSupplier work) {
    long start = System.nanoTime();
    while (true) {
      try {
        return work.getAsInt();
      } catch (Overloaded e) {
        if (System.nanoTime() - start > ROOM_PATIENCE.toNanos()) {
          throw e;
        }
        LockSupport.parkNanos(ROOM_PAUSE.toNanos());
      }
    }
  }

  private void carryOutEvery(Duration pause) {
    // What goes wrong is logged there; the future has nothing to add.
    var _ =
        opened(thread("pledge-requests"))
            .scheduleWithFixedDelay(
                this::carryOutIfPossible, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void carryOutIfPossible() {
    try {
      carryOut();
      requestCounts = Optional.of(rights.counts());
    } catch (RuntimeException e) {
      requestCounts = Optional.empty();
      LOG.warn("could not look after requests now: {}", e.getClass().getSimpleName());
    }
  }

  private void tidyIfPossible() {
    try {
      tidy();
    } catch (RuntimeException e) {
      LOG.warn("could not tidy now, it is tried again: {}", e.getClass().getSimpleName());
    }
  }

  /** Closes everything, last opened first. */
  @Override
  public void close() {
    open.close();
  }
}
