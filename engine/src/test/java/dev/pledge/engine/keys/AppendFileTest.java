package dev.pledge.engine.keys;

import static dev.pledge.engine.keys.Deployment.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendFileTest {
  private static final AppendFile.Opening NOBODY = (records, head) -> {};

  @TempDir private Path directory;
  private final Hmac hmac = new Hmac();
  private final UUID deployment = UUID.randomUUID();
  private final byte[] key = new byte[32];
  private Path path;

  @BeforeEach
  void create() throws IOException {
    Deployment.RANDOM.nextBytes(key);
    path = directory.resolve("file");
    AppendFile.create(path, seal());
  }

  @Test
  void recordsComeBackInOrder() throws IOException {
    write("a", "", "c");
    write("d");
    assertThat(read()).containsExactly("a", "", "c", "d");
  }

  @Test
  void headTellsHowFarTheFileHasCome() throws IOException {
    try (AppendFile file = open()) {
      Head empty = file.head();
      file.append(utf8("a"));
      Head one = file.head();
      assertThat(empty.writes()).isZero();
      assertThat(one.writes()).isEqualTo(1);
      assertThat(one.code()).hasSize(64).isNotEqualTo(empty.code());
    }
    write("b");
    try (AppendFile file = open()) {
      assertThat(file.head().writes()).isEqualTo(2);
    }
  }

  @Test
  void whateverACrashLeavesOfTheLastWriteIsCutOff() throws IOException {
    write("first", "second");
    byte[] durable = Files.readAllBytes(path);
    write("unacknowledged");
    byte[] whole = Files.readAllBytes(path);
    for (int length = durable.length; length < whole.length; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertThat(read()).as("cut at %d", length).containsExactly("first", "second");
      assertThat(Files.readAllBytes(path)).isEqualTo(durable);
    }
    for (int i = durable.length; i < whole.length; i++) {
      byte[] torn = whole.clone();
      torn[i] ^= 1;
      Files.write(path, torn);
      assertThat(read()).as("torn at %d", i).containsExactly("first", "second");
    }
    Files.write(path, Arrays.copyOf(durable, durable.length + 4096));
    assertThat(read()).as("zeros").containsExactly("first", "second");
    write("third");
    assertThat(read()).containsExactly("first", "second", "third");
  }

  @Test
  void readingOnlyLeavesATornEndInPlace() throws IOException {
    write("first");
    byte[] torn = Arrays.copyOf(Files.readAllBytes(path), (int) Files.size(path) + 3);
    Files.write(path, torn);
    try (AppendFile file = AppendFile.open(path, seal(), Access.READ, NOBODY)) {
      assertThat(records(file)).containsExactly("first");
    }
    assertThat(Files.readAllBytes(path)).isEqualTo(torn);
  }

  @Test
  void damageBeforeAWholeWriteIsRefused() throws IOException {
    int begin = (int) Files.size(path);
    write("first");
    int end = (int) Files.size(path);
    write("second");
    byte[] whole = Files.readAllBytes(path);
    for (int i = 0; i < end; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      Files.write(path, damaged);
      assertThatThrownBy(this::read).as("byte %d", i).isInstanceOf(KeyStoreRefusedException.class);
      assertThat(Files.readAllBytes(path)).isEqualTo(damaged);
    }
    byte[] spliced = Arrays.copyOf(whole, whole.length - (end - begin));
    System.arraycopy(whole, end, spliced, begin, whole.length - end);
    Files.write(path, spliced);
    assertThatThrownBy(this::read)
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("restore it from its backup");
  }

  @Test
  void fileUnderAnotherKeyOrDeploymentIsRefused() throws IOException {
    write("first");
    AppendFile.Seal otherKey =
        new AppendFile.Seal(hmac, Secret.random(Deployment.RANDOM), deployment);
    AppendFile.Seal otherDeployment =
        new AppendFile.Seal(hmac, Secret.owning(key.clone()), UUID.randomUUID());
    for (AppendFile.Seal other : List.of(otherKey, otherDeployment)) {
      assertThatThrownBy(() -> AppendFile.open(path, other, Access.WRITE, NOBODY))
          .isInstanceOf(KeyStoreRefusedException.class);
    }
  }

  @Test
  void manyWritersShareAWrite() throws Exception {
    int writers = 64;
    int each = 20;
    ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
    try (AppendFile file = open()) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int writer = 0; writer < writers; writer++) {
          int number = writer;
          threads.execute(
              () -> {
                for (int i = 0; i < each; i++) {
                  file.append(utf8(number + "." + i));
                  acknowledged.add(number + "." + i);
                }
              });
        }
      }
      assertThat(acknowledged).hasSize(writers * each);
      assertThat(records(file)).containsExactlyInAnyOrderElementsOf(acknowledged);
      assertThat(file.head().writes()).isLessThan(acknowledged.size() / 2);
    }
    assertThat(read()).containsExactlyInAnyOrderElementsOf(acknowledged);
  }

  @Test
  void interruptedWriterDoesNotCloseTheFile() throws IOException {
    try (AppendFile file = open()) {
      Thread.currentThread().interrupt();
      file.append(utf8("first"));
      assertThat(Thread.interrupted()).isTrue();
      file.append(utf8("second"));
      assertThat(records(file)).containsExactly("first", "second");
    }
  }

  @Test
  void closedFileAcceptsNothing() throws IOException {
    AppendFile file = open();
    file.close();
    assertThatThrownBy(() -> file.append(utf8("late"))).isInstanceOf(UncheckedIOException.class);
    assertThat(read()).isEmpty();
  }

  @Test
  void compactionKeepsTheLastOfEachKeyThatIsWanted() throws IOException {
    try (AppendFile file = open()) {
      for (int i = 0; i < 100; i++) {
        file.append(utf8("x"));
      }
      for (String record : List.of("a1", "b1", "a2", "c1", "b-")) {
        file.append(utf8(record));
      }
      assertThat(
              file.compact(
                      AppendFileTest::firstLetter,
                      record -> record[record.length - 1] != '-',
                      head -> List.of())
                  .dropped())
          .isEqualTo(102);
      assertThat(records(file)).containsExactly("x", "a2", "c1");
      assertThat(file.head().writes()).isEqualTo(1);
      file.append(utf8("d1"));
      assertThat(records(file)).containsExactly("x", "a2", "c1", "d1");
    }
    assertThat(read()).containsExactly("x", "a2", "c1", "d1");
    assertThat(Files.size(path)).isLessThan(500);
  }

  @Test
  void compactionOfManyRecordsLosesNone() throws Exception {
    int many = 2_500;
    try (AppendFile file = open()) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < many; i++) {
          byte[] record = utf8("r" + i);
          threads.execute(() -> file.append(record));
        }
      }
      List<String> before = records(file);
      file.compact(record -> UUID.nameUUIDFromBytes(record), record -> true, head -> List.of());
      assertThat(file.head().writes()).isEqualTo(3);
      assertThat(records(file)).hasSize(many).isEqualTo(before);
    }
    assertThat(read()).hasSize(many);
  }

  @Test
  void compactionThatWasCutShortLeavesTheOldFile() throws IOException {
    write("a1", "a2");
    Path unfinished = directory.resolve("file.new");
    Files.write(unfinished, utf8("half"));
    try (AppendFile file = AppendFile.open(path, seal(), Access.READ, NOBODY)) {
      assertThat(records(file)).containsExactly("a1", "a2");
      assertThat(unfinished).exists();
    }
    // It may hold the keys of people who are erased later.
    assertThat(read()).containsExactly("a1", "a2");
    assertThat(unfinished).doesNotExist();
    try (AppendFile file = open()) {
      file.compact(AppendFileTest::firstLetter, record -> true, head -> List.of());
    }
    assertThat(read()).containsExactly("a2");
    assertThat(unfinished).doesNotExist();
  }

  @Test
  void writersMayGoOnDuringCompaction() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    try (AppendFile file = open()) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        threads.execute(
            () -> {
              for (int i = 0; i < 200; i++) {
                file.append(utf8(i + "!"));
                acknowledged.add(i + "!");
              }
            });
        for (int i = 0; i < 10; i++) {
          file.compact(record -> UUID.nameUUIDFromBytes(record), record -> true, head -> List.of());
        }
      }
      assertThat(records(file)).containsExactlyElementsOf(acknowledged);
    }
    assertThat(read()).hasSize(200);
  }

  private static UUID firstLetter(byte[] record) {
    return new UUID(0, record[0]);
  }

  private AppendFile.Seal seal() {
    return new AppendFile.Seal(hmac, Secret.owning(key.clone()), deployment);
  }

  private AppendFile open() throws IOException {
    return AppendFile.open(path, seal(), Access.WRITE, NOBODY);
  }

  private void write(String... records) throws IOException {
    try (AppendFile file = open()) {
      for (String record : records) {
        file.append(utf8(record));
      }
    }
  }

  private List<String> read() throws IOException {
    try (AppendFile file = open()) {
      return records(file);
    }
  }

  private static List<String> records(AppendFile file) {
    List<String> records = new ArrayList<>();
    file.forEach(
        record -> records.add(new String(record, java.nio.charset.StandardCharsets.UTF_8)));
    return records;
  }
}
