package dev.pledge.engine.keys;

import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.ProductId;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Finds a person by an alias without storing the alias: HMAC-SHA-256 over deployment, kind, epoch,
 * version of the normaliser, product and normalised value, under a key for each kind and epoch,
 * never truncated.
 *
 * <p>Equal values give equal indexes: that is its use and its leak. Whoever holds the key can try
 * all phone numbers in hours, so the key lies in the key store only. Compare the decrypted alias
 * after a hit.
 *
 * <p>Safe for use by many threads.
 */
public final class BlindIndex {
  /** What a person is looked up by. Prints as {@code [redacted]}. */
  public record Term(
      FieldType kind, int normaliserVersion, Optional<ProductId> product, String value) {
    /**
     * @throws IllegalArgumentException if the kind is never looked up, or names a product where it
     *     must not or the reverse: an external id belongs to one product, all else to none
     */
    public Term {
      if (!kind.findsPeople()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "`%s` is never looked up: too few values are possible", kind.word()));
      }
      if (product.isPresent() != (kind == FieldType.EXTERNAL_ID)) {
        throw new IllegalArgumentException(
            "name a product for an external id, and for nothing else");
      }
    }

    /** An alias that is the person's own. */
    public static Term of(FieldType kind, int normaliserVersion, String value) {
      return new Term(kind, normaliserVersion, Optional.empty(), value);
    }

    /** An account number that {@code product} gave the person. */
    public static Term ofExternalId(ProductId product, int normaliserVersion, String value) {
      return new Term(FieldType.EXTERNAL_ID, normaliserVersion, Optional.of(product), value);
    }

    @Override
    public String toString() {
      return "[redacted]";
    }
  }

  private final UUID deployment;
  private final Epochs epochs;
  private final Primitives primitives;

  BlindIndex(UUID deployment, Epochs epochs, Primitives primitives) {
    this.deployment = deployment;
    this.epochs = epochs;
    this.primitives = primitives;
  }

  /** The indexes to look for: one for each epoch that lives, oldest first. */
  public List<byte[]> candidates(Term term) {
    return List.copyOf(indexes(term).values());
  }

  /**
   * The indexes to store, of 32 bytes, by the epochs they are of: one for each that lives, oldest
   * first. While there are several, an alias that somebody has is found under each of them, so none
   * is given twice, whichever epoch a writer knows.
   */
  public NavigableMap<Integer, byte[]> indexes(Term term) {
    NavigableMap<Integer, byte[]> indexes = new TreeMap<>();
    for (int epoch : epochs.living()) {
      indexes.put(epoch, index(term, epoch));
    }
    return indexes;
  }

  private byte[] index(Term term, int epoch) {
    Secret key =
        epochs
            .bundle(epoch)
            .indexKey(term.kind())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        String.format(
                            Locale.ROOT,
                            "epoch %d has no index key for `%s`; open the key store once to write",
                            epoch,
                            term.kind().word())));
    byte[] input =
        Framed.of("pledge/blind-index/v1")
            .add(deployment)
            .add(term.kind().word())
            .add(epoch)
            .add(term.normaliserVersion())
            .add(term.product().map(ProductId::value).orElse(""))
            .add(term.value())
            .bytes();
    return primitives.hmac().code(key.as(Hmac.ALGORITHM), input);
  }
}
