package dev.pledge.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What an entry says about a person beyond what many share. Whoever makes the entry seals it under
 * the data subject's key, so that it is readable with that key only and by nobody after erasure.
 *
 * <p>The encoding is padded to a multiple of {@value #PADDING} bytes, so that its length says
 * little. It may hold free text, the names of persons, and what would tie entries to each other.
 * Never the values that were read or stored.
 *
 * @param stateVersion the version of the data subject's state that was decided on
 * @param reliedOn ids of the entries the decision relied on: grants and refusals of the person and
 *     of a guardian, authorisations to pool, the approval of an exception; at most {@value
 *     #MAX_RELIED_ON}
 * @param refersTo id of the entry that this one answers, reviews or corrects
 * @param actor the person who acted, where the caller is not named in the open
 * @param justification why, in the caller's words
 * @param reference of an exception, a case, a ticket or a request
 * @param note anything else; the four texts together at most {@value #MAX_TEXTS} bytes of UTF-8
 * @param data where the values came from that were decided about, together at most {@value
 *     #MAX_DATA} bytes
 * @param omitted how many more entries relied on and data there were than fit in
 */
public record Detail(
    OptionalLong stateVersion,
    Set<UUID> reliedOn,
    Optional<UUID> refersTo,
    Optional<String> actor,
    Optional<String> justification,
    Optional<String> reference,
    Optional<String> note,
    List<Datum> data,
    int omitted) {
  /** Version of the encoding that {@link #encode} writes. */
  public static final int VERSION = 1;

  /** Encodings are as long as a multiple of this. */
  public static final int PADDING = 64;

  /** The longest encoding; what sealing adds to it must fit into {@link Entry#MAX_SEALED}. */
  public static final int MAX_SIZE = Entry.MAX_SEALED - PADDING;

  /** The most bytes the texts have together. */
  public static final int MAX_TEXTS = 3800;

  /** The most bytes the data have together. */
  public static final int MAX_DATA = 4000;

  /** The most entries relied on. */
  public static final int MAX_RELIED_ON = 64;

  /** Nothing. */
  public static final Detail NONE =
      new Detail(
          OptionalLong.empty(),
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          0);

  /** As UUIDs sort by their bytes; {@link UUID#compareTo} takes the halves for signed numbers. */
  static final Comparator<UUID> BY_BYTES =
      Comparator.<UUID>comparingLong(id -> id.getMostSignificantBits() + Long.MIN_VALUE)
          .thenComparingLong(id -> id.getLeastSignificantBits() + Long.MIN_VALUE);

  /** Throws {@link IllegalArgumentException} if a part is too long, or a text empty or broken. */
  public Detail {
    if (stateVersion.orElse(0) < 0) {
      throw new IllegalArgumentException("a state version cannot be negative");
    }
    reliedOn = sortedIds(reliedOn);
    int texts =
        Stream.of(actor, justification, reference, note)
            .flatMap(Optional::stream)
            .mapToInt(Detail::bytesOf)
            .sum();
    if (texts > MAX_TEXTS) {
      throw new IllegalArgumentException("too much text; give at most " + MAX_TEXTS + " bytes");
    }
    data = sortedData(data);
    if (omitted < 0) {
      throw new IllegalArgumentException("a count cannot be negative");
    }
  }

  /** Which state and which entries the decision relied on, and nothing else. */
  public static Detail of(long stateVersion, Collection<UUID> reliedOn) {
    return new Detail(
        OptionalLong.of(stateVersion),
        Set.copyOf(reliedOn),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        0);
  }

  /** The same with the person who acted. */
  public Detail withActor(String person) {
    return new Detail(
        stateVersion,
        reliedOn,
        refersTo,
        Optional.of(person),
        justification,
        reference,
        note,
        data,
        omitted);
  }

  /** The same with the reason the caller gave. */
  public Detail withJustification(String text) {
    return new Detail(
        stateVersion, reliedOn, refersTo, actor, Optional.of(text), reference, note, data, omitted);
  }

  /** The same with the reference of an exception, a case, a ticket or a request. */
  public Detail withReference(String text) {
    return new Detail(
        stateVersion,
        reliedOn,
        refersTo,
        actor,
        justification,
        Optional.of(text),
        note,
        data,
        omitted);
  }

  /** The same about the entry that this one answers, reviews or corrects. */
  public Detail withRefersTo(UUID entry) {
    return new Detail(
        stateVersion,
        reliedOn,
        Optional.of(entry),
        actor,
        justification,
        reference,
        note,
        data,
        omitted);
  }

  /** The same with anything else worth saying. */
  public Detail withNote(String text) {
    return new Detail(
        stateVersion,
        reliedOn,
        refersTo,
        actor,
        justification,
        reference,
        Optional.of(text),
        data,
        omitted);
  }

  /** The same with where the values came from. */
  public Detail withData(Collection<Datum> sources) {
    return new Detail(
        stateVersion,
        reliedOn,
        refersTo,
        actor,
        justification,
        reference,
        note,
        List.copyOf(sources),
        omitted);
  }

  /** The same with how many entries relied on and data were left out. */
  public Detail withOmitted(int count) {
    return new Detail(
        stateVersion, reliedOn, refersTo, actor, justification, reference, note, data, count);
  }

  /** Whether it says nothing, so that nothing needs to be sealed. */
  public boolean isEmpty() {
    return equals(NONE);
  }

  /** The canonical bytes, version 1, padded. */
  public byte[] encode() {
    return DetailFormat.encode(this);
  }

  /**
   * Reads canonical bytes.
   *
   * @throws MalformedEntry if the bytes are not the one encoding of a detail
   */
  public static Detail decode(byte[] bytes) {
    return DetailFormat.decode(bytes);
  }

  // Free text may hold anything, so it is not printed.
  @Override
  public String toString() {
    return "Detail[redacted]";
  }

  private static Set<UUID> sortedIds(Collection<UUID> ids) {
    if (ids.size() > MAX_RELIED_ON) {
      throw new IllegalArgumentException(
          "too many entries relied on; give at most " + MAX_RELIED_ON);
    }
    Set<UUID> sorted = new TreeSet<>(BY_BYTES);
    sorted.addAll(ids);
    return Collections.unmodifiableSet(sorted);
  }

  private static List<Datum> sortedData(List<Datum> data) {
    List<Datum> sorted = data.stream().sorted(Datum.ORDER).toList();
    Facts.requireDistinct(sorted, Datum.ORDER);
    if (sorted.stream().mapToInt(Datum::size).sum() > MAX_DATA) {
      throw new IllegalArgumentException("too many data; give at most " + MAX_DATA + " bytes");
    }
    return sorted;
  }

  private static int bytesOf(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("an empty text; leave it out");
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    // Unpaired surrogates are written as `?` and would come back as another text.
    if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
      throw new IllegalArgumentException("malformed text; pair every surrogate");
    }
    return bytes.length;
  }

  /**
   * Where a value came from: what the rules on pooling and retention look at. For an event series
   * the oldest and the newest stand for all.
   *
   * @param product the product that collected it
   * @param collectedAt when, UTC, cut to microseconds
   */
  public record Datum(String field, String product, Instant collectedAt) {
    static final Comparator<Datum> ORDER =
        Comparator.comparing(Datum::field)
            .thenComparing(Datum::product)
            .thenComparing(Datum::collectedAt);

    private static final int LENGTHS_AND_TIME = 1 + 1 + Long.BYTES;

    /** Throws {@link IllegalArgumentException} if a name is malformed or the time out of range. */
    public Datum {
      Grammar.requireField(field, "field name");
      Grammar.requireName(product, "product");
      collectedAt = Facts.requireTime(collectedAt, "collection time");
    }

    private int size() {
      return field.length() + product.length() + LENGTHS_AND_TIME;
    }
  }
}
