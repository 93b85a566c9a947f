package dev.pledge.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class CheckpointTest {
  private static final long SEED = 20_260_731;
  private static final String ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

  @Test
  void readsThePublishedExample() {
    String text = SignedNote.parse(PublishedNotes.COSIGNED.getBytes(UTF_8)).text();
    Checkpoint checkpoint = Checkpoint.parse(text);
    assertThat(checkpoint.origin()).isEqualTo("example.com/behind-the-sofa");
    assertThat(checkpoint.size()).isEqualTo(20_852_163);
    assertThat(checkpoint.root())
        .hasToString("0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62");
    assertThat(checkpoint.extensions()).isEmpty();
    assertThat(checkpoint.text()).isEqualTo(text);
  }

  @Test
  void originsWithSpacesArePermitted() {
    SignedNote note = SignedNote.parse(PublishedNotes.SUM_DB_CHECKPOINT.getBytes(UTF_8));
    assertThat(Checkpoint.parse(note.text()).origin()).isEqualTo(PublishedNotes.SUM_DB_ORIGIN);
  }

  @Test
  void extensionsAreKept() {
    String text = "o\n1\n" + ROOT + "\nfirst\nsecond — line\n";
    Checkpoint checkpoint = Checkpoint.parse(text);
    assertThat(checkpoint.extensions()).containsExactly("first", "second — line");
    assertThat(checkpoint.text()).isEqualTo(text);
  }

  @Test
  void theEmptyTreeHasItsOwnRoot() {
    Checkpoint empty = new Checkpoint("o", 0, Hash.ofEmptyTree());
    assertThat(empty.text()).isEqualTo("o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    assertThat(Checkpoint.parse(empty.text())).isEqualTo(empty);
  }

  @Test
  void everyCheckpointComesBack() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 10_000; i++) {
      byte[] root = new byte[Hash.SIZE];
      random.nextBytes(root);
      long size = 1 + (random.nextLong() >>> random.nextInt(2, 64));
      List<String> extensions = random.nextBoolean() ? List.of() : List.of("x " + i, "y");
      Checkpoint checkpoint =
          new Checkpoint("log.example/" + i, size, new Hash(ByteString.of(root)), extensions);
      assertThat(Checkpoint.parse(checkpoint.text()))
          .as("seed %d, round %d", SEED, i)
          .isEqualTo(checkpoint);
    }
    Checkpoint largest = new Checkpoint("o", Long.MAX_VALUE, Hash.ofLeaf(new byte[0]));
    assertThat(Checkpoint.parse(largest.text())).isEqualTo(largest);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void malformedCheckpointsAreRefused(String why, String text) {
    assertThatExceptionOfType(MalformedNote.class)
        .isThrownBy(() -> Checkpoint.parse(text))
        .withMessageStartingWith("malformed checkpoint: ");
  }

  static Stream<Arguments> malformedCheckpointsAreRefused() {
    return Stream.of(
        Arguments.of("nothing", ""),
        Arguments.of("no origin", "\n1\n" + ROOT + "\n"),
        Arguments.of("two lines", "o\n1\n"),
        Arguments.of("last line not ended", "o\n1\n" + ROOT),
        Arguments.of("leading zero", "o\n01\n" + ROOT + "\n"),
        Arguments.of("two zeros", "o\n00\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"),
        Arguments.of("plus sign", "o\n+1\n" + ROOT + "\n"),
        Arguments.of("negative", "o\n-1\n" + ROOT + "\n"),
        Arguments.of("minus zero", "o\n-0\n" + ROOT + "\n"),
        Arguments.of("space before the size", "o\n 1\n" + ROOT + "\n"),
        Arguments.of("hexadecimal", "o\n0x1\n" + ROOT + "\n"),
        Arguments.of("no size", "o\n\n" + ROOT + "\n"),
        Arguments.of("other digits", "o\n١\n" + ROOT + "\n"),
        Arguments.of("2^63", "o\n9223372036854775808\n" + ROOT + "\n"),
        Arguments.of("no root", "o\n1\n\n"),
        Arguments.of("31 bytes of root", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n"),
        Arguments.of("33 bytes of root", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2IA\n"),
        Arguments.of("root without padding", "o\n1\n" + ROOT.replace("=", "") + "\n"),
        Arguments.of("stray bits in the root", "o\n1\n" + ROOT.replace("2I=", "2J=") + "\n"),
        Arguments.of("root in hex", "o\n1\n" + "ab".repeat(32) + "\n"),
        Arguments.of("empty tree with another root", "o\n0\n" + ROOT + "\n"),
        Arguments.of("empty extension", "o\n1\n" + ROOT + "\n\n"),
        Arguments.of("empty extension between", "o\n1\n" + ROOT + "\nx\n\ny\n"),
        Arguments.of("carriage returns", "o\r\n1\r\n" + ROOT + "\r\n"),
        Arguments.of("control character", "o\u0007\n1\n" + ROOT + "\n"));
  }

  @Test
  void impossibleCheckpointsAreNotMade() {
    Hash root = Hash.ofLeaf(new byte[0]);
    for (String origin : List.of("", "two\nlines", "a\u0000", "half\ud83d")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Checkpoint(origin, 1, root))
          .withMessageStartingWith("malformed origin");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new Checkpoint("o", -1, root));
    assertThatIllegalArgumentException().isThrownBy(() -> new Checkpoint("o", 0, root));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Checkpoint("o", 1, root, List.of("")))
        .withMessageStartingWith("malformed extension");
  }
}
