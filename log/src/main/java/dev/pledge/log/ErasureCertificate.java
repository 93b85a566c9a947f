package dev.pledge.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The log's word that a person was erased: since when nothing of theirs can be read, with which
 * keys old copies of the database still can, and until when. It is the text of a signed note. Its
 * second line can be neither a checkpoint's nor a {@link Promise}'s or {@link Statement}'s, so none
 * can be passed off as another.
 *
 * <p>It names nobody to whoever finds it: whose it is shows to those who know the person's id.
 *
 * @param origin the log's name to the world
 * @param id as the erasure ledger has it
 * @param person {@link #person} of whom it is about
 * @param inaccessibleSince when the erasure was entered in the log
 * @param recoverableUntil until when the person may take it back; empty where it is for good
 * @param epochs of the keys with which old copies can still be read
 * @param kept what the law has kept of it, each for one purpose
 * @param marked the purposes the person had objected to of which marks of their aliases stay, so
 *     that no list brings them back
 * @param irrecoverableBy when the last of these is destroyed at the latest; empty where no day is
 *     set for that
 */
public record ErasureCertificate(
    String origin,
    UUID id,
    Hash person,
    Instant inaccessibleSince,
    Optional<Instant> recoverableUntil,
    SortedSet<Integer> epochs,
    Optional<Instant> irrecoverableBy,
    List<Kept> kept,
    SortedSet<String> marked) {
  /**
   * Data that the law has kept, apart from everything else, for one purpose of its own.
   *
   * @param purpose as the policy names it
   * @param until when they are gone at the latest
   */
  public record Kept(String purpose, Instant until) {
    /** Throws {@link IllegalArgumentException} if the purpose is no name. */
    public Kept {
      Grammar.requireName(purpose, "purpose");
    }
  }

  private static final String UUID_TEXT = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final String TIME = "[0-9T:.Z-]{20,30}";
  private static final String KEPT = "kept for (?:[a-z0-9-]{1,128}) until (?:" + TIME + ")\\n";
  private static final String MARKED = "mark left against (?:[a-z0-9-]{1,128})\\n";
  private static final Pattern TEXT =
      Pattern.compile(
          "(?<origin>[^\\n]+)\\npledge erasure v1\\n"
              + ("certificate (?<id>" + UUID_TEXT + ")\\n")
              + ("person (?<person>" + Hash.BASE64 + ")\\n")
              + ("inaccessible since (?<since>" + TIME + ")\\n")
              + ("(?:recoverable until (?<until>" + TIME + ")\\n)?")
              + "epochs(?<epochs>(?: [1-9][0-9]{0,8})+)\\n"
              + ("(?:irrecoverable by (?<by>" + TIME + ")\\n)?")
              + ("(?<kept>(?:" + KEPT + ")*)")
              + ("(?<marked>(?:" + MARKED + ")*)"));
  private static final byte[] LABEL = "pledge/erased/v1".getBytes(StandardCharsets.US_ASCII);

  /** Throws {@link IllegalArgumentException} if no epoch is named. */
  public ErasureCertificate {
    kept = List.copyOf(kept);
    marked = Collections.unmodifiableSortedSet(new TreeSet<>(marked));
    marked.forEach(purpose -> Grammar.requireName(purpose, "purpose"));
    epochs = Collections.unmodifiableSortedSet(new TreeSet<>(epochs));
    if (epochs.isEmpty()) {
      throw new IllegalArgumentException("a certificate names the epochs that live");
    }
  }

  /**
   * What a certificate names a person by: SHA-256 of {@code pledge/erased/v1}, the certificate's id
   * and the person's. Both ids are random, so nobody finds the person who does not know them.
   */
  public static Hash person(UUID certificate, UUID person) {
    byte[] both =
        ByteBuffer.allocate(LABEL.length + 32)
            .put(LABEL)
            .putLong(certificate.getMostSignificantBits())
            .putLong(certificate.getLeastSignificantBits())
            .putLong(person.getMostSignificantBits())
            .putLong(person.getLeastSignificantBits())
            .array();
    return new Hash(ByteString.of(Sha256.digest().digest(both)));
  }

  /** Whether it is about that person. */
  public boolean isAbout(UUID somebody) {
    return person(id, somebody).equals(person);
  }

  /** The text to sign. */
  public String text() {
    StringBuilder text =
        new StringBuilder(origin)
            .append("\npledge erasure v1\ncertificate ")
            .append(id)
            .append("\nperson ")
            .append(person.base64())
            .append("\ninaccessible since ")
            .append(inaccessibleSince)
            .append('\n');
    recoverableUntil.ifPresent(
        until -> text.append("recoverable until ").append(until).append('\n'));
    text.append("epochs");
    epochs.forEach(epoch -> text.append(' ').append(epoch));
    text.append('\n');
    irrecoverableBy.ifPresent(by -> text.append("irrecoverable by ").append(by).append('\n'));
    for (Kept one : kept) {
      text.append("kept for ").append(one.purpose()).append(" until ").append(one.until());
      text.append('\n');
    }
    marked.forEach(purpose -> text.append("mark left against ").append(purpose).append('\n'));
    return text.toString();
  }

  /**
   * Reads the text of a note.
   *
   * @throws IllegalArgumentException if it is not what {@link #text} writes
   */
  public static ErasureCertificate read(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw malformed();
    }
    try {
      ErasureCertificate read =
          new ErasureCertificate(
              parts.group("origin"),
              UUID.fromString(parts.group("id")),
              Hash.ofBase64(parts.group("person")),
              Instant.parse(parts.group("since")),
              Optional.ofNullable(parts.group("until")).map(Instant::parse),
              epochs(parts.group("epochs")),
              Optional.ofNullable(parts.group("by")).map(Instant::parse),
              kept(parts.group("kept")),
              marked(parts.group("marked")));
      if (!read.text().equals(text)) {
        throw malformed();
      }
      return read;
    } catch (DateTimeParseException e) {
      throw malformed();
    }
  }

  private static SortedSet<Integer> epochs(String words) {
    List<Integer> epochs = new ArrayList<>();
    for (String word : words.strip().split(" ", -1)) {
      epochs.add(Integer.parseInt(word));
    }
    return new TreeSet<>(epochs);
  }

  private static List<Kept> kept(String lines) {
    return lines
        .lines()
        .map(line -> line.split(" ", -1))
        .map(words -> new Kept(words[2], Instant.parse(words[4])))
        .toList();
  }

  private static SortedSet<String> marked(String lines) {
    return new TreeSet<>(lines.lines().map(line -> line.split(" ", -1)[3]).toList());
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "malformed certificate; give the answer to an erasure, or the `signed` in it");
  }
}
