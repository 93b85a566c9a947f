package dev.pledge.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The proofs that transparency-dev/merkle publishes, the invalid ones above all. */
class MerkleTest {
  static List<String> vectors() throws IOException {
    try (InputStream in = MerkleTest.class.getResourceAsStream("merkle-vectors.txt")) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void agreesWithPublishedProofs(String vector) {
    List<String> parts = List.of(vector.split(" ", 8));
    assertThat(holds(parts)).isEqualTo(parts.get(6).equals("ok"));
  }

  private static boolean holds(List<String> parts) {
    // Beyond what a long holds, a number is one that no tree has.
    long first = number(parts.get(1));
    long second = number(parts.get(2));
    try {
      Hash third = hash(parts.get(3));
      Hash fourth = hash(parts.get(4));
      List<Hash> proof =
          parts.get(5).equals("-")
              ? List.of()
              : Stream.of(parts.get(5).split(",")).map(MerkleTest::hash).toList();
      return parts.getFirst().equals("inclusion")
          ? Merkle.isIncluded(fourth, first, second, third, proof)
          : Merkle.isConsistent(first, third, second, fourth, proof);
    } catch (IllegalArgumentException e) {
      // What has another size is no hash.
      return false;
    }
  }

  private static long number(String text) {
    return new BigInteger(text).longValue();
  }

  private static Hash hash(String text) {
    return new Hash(
        ByteString.of(text.length() < 4 ? new byte[0] : Base64.getDecoder().decode(text)));
  }
}
