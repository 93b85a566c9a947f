package dev.pledge.engine.keys;

import dev.pledge.engine.keys.BlindIndex.Term;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.ProductId;
import java.util.UUID;

/**
 * Marks aliases of people who are gone and had objected, so that they are known again when a list
 * brings them back: HMAC-SHA-256 over deployment, kind, product and normalised value, under a key
 * for each kind, never truncated.
 *
 * <p>Equal values give equal marks for as long as there is the key store: nothing of an erased
 * person is there to be marked anew, so the keys are of no epoch. Whoever has them and the marks
 * can try all phone numbers in hours, which is why they lie in the key store only.
 *
 * <p>The version of the normaliser is left out on purpose: a value that it leaves as it is keeps
 * being found.
 *
 * <p>Safe for use by many threads. Prints as {@code [redacted]}.
 */
public final class SuppressionKeys implements AutoCloseable {
  private final UUID deployment;
  private final Secret key;
  private final Primitives primitives;

  /** Takes {@code key} over. */
  SuppressionKeys(UUID deployment, Secret key, Primitives primitives) {
    this.deployment = deployment;
    this.key = key;
    this.primitives = primitives;
  }

  /** The mark of an alias, of 32 bytes. */
  public byte[] mark(Term term) {
    FieldType kind = term.kind();
    byte[] input =
        Framed.of("pledge/suppression/mark/v1")
            .add(deployment)
            .add(kind.word())
            .add(term.product().map(ProductId::value).orElse(""))
            .add(term.value())
            .bytes();
    return code("pledge/suppression/key-of-" + kind.word() + "/v1", input);
  }

  /** The code of a row that keeps a mark, of 32 bytes: nobody writes or alters one without it. */
  public byte[] codeOfRow(byte[] mark, long day, String... words) {
    Framed row = Framed.of("pledge/suppression/row/v1").add(deployment).add(mark).add(day);
    for (String word : words) {
      row.add(word);
    }
    return code("pledge/suppression/key-of-rows/v1", row.bytes());
  }

  /** The code of a tally, of 32 bytes: how many rows there are, and the sum of their codes. */
  public byte[] codeOfTally(int bucket, long rows, byte[] sum) {
    byte[] tally =
        Framed.of("pledge/suppression/tally/v1")
            .add(deployment)
            .add(bucket)
            .add(rows)
            .add(sum)
            .bytes();
    return code("pledge/suppression/key-of-tallies/v1", tally);
  }

  private byte[] code(String use, byte[] input) {
    try (Secret own = primitives.hkdf().derive(key, use)) {
      return primitives.hmac().code(own.as(Hmac.ALGORITHM), input);
    }
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
