package dev.pledge.engine.audit;

import dev.pledge.engine.keys.FileRootKey;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.engine.store.Migrations;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.log.ByteString;
import dev.pledge.log.Caller;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Detail;
import dev.pledge.log.Entry;
import dev.pledge.log.EntryBundle;
import dev.pledge.log.Facts;
import dev.pledge.log.Growth;
import dev.pledge.log.Hash;
import dev.pledge.log.Kind;
import dev.pledge.log.Merkle;
import dev.pledge.log.NoteSigner;
import dev.pledge.log.Outcome;
import dev.pledge.log.Quorum;
import dev.pledge.log.SignedNote;
import dev.pledge.log.Tile;
import dev.pledge.log.Tree;
import dev.pledge.log.Verdict;
import dev.pledge.log.Verifier;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.Period;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the log takes on, as Markdown tables on standard output: {@code LogJob [DIRECTORY]}. The
 * directory must be on a disk whose fsync is real; what is made in it is deleted again.
 */
public final class LogJob {
  private static final int WRITERS = 512;
  private static final int PEOPLE = 10_000;

  /** Entries a second that are asked for where not as many as go. */
  private static final int PACE = 11_000;

  private static final Detail DETAIL = Detail.of(7, List.of());
  private static final Duration EACH = Duration.ofSeconds(10);
  private static final int LARGE_TREE = 10_000_000;
  private static final int PROOFS = 2_000;
  private static final int COPY = 1_000_000;
  private static final int ENTRIES_OF_ONE = 100_000;
  private static final int PAGES = 500;
  private static final String NAME = "pledge";
  private static final long SEED = 20200423;

  private final Path directory;
  private final SecureRandom secure = new SecureRandom();
  private final TimeOrderedIds ids = new TimeOrderedIds(InstantSource.system(), secure);
  private final KeyStore keyStore;
  private final IntakeSeal seal;
  private final LogSigner signer;

  private LogJob(Path directory) {
    this.directory = directory;
    Path data = directory.resolve("data");
    FileRootKey root = FileRootKey.create(directory.resolve("root"), data, secure);
    this.keyStore =
        KeyStore.create(directory.resolve("keys"), data, root, InstantSource.system(), secure);
    this.seal = keyStore.intakeSeal();
    this.signer =
        new LogSigner(
            "bench/log", keyStore.withLogSigningSeeds(seed -> new NoteSigner("bench/log", seed)));
  }

  /** Somebody whom entries are about. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Person(SubjectId id, byte[] key) implements SubjectSeal {
    @Override
    public byte[] mark(byte[] nonce) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(nonce);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public byte[] seal(UUID entry, byte[] detail) {
      return run(Cipher.ENCRYPT_MODE, entry.getMostSignificantBits(), detail);
    }

    @Override
    public long historyPlace(long order) {
      return order;
    }

    @Override
    public byte[] sealLine(long place, byte[] line) {
      return run(Cipher.ENCRYPT_MODE, place, line);
    }

    @Override
    public byte[] openLine(long place, byte[] sealed) {
      return run(Cipher.DECRYPT_MODE, place, sealed);
    }

    private byte[] run(int mode, long nonce, byte[] input) {
      try {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] bytes = ByteBuffer.allocate(12).putLong(nonce).array();
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, bytes));
        return cipher.doFinal(input);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private List<Person> people(Database database, Audit audit) {
    List<Person> people = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i++) {
      byte[] key = new byte[32];
      secure.nextBytes(key);
      people.add(new Person(new SubjectId(ids.next()), key));
    }
    database.change(
        tx -> {
          people.forEach(person -> audit.open(tx, person.id));
          return true;
        });
    return people;
  }

  /** Measures and prints; takes about three minutes. */
  public static void main(String[] args) throws IOException {
    Logger.getLogger("").setLevel(Level.WARNING);
    Path parent = Path.of(args.length == 0 ? "bench/target" : args[0]).toAbsolutePath();
    Path directory = Files.createTempDirectory(Files.createDirectories(parent), "log-job-");
    try {
      new LogJob(directory).run();
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void run() throws IOException {
    try (EmbeddedPostgres server = EmbeddedPostgres.open(directory.resolve("data"), secure)) {
      Connections connections = server.connections();
      Migrations.run(connections);
      try (Database database =
          Database.pooled(connections.application(), 4, Duration.ofSeconds(2))) {
        write(database, Database.over(connections.owner()));
        tell(database);
        prove(database);
      }
    }
    verify();
  }

  // ------------------------------------------------------------------------------------ entries

  /** A read of three fields about a person, as the gate enters it. */
  private static Facts facts() {
    List<Verdict> verdicts =
        Stream.of("contact.email", "contact.phone", "identity.name")
            .<Verdict>map(
                field ->
                    new Verdict.Granted(
                        field, Optional.of("masked"), Optional.empty(), Optional.of("II.I.7"), 1))
            .toList();
    return Facts.of(
            Kind.READ,
            InstantSource.system().instant(),
            Outcome.PERMITTED,
            Caller.of(Caller.STAFF, "jo.doe"))
        .product("meeting")
        .purpose("customer-service")
        .policy("emeet@2020-04-23")
        .verdicts(verdicts)
        .build();
  }

  private void write(Database database, Database owner) {
    System.out.println("| 512 callers, one log | entries/s | checkpoint behind p50 / p99 / most |");
    System.out.println("|---|---|---|");
    var _ = load(database, true, PACE);
    Load alone = load(database, false, Integer.MAX_VALUE);
    Load placed = load(database, true, Integer.MAX_VALUE);
    Load paced = load(database, true, PACE);
    Load pacedAgain = load(database, true, PACE);
    Load again = load(database, true, Integer.MAX_VALUE);
    Load aloneAgain = load(database, false, Integer.MAX_VALUE);
    row("durable, no tree, as many as go", alone, aloneAgain);
    row("durable, placed and signed, as many as go", placed, again);
    row("durable, placed and signed, asked for 11,000/s", paced, pacedAgain);
    settle(database);
    long entries = number(owner, "select count(*) from intake");
    owner.read(handle -> handle.execute("vacuum analyze intake"));
    System.out.printf(
        Locale.ROOT,
        "%n| bytes on disk for each of %,d entries | |%n|---|---|%n| entries with their indexes |"
            + " %.0f |%n| tiles and checkpoints | %.0f |%n%n",
        entries,
        (double) number(owner, "select pg_total_relation_size('intake')") / entries,
        (double)
                number(
                    owner,
                    "select pg_total_relation_size('tile') + pg_total_relation_size('checkpoint')")
            / entries);
    archive(database, owner);
  }

  /** Everything grows old at once. */
  private void archive(Database database, Database owner) {
    Ageing atOnce = new Ageing(Period.ZERO, Optional.empty());
    try (Audit audit =
        new Audit(
            NAME,
            database,
            seal,
            signer,
            Gauge.OPEN,
            InstantSource.system(),
            secure,
            Limits.DEFAULT)) {
      Archiving archiving =
          new Archiving(NAME, database, seal, audit, atOnce, InstantSource.system(), () -> 0);
      long started = System.nanoTime();
      long entries = archiving.archive(() -> true) * Tile.WIDTH;
      double seconds = (System.nanoTime() - started) / 1e9;
      owner.read(handle -> handle.execute("vacuum analyze archive"));
      System.out.printf(
          Locale.ROOT,
          "| archived | %,.0f entries/s |%n| archived, bytes on disk for each of %,d entries | %.0f"
              + " |%n| of the person's history, bytes for each | %.0f |%n%n",
          entries / seconds,
          entries,
          (double) number(owner, "select pg_total_relation_size('archive')") / entries,
          (double) number(owner, "select pg_total_relation_size('history_line')")
              / number(owner, "select count(*) from history_line"));
    }
  }

  private static long number(Database database, String statement) {
    return database.read(handle -> handle.createQuery(statement).mapTo(Long.class).one());
  }

  private record Load(double perSecond, List<Long> behind) {}

  private static void row(String name, Load one, Load other) {
    List<Long> behind = new ArrayList<>(one.behind);
    behind.addAll(other.behind);
    Collections.sort(behind);
    System.out.printf(
        Locale.ROOT,
        "| %s | %,.0f, %,.0f | %s |%n",
        name,
        one.perSecond,
        other.perSecond,
        behind.isEmpty()
            ? ""
            : String.format(
                Locale.ROOT,
                "%d / %d / %d ms",
                behind.get(behind.size() / 2),
                behind.get(behind.size() * 99 / 100),
                behind.getLast()));
  }

  /** In the key store, and in memory, where it is looked at all the time. */
  private final class KeptTwice implements Anchor {
    private volatile Optional<byte[]> last;

    /** Has the newest checkpoint of the database. */
    KeptTwice(Database database) {
      last = new PublicLog(NAME, database, signer, Quorum.NONE).checkpoint();
    }

    @Override
    public Optional<byte[]> last() {
      return last;
    }

    @Override
    public void keep(byte[] checkpoint) {
      last = Optional.of(checkpoint);
      keyStore.keepCheckpoint(1, checkpoint);
    }
  }

  private Load load(Database database, boolean placing, int perSecond) {
    settle(database);
    KeptTwice anchor = new KeptTwice(database);
    Sequencer sequencer =
        placing ? Sequencer.start(NAME, database, seal, signer, anchor, ids.next()) : null;
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong durable = new AtomicLong();
    List<Long> behind = new ArrayList<>();
    Limits limits = new Limits(8192, 512, Duration.ofSeconds(30));
    long base = number(database, "select count(*) from intake");
    long started = System.nanoTime();
    try (Audit audit =
            new Audit(
                NAME, database, seal, signer, Gauge.OPEN, InstantSource.system(), secure, limits);
        ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Person> people = people(database, audit);
      started = System.nanoTime();
      long from = started;
      AtomicLong begun = new AtomicLong();
      for (int i = 0; i < WRITERS; i++) {
        int first = i;
        writers.execute(
            () -> {
              for (int next = first; !done.get(); next += WRITERS) {
                while (begun.get() > (System.nanoTime() - from) / 1e9 * perSecond) {
                  LockSupport.parkNanos(1_000_000);
                }
                begun.incrementAndGet();
                Person about = people.get(next % PEOPLE);
                var _ = audit.record(Draft.about(about.id, about, facts(), DETAIL)).promised();
                durable.incrementAndGet();
              }
            });
      }
      ArrayDeque<long[]> seen = new ArrayDeque<>();
      while (System.nanoTime() - started < EACH.toNanos()) {
        sample(placing, anchor, base + durable.get(), seen, behind);
      }
      done.set(true);
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    if (sequencer != null) {
      sequencer.close();
    }
    return new Load(durable.get() / seconds, behind);
  }

  /** How long ago there were no more entries than the newest checkpoint covers. */
  private static void sample(
      boolean placing, Anchor anchor, long durable, ArrayDeque<long[]> seen, List<Long> behind) {
    long now = System.nanoTime();
    seen.add(new long[] {now, durable});
    if (placing) {
      long covered = anchor.last().map(LogJob::size).orElse(0L);
      while (seen.size() > 1 && seen.peekFirst()[1] <= covered) {
        seen.removeFirst();
      }
      behind.add((now - seen.peekFirst()[0]) / 1_000_000);
    }
    LockSupport.parkNanos(10_000_000);
  }

  private static long size(byte[] note) {
    return Checkpoint.parse(SignedNote.parse(note).text()).size();
  }

  /** Places what waits. */
  private void settle(Database database) {
    KeptTwice anchor = new KeptTwice(database);
    try (Sequencer sequencer =
        new Sequencer(NAME, database, seal, signer, anchor, ids.next(), step -> {})) {
      Trees trees = new Trees(NAME);
      while (database.read(trees::look).hasWork()) {
        sequencer.work();
      }
    }
  }

  // ------------------------------------------------------------------------------------ history

  /** Pages of a person with very many entries. */
  private void tell(Database database) {
    byte[] key = new byte[32];
    secure.nextBytes(key);
    Person person = new Person(new SubjectId(ids.unordered()), key);
    History history = new History(seal);
    Intake intake = new Intake(ids.next());
    database.change(
        tx -> {
          history.open(tx.handle(), person.id);
          return true;
        });
    long order = 0;
    for (int from = 0; from < ENTRIES_OF_ONE; from += 1_000) {
      List<Prepared> block = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        order++;
        block.add(prepared(person, intake, order));
      }
      intake.commit(database, block);
    }
    List<Long> first = new ArrayList<>();
    List<Long> deep = new ArrayList<>();
    Random random = new Random(SEED);
    for (int i = -PAGES; i < PAGES; i++) {
      Optional<Cursor> somewhere =
          Optional.of(new Cursor(1_000L + random.nextInt(ENTRIES_OF_ONE - 1_000)));
      long before = System.nanoTime();
      page(database, history, person, Optional.empty());
      long between = System.nanoTime();
      page(database, history, person, somewhere);
      if (i >= 0) {
        first.add(between - before);
        deep.add(System.nanoTime() - between);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| page of 50 of a person with %,d entries | p50 / p99 |%n|---|---|%n| the newest | %s |%n"
            + "| anywhere | %s |%n%n",
        ENTRIES_OF_ONE,
        millis(first),
        millis(deep));
  }

  private Prepared prepared(Person person, Intake intake, long order) {
    UUID id = ids.nextOfSecond();
    byte[] nonce = new byte[Entry.NONCE_SIZE];
    secure.nextBytes(nonce);
    Entry entry =
        new Entry(
            id,
            ByteString.of(nonce),
            Optional.of(ByteString.of(person.mark(nonce))),
            facts(),
            ByteString.EMPTY);
    byte[] bytes = entry.encode();
    Receipt receipt =
        new Receipt(NAME, id, Hash.ofLeaf(bytes), entry.facts().at(), Optional.of(person.id));
    HistoryLine line =
        HistoryLine.of(person.id, person, order, new HistoryLine.Entered(id, intake.key()));
    return new Prepared(Optional.of(line), seal.seal(id, bytes), receipt);
  }

  private static void page(
      Database database, History history, Person person, Optional<Cursor> from) {
    HistoryPage page =
        database.read(
            handle ->
                history.page(
                    handle, person.id, person, from, 50, HistoryFilter.NONE, entry -> true));
    if (page.entries().size() != 50) {
      throw new IllegalStateException("the page measured is none");
    }
  }

  private static String millis(List<Long> nanos) {
    Collections.sort(nanos);
    return String.format(
        Locale.ROOT,
        "%.2f / %.2f ms",
        nanos.get(nanos.size() / 2) / 1e6,
        nanos.get(nanos.size() * 99 / 100) / 1e6);
  }

  // ------------------------------------------------------------------------------------- proofs

  private static Hash leaf(int i) {
    return Hash.ofLeaf(ByteBuffer.allocate(4).putInt(i).array());
  }

  private void prove(Database database) {
    Trees trees = new Trees("large");
    Growth growth = new Growth();
    for (int i = 0; i < LARGE_TREE; i++) {
      growth.add(leaf(i));
      if (growth.size() % (64 * Tile.WIDTH) == 0 || i == LARGE_TREE - 1) {
        List<Tile> grown = growth.grown();
        database.change(
            tx -> {
              trees.write(tx.handle(), grown, List.of());
              return true;
            });
      }
    }
    Hash root = growth.root();
    Random random = new Random(SEED);
    long[] inclusion = new long[PROOFS];
    long[] consistency = new long[PROOFS];
    for (int i = -PROOFS; i < PROOFS; i++) {
      int index = random.nextInt(LARGE_TREE);
      long before = System.nanoTime();
      List<Hash> proof =
          database.read(handle -> new Tree(LARGE_TREE, trees.tiles(handle)).inclusion(index));
      long between = System.nanoTime();
      List<Hash> grown =
          database.read(
              handle -> new Tree(LARGE_TREE, trees.tiles(handle)).consistency(index + 1L));
      long after = System.nanoTime();
      if (i >= 0) {
        inclusion[i] = between - before;
        consistency[i] = after - between;
      }
      if (!Merkle.isIncluded(leaf(index), index, LARGE_TREE, root, proof) || grown.isEmpty()) {
        throw new IllegalStateException("the proof measured is none");
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| %,d leaves, tiles in the database | p50 / p99 |%n|---|---|%n| inclusion proof | %s |%n|"
            + " consistency proof | %s |%n%n",
        LARGE_TREE,
        microseconds(inclusion),
        microseconds(consistency));
  }

  private static String microseconds(long[] nanoseconds) {
    Arrays.sort(nanoseconds);
    return String.format(
        Locale.ROOT,
        "%.2f / %.2f ms",
        nanoseconds[nanoseconds.length / 2] / 1e6,
        nanoseconds[nanoseconds.length * 99 / 100] / 1e6);
  }

  // ------------------------------------------------------------------------------- verification

  private void verify() throws IOException {
    Path copy = Files.createDirectory(directory.resolve("copy"));
    Growth growth = new Growth();
    Random random = new Random(SEED);
    List<byte[]> bundle = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < COPY; i++) {
      byte[] nonce = new byte[Entry.NONCE_SIZE];
      random.nextBytes(nonce);
      byte[] mark = new byte[Entry.MARK_SIZE];
      random.nextBytes(mark);
      UUID id =
          new UUID(
              0x0198f1a28d207000L + ((long) i << 16), random.nextLong() >>> 2 | Long.MIN_VALUE);
      byte[] entry =
          new Entry(
                  id,
                  ByteString.of(nonce),
                  Optional.of(ByteString.of(mark)),
                  facts(),
                  ByteString.of(new byte[DETAIL.encode().length + 28]))
              .encode();
      bytes += entry.length;
      bundle.add(entry);
      growth.add(Hash.ofLeaf(entry));
      if (bundle.size() == Tile.WIDTH || i == COPY - 1) {
        put(copy, Tile.entriesPath(i / Tile.WIDTH, bundle.size()), EntryBundle.encode(bundle));
        bundle.clear();
        for (Tile tile : growth.grown()) {
          if (tile.isFull()) {
            put(copy, tile.path(), tile.hashes());
          }
        }
      }
    }
    for (Tile tile : growth.edge()) {
      put(copy, tile.path(), tile.hashes());
    }
    Checkpoint checkpoint = new Checkpoint(signer.origin(), growth.size(), growth.root());
    put(copy, "checkpoint", signer.sign(checkpoint.text()));
    long before = System.nanoTime();
    Verifier.Outcome outcome =
        new Verifier(path -> get(copy, path), signer.verifierKeys(), Quorum.NONE)
            .verify((done, all) -> {});
    double seconds = (System.nanoTime() - before) / 1e9;
    if (!outcome.isSound()) {
      throw new IllegalStateException("the copy measured is not sound: " + outcome.findings());
    }
    System.out.printf(
        Locale.ROOT,
        "| copy of %,d entries, %d bytes each | |%n|---|---|%n| verified, cold JVM | %.1f s |%n",
        COPY,
        bytes / COPY,
        seconds);
  }

  private static void put(Path copy, String path, byte[] content) throws IOException {
    Path file = copy.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private static Optional<byte[]> get(Path copy, String path) {
    Path file = copy.resolve(path);
    try {
      return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
