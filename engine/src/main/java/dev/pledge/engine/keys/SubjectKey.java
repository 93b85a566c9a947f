package dev.pledge.engine.keys;

import dev.pledge.log.MarkKey;
import dev.pledge.policy.names.SubjectId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A lease on one person's key: what belongs to the person is sealed and opened with it, and with
 * nothing else. Close it as soon as the work is done; afterwards every use throws {@link
 * IllegalStateException}. The key itself is wiped when the last lease on it is closed and it is no
 * longer cached.
 *
 * <p>Each use has a key of its own, derived by HKDF-SHA-256 (RFC 5869): values, marks, log details,
 * records, exports. Sealing is AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces and makes a
 * value 29 bytes longer; the length of the plaintext shows.
 *
 * <p>How many values one key seals: random nonces are safe for 2³² under a key (SP 800-38D §8.3),
 * and 2³¹ is the bound kept here. Details, records and exports have a key for each one, so the
 * bound is out of reach. The values of a part share one key until it is forgotten, and this class
 * cannot count them: no count in memory outlives the process. {@link Aad} refuses a {@code version}
 * past the bound. That is exact when versions are drawn from one counter per person and generation,
 * kept in the database in the transaction that stores the value; when each datum counts for itself,
 * it bounds each datum alone, and the sum over a person's data is bounded only by how much may be
 * stored of one person.
 *
 * <p>Safe for use by many threads, closing included. Prints as {@code [redacted]}.
 *
 * <p>Source: IV.4.
 */
public final class SubjectKey implements AutoCloseable {
  /** The length of the nonce a mark is made with. */
  public static final int MARK_NONCE_BYTES = 16;

  private final UUID deployment;
  private final SubjectId subject;
  private final Primitives primitives;

  /** What the lease is on; null once it is closed. */
  private final AtomicReference<@Nullable SubjectSecrets> leased;

  /** Takes over a lease already counted. */
  SubjectKey(SubjectSecrets secrets) {
    this.deployment = secrets.deployment();
    this.subject = secrets.subject();
    this.primitives = secrets.primitives();
    this.leased = new AtomicReference<>(secrets);
  }

  /** Whose key it is. */
  public SubjectId subject() {
    return subject;
  }

  /**
   * Which of the person's keys it is; another once it was {@linkplain SubjectKeys#renew renewed}.
   */
  public int generation() {
    return leased().wrapped().generation();
  }

  /** Puts a lease already counted in the place of this one, which must not be closed. */
  void moveTo(SubjectSecrets renewed) {
    SubjectSecrets before = leased();
    if (!leased.compareAndSet(before, renewed)) {
      throw new IllegalStateException("the subject key's lease was closed or renewed meanwhile");
    }
    before.release();
  }

  /** Seals a value for its place. */
  public byte[] seal(Aad place, byte[] value) {
    return seal(leased().keyOf(place.part()), bytesOf(place), value);
  }

  /**
   * Opens a value in its place.
   *
   * @throws UnsealException if it was altered, or sealed for another place, person or deployment,
   *     or before its part was forgotten
   */
  public byte[] open(Aad place, byte[] sealed) {
    return open(leased().keyOf(place.part()), bytesOf(place), sealed, "a value");
  }

  /**
   * The mark by which a log entry points to this person: HMAC-SHA-256 over the entry's random nonce
   * of {@value #MARK_NONCE_BYTES} bytes. Without this key entries of one person cannot be linked.
   */
  public byte[] subjectMark(byte[] nonce) {
    return mark(SubjectSecrets.Use.TOLD_MARK, nonce);
  }

  /**
   * The mark of an entry that the person may not be told of when it is made. {@link #markKey} does
   * not find it.
   */
  public byte[] untoldMark(byte[] nonce) {
    return mark(SubjectSecrets.Use.UNTOLD_MARK, nonce);
  }

  private byte[] mark(SubjectSecrets.Use use, byte[] nonce) {
    if (nonce.length != MARK_NONCE_BYTES) {
      throw new IllegalArgumentException("a mark's nonce has " + MARK_NONCE_BYTES + " bytes");
    }
    return primitives.hmac().code(key(use).as(Hmac.ALGORITHM), nonce);
  }

  /**
   * What the person is given to find their entries by: the key of {@link #subjectMark}, which opens
   * nothing and makes no other mark. Whoever is given it keeps it when this key is destroyed.
   */
  public MarkKey markKey() {
    return MarkKey.of(key(SubjectSecrets.Use.TOLD_MARK).copy());
  }

  /**
   * Where something stands among the lines of this person's history: as far on from {@code order}
   * as only this key says, below 2⁶².
   *
   * @param order from 0 to 2⁶²
   */
  public long historyPlace(long order) {
    byte[] shift = key(SubjectSecrets.Use.HISTORY_ORDER).copy();
    try {
      return Math.addExact(order, ByteBuffer.wrap(shift).getLong() >>> 2);
    } finally {
      Arrays.fill(shift, (byte) 0);
    }
  }

  /** Seals a line of this person's history for its place. */
  public byte[] sealHistoryLine(long place, byte[] line) {
    return seal(key(SubjectSecrets.Use.HISTORY), historyAad(place), line);
  }

  /**
   * Opens a line of this person's history.
   *
   * @throws UnsealException if it was altered, or sealed for another place, person or generation
   */
  public byte[] openHistoryLine(long place, byte[] sealed) {
    return open(key(SubjectSecrets.Use.HISTORY), historyAad(place), sealed, "a history's line");
  }

  private byte[] historyAad(long place) {
    return Framed.of("pledge/history/v1").add(deployment).add(subject().value()).add(place).bytes();
  }

  /** Seals the detail of a log entry that only this person is shown. */
  public byte[] sealDetail(UUID entry, byte[] detail) {
    byte[] place = placeOf("pledge/detail/v1", entry);
    try (Secret key = keyOfOne(SubjectSecrets.Use.DETAIL, place)) {
      return seal(key, place, detail);
    }
  }

  /**
   * Opens the detail of a log entry.
   *
   * @throws UnsealException if it was altered, or sealed for another entry, person or generation
   */
  public byte[] openDetail(UUID entry, byte[] sealed) {
    byte[] place = placeOf("pledge/detail/v1", entry);
    try (Secret key = keyOfOne(SubjectSecrets.Use.DETAIL, place)) {
      return open(key, place, sealed, "a log entry's detail");
    }
  }

  /**
   * Seals what else is kept of this person, such as a birth date or evidence of a consent: which
   * kind it is, and which record of it.
   */
  public byte[] sealRecord(RecordKind kind, UUID record, byte[] content) {
    byte[] place = placeOf(kind, record);
    try (Secret key = keyOfRecord(kind, place)) {
      return seal(key, place, content);
    }
  }

  /**
   * Opens a record.
   *
   * @throws UnsealException if it was altered, or sealed as another kind or record, or for another
   *     person, or before its kind was forgotten
   */
  public byte[] openRecord(RecordKind kind, UUID record, byte[] sealed) {
    byte[] place = placeOf(kind, record);
    try (Secret key = keyOfRecord(kind, place)) {
      return open(key, place, sealed, "a record");
    }
  }

  private byte[] placeOf(RecordKind kind, UUID record) {
    return placeOf("pledge/record/v1/" + kind.id(), record);
  }

  /** Seals something of a rights request of this person's for its place. */
  public byte[] sealOfRequest(RequestPlace place, byte[] content) {
    byte[] bytes = bytesOf(place);
    try (Secret key = keyOfRequest(place, bytes)) {
      return seal(key, bytes, content);
    }
  }

  /**
   * Opens something of a rights request.
   *
   * @throws UnsealException if it was altered, or sealed for another place or person, or before its
   *     part was forgotten
   */
  public byte[] openOfRequest(RequestPlace place, byte[] sealed) {
    byte[] bytes = bytesOf(place);
    try (Secret key = keyOfRequest(place, bytes)) {
      return open(key, bytes, sealed, "what is kept of a request");
    }
  }

  private Secret keyOfRequest(RequestPlace place, byte[] bytes) {
    return primitives.hkdf().expand(leased().keyOf(place.part()), bytes);
  }

  private byte[] bytesOf(RequestPlace place) {
    return Framed.of(place.label())
        .add(deployment)
        .add(subject().value())
        .add(place.request())
        .add(place.record())
        .bytes();
  }

  /** Seals an export made for this person, so that it is gone with the person's key. */
  public byte[] sealExport(UUID export, byte[] content) {
    byte[] place = placeOf("pledge/export/v1", export);
    try (Secret key = keyOfOne(SubjectSecrets.Use.EXPORTS, place)) {
      return seal(key, place, content);
    }
  }

  /**
   * Opens an export.
   *
   * @throws UnsealException if it was altered, or sealed as another export, or for another person
   *     or generation
   */
  public byte[] openExport(UUID export, byte[] sealed) {
    byte[] place = placeOf("pledge/export/v1", export);
    try (Secret key = keyOfOne(SubjectSecrets.Use.EXPORTS, place)) {
      return open(key, place, sealed, "an export");
    }
  }

  /** Gives the lease back. Closing twice does nothing. */
  @Override
  public void close() {
    SubjectSecrets secrets = leased.getAndSet(null);
    if (secrets != null) {
      secrets.release();
    }
  }

  @Override
  public String toString() {
    return "[redacted]";
  }

  private Secret key(SubjectSecrets.Use use) {
    return leased().keyFor(use);
  }

  /** What the lease is on, while it lasts. */
  SubjectSecrets leased() {
    SubjectSecrets secrets = leased.get();
    if (secrets == null) {
      throw new IllegalStateException("the subject key's lease is closed; lease it again");
    }
    return secrets;
  }

  // A person may be read for years under one generation; a key for each entry keeps the number of
  // nonces under any one key small without counting.
  private Secret keyOfOne(SubjectSecrets.Use use, byte[] place) {
    return primitives.hkdf().expand(key(use), place);
  }

  private Secret keyOfRecord(RecordKind kind, byte[] place) {
    Secret ofKind =
        kind.part().map(leased()::keyOf).orElseGet(() -> key(SubjectSecrets.Use.RECORDS));
    return primitives.hkdf().expand(ofKind, place);
  }

  private byte[] bytesOf(Aad place) {
    return place.bytes(deployment, subject().value());
  }

  private byte[] placeOf(String label, UUID id) {
    return Framed.of(label).add(deployment).add(subject().value()).add(id).bytes();
  }

  private byte[] seal(Secret key, byte[] place, byte[] plaintext) {
    return primitives.envelope().seal(key, place, plaintext);
  }

  private byte[] open(Secret key, byte[] place, byte[] sealed, String what) {
    return primitives.envelope().open(key, place, sealed, what);
  }
}
