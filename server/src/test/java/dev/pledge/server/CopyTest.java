package dev.pledge.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.log.ByteString;
import dev.pledge.log.Caller;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Cosigner;
import dev.pledge.log.Entry;
import dev.pledge.log.EntryBundle;
import dev.pledge.log.Facts;
import dev.pledge.log.Growth;
import dev.pledge.log.Hash;
import dev.pledge.log.Kind;
import dev.pledge.log.NoteSigner;
import dev.pledge.log.Outcome;
import dev.pledge.log.Promise;
import dev.pledge.log.Tile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of a log as whoever hands them over may have made them. */
class CopyTest {
  private static final Instant DECIDED = Instant.parse("2026-04-23T10:15:30Z");
  private static final byte[] SEED = filled(32, 1);

  @TempDir private Path directory;

  private Path copy = Path.of("");

  @BeforeEach
  void make() throws IOException {
    copy = Files.createDirectory(directory.resolve("copy"));
    write("example.com/log");
  }

  private static byte[] filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] entry(int nonce) {
    Facts facts =
        Facts.of(Kind.LOOKUP, DECIDED, Outcome.PERMITTED, Caller.of(Caller.SERVICE, "mailer"))
            .build();
    UUID id = UUID.fromString("0198f1a2-8d20-7b14-a0c2-5be1d07c9f33");
    ByteString random = ByteString.of(filled(Entry.NONCE_SIZE, nonce));
    return new Entry(id, random, Optional.empty(), facts, ByteString.EMPTY).encode();
  }

  /** A log of one entry. */
  private void write(String origin) throws IOException {
    Growth tree = new Growth();
    tree.add(Hash.ofLeaf(entry(1)));
    NoteSigner signer = new NoteSigner(origin, SEED);
    for (Tile tile : tree.edge()) {
      write(tile.path(), tile.hashes());
    }
    write(Tile.entriesPath(0, 1), EntryBundle.encode(List.of(entry(1))));
    write("key", (signer.verifierKey() + "\n").getBytes(UTF_8));
    write("checkpoint", signer.sign(new Checkpoint(origin, 1, tree.root()).text()).encode());
  }

  private void write(String path, byte[] content) throws IOException {
    Path file = copy.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private record Done(int code, String out, String err) {}

  private Done verify(String... more) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    var line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    String[] words =
        Stream.concat(Stream.of("audit", "verify", copy.toString()), Stream.of(more))
            .toArray(String[]::new);
    return new Done(line.execute(words), out.toString(), err.toString());
  }

  private static void assertRefused(Done done, String why) {
    assertThat(done.code()).isEqualTo(Main.WRONG);
    assertThat(done.err()).contains(why).doesNotContain("something failed");
  }

  @Test
  void aCopyIsSound() {
    Done done = verify();
    assertThat(done.code()).as(done.out()).isEqualTo(Main.DONE);
    assertThat(done.out()).contains("log         example.com/log\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n \n"})
  void aCopyWithAnEmptyKeyIsRefused(String key) throws IOException {
    write("key", key.getBytes(UTF_8));
    assertRefused(verify(), "no key of the log; give its verifier key");
  }

  @Test
  void aKeyThatOnlyCosignsIsNoLogs() throws IOException {
    for (Cosigner cosigner :
        List.of(
            Cosigner.ed25519("example.com/log", SEED), Cosigner.mlDsa44("example.com/log", SEED))) {
      String key = cosigner.verifierKey().toString();
      assertRefused(verify("--key", key), "is a witness's");
      write("key", key.getBytes(UTF_8));
      assertRefused(verify(), "is a witness's");
    }
  }

  @Test
  void aLogIsNotItsOwnWitness() {
    String own = Cosigner.ed25519("witness.example", SEED).verifierKey().toString();
    assertRefused(verify("--witness", own), "a log cannot be its witness");
  }

  /** Sparse files: they take no room on a disk, and would take all of the memory. */
  @ParameterizedTest
  @ValueSource(strings = {"checkpoint", "key", "tile/0/000.p/1", "tile/entries/000.p/1"})
  void aFileOfAnySizeIsReadAsFarAsItCanBeRight(String path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(copy.resolve(path).toFile(), "rw")) {
      file.setLength(1L << 36);
    }
    Done done = verify();
    assertThat(done.code()).isNotEqualTo(Main.DONE);
    assertThat(done.err()).doesNotContain("something failed");
    assertThat(done.out() + done.err()).contains(path);
  }

  @Test
  void aLinkOutOfTheCopyIsNotFollowed() throws IOException {
    Path elsewhere = Files.move(copy.resolve("key"), directory.resolve("elsewhere"));
    Files.createSymbolicLink(copy.resolve("key"), elsewhere);
    assertRefused(verify(), "leads out of the copy");
    Files.delete(copy.resolve("key"));
    Files.move(copy.resolve("checkpoint"), copy.resolve("other"));
    Files.createSymbolicLink(copy.resolve("checkpoint"), Path.of("other"));
    String key = new NoteSigner("example.com/log", SEED).verifierKey().toString();
    assertThat(verify("--key", key).code()).isEqualTo(Main.DONE);
  }

  /** U+009B begins a command of a terminal, as ESC and a bracket do; U+202E turns text around. */
  @Test
  void nothingInACopyCommandsTheTerminal() throws IOException {
    write("example.com/\u009b2J\u202egol");
    Done done = verify();
    assertThat(done.code()).isEqualTo(Main.DONE);
    assertThat(done.out()).contains("log         example.com/\\u{9B}2J\\u{202E}gol\n");
    String checkpoint = copy.resolve("checkpoint").toString();
    Path other = Files.copy(Path.of(checkpoint), directory.resolve("checkpoint"));
    write("example.com/log");
    String key = Files.readString(copy.resolve("key")).strip();
    String theirs = new NoteSigner("example.com/\u009b2J\u202egol", SEED).verifierKey().toString();
    Done differs = verify("--key", key, "--key", theirs, "--checkpoint", other.toString());
    assertThat(differs.out()).contains("is of another log").doesNotContain("\u009b", "\u202e");
  }

  /** Whoever reads the copy otherwise might take them for part of the log. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "tile/0/000",
        "tile/0/000.p/2",
        "tile/0/001.p/1",
        "tile/0/x001/000.p/1",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/000.p/2",
        "tile/entries/001",
        "tile/0/000.p/01",
        "tile/0/x000/000.p/1",
        "tile/8/000.p/1",
        "tile/notes.txt",
        "tile/0/x001/x001/x001/x001/x001/x001/x001/000"
      })
  void aFileAmongTheTilesThatNoLogOfTheSizeHasIsNamed(String path) throws IOException {
    write(path, new byte[32]);
    Done done = verify();
    assertThat(done.code()).isEqualTo(Main.WRONG);
    assertThat(done.out())
        .contains("WRONG       tile/")
        .contains(path.substring(0, Math.min(path.length(), 30)))
        .contains("is no part of a log of 1 entries; remove it");
  }

  @Test
  void whatLiesBesideTheTilesIsNoTile() throws IOException {
    write("notes.txt", new byte[1]);
    assertThat(verify().code()).isEqualTo(Main.DONE);
  }

  @Test
  void filesThatAreTooManyAreCounted() throws IOException {
    for (int i = 1; i <= 25; i++) {
      write("tile/0/%03d".formatted(i), new byte[0]);
    }
    assertThat(verify().out()).contains("and 5 findings more");
  }

  @Test
  void aReceiptIsKeptOrBrokenOrNotDueInThisCopy() throws IOException {
    Done kept = verify("--receipt", receipt(entry(1), DECIDED));
    assertThat(kept.code()).as(kept.out()).isEqualTo(Main.DONE);
    assertThat(kept.out()).contains("in the log, entry 0");
    Done later = verify("--receipt", receipt(entry(2), DECIDED.minusSeconds(60)));
    assertThat(later.code()).as(later.out()).isEqualTo(Main.OPEN);
    assertThat(later.out())
        .contains("not covered by this copy yet; it was promised by " + DECIDED)
        .contains("sound: ");
    Done broken = verify("--receipt", receipt(entry(2), DECIDED.minusSeconds(61)));
    assertThat(broken.code()).isEqualTo(Main.WRONG);
    assertThat(broken.out())
        .contains("WRONG       ")
        .contains("no entry of this copy has its leaf, which was due by");
  }

  @Test
  void aReceiptOfAnOlderKeyIsVerifiedWithThatAndAccusesNobody() throws IOException {
    NoteSigner old = new NoteSigner("example.com/log", filled(32, 2));
    String receipt = receipt(entry(1), DECIDED, old);
    assertThat(verify("--receipt", receipt).out()).contains("give the one of that time, too");
    write("retired-keys", (old.verifierKey() + " " + DECIDED + "\n").getBytes(UTF_8));
    Done kept = verify("--receipt", receipt);
    assertThat(kept.code()).as(kept.out()).isEqualTo(Main.DONE);
    assertThat(kept.out()).contains("in the log, entry 0");
    String key = new NoteSigner("example.com/log", SEED).verifierKey().toString();
    assertThat(verify("--key", key, "--receipt", receipt).code())
        .as("what a copy says of keys counts for nothing beside --key")
        .isEqualTo(Main.WRONG);
    assertThat(
            verify("--key", key, "--key", old.verifierKey().toString(), "--receipt", receipt)
                .code())
        .isEqualTo(Main.DONE);
    Done late = verify("--receipt", receipt(entry(1), DECIDED.plusMillis(1), old));
    assertThat(late.code()).isEqualTo(Main.WRONG);
    assertThat(late.out()).contains("a key that the log had retired before");
    write("retired-keys", "nonsense\n".getBytes(UTF_8));
    assertRefused(verify(), "malformed retired key");
  }

  private String receipt(byte[] entry, Instant at) throws IOException {
    return receipt(entry, at, new NoteSigner("example.com/log", SEED));
  }

  /** What the promise says nothing of. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0198f1a2-8d20-7b14-a0c2-5be1d07c9f33 | 0198f1a2-8d20-7b14-a0c2-5be1d07c9f34 | but its leaf is that of entry
          0198f1a2-8d20-7b14-a0c2-5be1d07c9f33 | 0198F1A2-8d20-7b14-a0c2-5be1d07c9f33 | `entry` is no id
          "log":"example.com/log"              | "log":"example.com/other"            | its `log` is another
          "log":"example.com/log",             | ''                                   | `log` is missing
          "place":0                            | "place":"0"                          | `place` is missing or
          "place":0                            | "place":0.9                          | `place` is missing or
          "place":0                            | "place":0.0                          | `place` is missing or
          "place":0                            | "place":-1                           | `place` is missing or
          "place":0                            | "place":1180591620717411303424       | `place` is missing or
          "place":0                            | "place":1                            | is about other entries
          "proof":[]                           | "proof":""                           | `proof` is missing or
          "proof":[]                           | "proof":[7]                          | `proof` is missing or
          "proof":[]                           | "proof":{}                           | `proof` is missing or
          """)
  void aReceiptThatSaysAnythingElseIsNotKept(String said, String instead, String told)
      throws IOException {
    Path receipt = Path.of(receipt(entry(1), DECIDED));
    assertThat(Files.readString(receipt)).contains(said);
    Files.writeString(receipt, Files.readString(receipt).replace(said, instead));
    Done done = verify("--receipt", receipt.toString());
    assertThat(done.code()).as(done.out()).isEqualTo(Main.WRONG);
    assertThat(done.out()).contains("WRONG       ", told).doesNotContain("in the log, entry");
  }

  @Test
  void aReceiptThatReadersCouldReadDifferentlyIsRefused() throws IOException {
    Path receipt = Path.of(receipt(entry(1), DECIDED));
    String whole = Files.readString(receipt);
    for (String other : List.of(whole + "{}", whole.replace("{", "{\"place\":1,"))) {
      Files.writeString(receipt, other);
      assertRefused(verify("--receipt", receipt.toString()), "is no JSON");
    }
  }

  private String receipt(byte[] entry, Instant at, NoteSigner signer) throws IOException {
    Hash leaf = Hash.ofLeaf(entry);
    Promise promise = new Promise("example.com/log", 1, leaf, at, Duration.ofMinutes(1));
    byte[] note = signer.sign(promise.text()).encode();
    String json =
        "{\"log\":\"example.com/log\",\"entry\":\"%s\",\"leaf\":\"%s\",\"place\":0,\"proof\":[],\"promise\":\"%s\"}"
            .formatted(
                Entry.decode(entry).id(),
                leaf.value(),
                new String(note, UTF_8).replace("\n", "\\n"));
    return Files.writeString(directory.resolve("receipt"), json).toString();
  }
}
