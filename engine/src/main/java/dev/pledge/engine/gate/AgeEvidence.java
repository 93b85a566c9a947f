package dev.pledge.engine.gate;

import dev.pledge.engine.keys.Part;
import dev.pledge.engine.keys.RecordKind;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.subject.StoredAge;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.AgeLimits;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was told of a person's birth: at registration, and by values of the fields the policy names
 * under {@code age-from} (VI.1, VI.4). The youngest reading counts. Collecting never makes anybody
 * older; a correction may.
 *
 * <p>Kept with the account, sealed under the person's key, and opened unless the person was found
 * to be an adult already, so that coming of age needs no job to be right.
 *
 * @param births the latest day of birth that each source leaves possible
 */
record AgeEvidence(SortedMap<String, LocalDate> births) {
  /** What old readings of it are forgotten by. */
  static final Part PART = RecordKind.BIRTH.part().orElseThrow();

  private static final String REGISTRATION = "registration";
  static final AgeEvidence NONE = new AgeEvidence(new TreeMap<>());

  AgeEvidence {
    births = Collections.unmodifiableSortedMap(new TreeMap<>(births));
  }

  /** What was told when the person was registered. */
  static AgeEvidence atRegistration(LocalDate birth) {
    return NONE.with(REGISTRATION, birth);
  }

  /** What is known of a stored person. */
  static AgeEvidence of(Person person, SubjectKey key) {
    return of(Optional.ofNullable(person.age().birthSealed()), person.subject(), key);
  }

  /** What is known of a person by what is stored with their account. */
  static AgeEvidence of(Optional<byte[]> sealed, SubjectId subject, SubjectKey key) {
    return sealed
        .map(bytes -> read(key.openRecord(RecordKind.BIRTH, subject.value(), bytes)))
        .orElse(NONE);
  }

  /** Whether the evidence, if there is any, opens with the key. */
  static boolean opens(Optional<byte[]> sealed, SubjectId subject, SubjectKey key) {
    try {
      var _ = sealed.map(bytes -> key.openRecord(RecordKind.BIRTH, subject.value(), bytes));
      return true;
    } catch (UnsealException closed) {
      return false;
    }
  }

  /** The age class of a stored person at the moment they were fetched. */
  static Age ageOf(Person person, SubjectKey key, AgeLimits limits) {
    return isSettled(person.age(), limits)
        ? person.age().age()
        : of(person, key).age(person.state().now(), limits);
  }

  /**
   * Whether the stored class holds without a look at the evidence. That of an adult does while the
   * policy asks for no higher age; after that, and without evidence, the age is unknown.
   */
  static boolean isSettled(StoredAge stored, AgeLimits limits) {
    return stored.age() == Age.ADULT
        ? limits.under() <= stored.adultAt()
        : stored.birthSealed() == null;
  }

  /** The class at {@code now}, by the calendar of UTC. */
  Age age(Instant now, AgeLimits limits) {
    LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
    return births.values().stream()
        .max(Comparator.naturalOrder())
        .map(birth -> limits.classOf(birth, today))
        .orElse(Age.UNKNOWN);
  }

  /** With a value of {@code field} collected beside what is known. */
  AgeEvidence collected(FieldId field, LocalDate birth) {
    LocalDate before = births.get(field.toString());
    return before != null && before.isAfter(birth) ? this : with(field.toString(), birth);
  }

  /** With a value of {@code field} put in place of what it and the registration told. */
  AgeEvidence corrected(FieldId field, LocalDate birth) {
    return without(REGISTRATION).with(field.toString(), birth);
  }

  /**
   * Without what deleted fields told, unless it shows a child anywhere: the law asks to know until
   * when somebody is one, and the person may move (VI.1). What registration told goes with the
   * fields that tell an age.
   */
  AgeEvidence deleted(Collection<FieldId> fields, Person person, CompiledPolicy policy) {
    AgeLimits anywhere = anywhere(policy);
    LocalDate today = person.state().now().atZone(ZoneOffset.UTC).toLocalDate();
    Set<String> sources = fields.stream().map(FieldId::toString).collect(Collectors.toSet());
    if (!Collections.disjoint(fields, policy.source().minors().ageFrom())) {
      sources.add(REGISTRATION);
    }
    AgeEvidence left = this;
    for (String source : sources) {
      LocalDate birth = births.get(source);
      if (birth != null && anywhere.classOf(birth, today) == Age.ADULT) {
        left = left.without(source);
      }
    }
    return left;
  }

  /**
   * What is left after a deletion, to be stored. The class as it was known stays: nobody grows
   * older by deleting.
   */
  StoredAge leftOf(Person person, SubjectKey key, CompiledPolicy policy) {
    return stored(
        person.subject(),
        key,
        person.state().now(),
        births.isEmpty() ? anywhere(policy) : person.ageLimits(policy),
        person.state().age());
  }

  private static AgeLimits anywhere(CompiledPolicy policy) {
    return policy.source().minors().in(null);
  }

  private AgeEvidence with(String source, LocalDate birth) {
    SortedMap<String, LocalDate> more = new TreeMap<>(births);
    more.put(source, birth);
    return new AgeEvidence(more);
  }

  private AgeEvidence without(String source) {
    SortedMap<String, LocalDate> less = new TreeMap<>(births);
    less.remove(source);
    return new AgeEvidence(less);
  }

  /** To be stored: the class at {@code now}, or {@code otherwise} where nothing tells it. */
  StoredAge stored(
      SubjectId subject, SubjectKey key, Instant now, AgeLimits limits, Age otherwise) {
    return births.isEmpty()
        ? new StoredAge(otherwise, limits.under(), null)
        : new StoredAge(age(now, limits), limits.under(), sealed(subject, key));
  }

  private byte[] sealed(SubjectId subject, SubjectKey key) {
    return key.sealRecord(
        RecordKind.BIRTH,
        subject.value(),
        births.entrySet().stream()
            .map(told -> told.getKey() + " " + told.getValue())
            .collect(Collectors.joining("\n"))
            .getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "[redacted]";
  }

  private static AgeEvidence read(byte[] record) {
    SortedMap<String, LocalDate> births = new TreeMap<>();
    for (String line : new String(record, StandardCharsets.UTF_8).split("\n", -1)) {
      int space = line.indexOf(' ');
      // A bare date is what registration told, as it was written before there were other sources.
      births.put(
          space < 0 ? REGISTRATION : line.substring(0, space),
          LocalDate.parse(line.substring(space + 1)));
    }
    return new AgeEvidence(births);
  }
}
