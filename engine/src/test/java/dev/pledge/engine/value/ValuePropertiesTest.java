package dev.pledge.engine.value;

import static dev.pledge.engine.value.Samples.TODAY;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every value, tried on many of each type. */
class ValuePropertiesTest {
  private static final int MANY = 10_000;

  private static final long SEED = Long.getLong("pledge.seed", 20_261_122L);

  private final Samples samples = new Samples(SEED);

  @BeforeAll
  static void printSeed() {
    System.err.println("ValuePropertiesTest: -Dpledge.seed=" + SEED);
  }

  @ParameterizedTest
  @EnumSource
  @Clause("II.II.5")
  void maskNeverShowsTheValue(FieldType type) {
    assertThat(fitting(type)).contains(Mask.HIDDEN);
    for (int i = 0; i < MANY; i++) {
      requireHidden(Samples.value(type, samples.input(type)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void maskedValueIsNeverReadBackAsAValue(FieldType type) {
    for (int i = 0; i < MANY / 10; i++) {
      Value value = Samples.value(type, samples.input(type));
      for (Mask mask : fitting(type)) {
        Object shown = value.masked(mask);
        assertThat(Samples.shape(type).read(shown, TODAY))
            .as("%s", shown)
            .isInstanceOf(Reading.Bad.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void maskedTextSplitsNoSurrogatePair(FieldType type) {
    for (int i = 0; i < MANY / 10; i++) {
      Value value = Samples.value(type, samples.input(type));
      for (Mask mask : fitting(type)) {
        assertThat(Text.isSound(value.masked(mask).toString())).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void storedBytesGiveTheValueBack(FieldType type) {
    for (int i = 0; i < MANY / 10; i++) {
      Value value = Samples.value(type, samples.input(type));
      Value back = Value.decode(type, value.canonical());
      assertThat(back.equals(value)).isTrue();
      assertThat(back.json()).isEqualTo(value.json());
      assertThat(back.canonical()).isEqualTo(value.canonical());
      assertThat(back.hashCode()).isEqualTo(value.hashCode());
    }
  }

  @ParameterizedTest
  @EnumSource
  void normalFormIsItsOwnNormalForm(FieldType type) {
    for (int i = 0; i < MANY / 10; i++) {
      Value value = Samples.value(type, samples.input(type));
      Value again = Samples.value(type, value.json());
      assertThat(again.json()).isEqualTo(value.json());
      assertThat(again.canonical()).isEqualTo(value.canonical());
    }
  }

  @ParameterizedTest
  @EnumSource
  @Clause("II.II.2")
  void onlyIndirectIdentifiersAreSeenDeidentified(FieldType type) {
    for (int i = 0; i < MANY / 10; i++) {
      requireDeidentified(Samples.value(type, samples.input(type)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyTypesThatFindPeopleHaveALookupForm(FieldType type) {
    Value value = Samples.value(type, samples.input(type));
    assertThat(value.lookupForm().isPresent()).isEqualTo(type.findsPeople());
  }

  @ParameterizedTest
  @EnumSource
  void anyInputHasAReadingThatRepeatsNothingOfIt(FieldType type) {
    for (int i = 0; i < MANY / 5; i++) {
      Object junk = samples.junk(2);
      switch (Samples.shape(type).read(junk, TODAY)) {
        case Reading.Good good -> {
          assertThat(good.toString()).isEqualTo("Good[value=[redacted]]");
          assertThat(Value.decode(type, good.value().canonical()).equals(good.value())).isTrue();
        }
        case Reading.Bad bad ->
            assertThat(bad.toString()).isEqualTo("Bad[complaint=" + bad.complaint().name() + "]");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void brokenStoredBytesAreRefusedWithoutRepeatingThem(FieldType type) {
    for (int i = 0; i < MANY / 10; i++) {
      byte[] bytes = samples.input(FieldType.TEXT).toString().getBytes(UTF_16LE);
      try {
        Value.decode(type, bytes);
      } catch (IllegalArgumentException e) {
        assertThat(e.getCause()).isNull();
        assertThat(e).hasMessageStartingWith("stored bytes are no value of type `" + type.word());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @Clause("II.II.5")
  void fieldThatChangesItsTypeStillShowsNoValueMasked(FieldType type) {
    for (int i = 0; i < MANY / 10; i++) {
      FieldType before = FieldType.values()[i % FieldType.values().length];
      byte[] bytes = Samples.value(before, samples.input(before)).canonical();
      decode(type, bytes)
          .ifPresent(
              value -> {
                requireHidden(value);
                requireDeidentified(value);
                assertThat(value.lookupForm().isPresent()).isEqualTo(type.findsPeople());
              });
    }
  }

  @Test
  void everyComplaintHasItsOwnWordAndSaysItInBothLanguages() {
    Set<String> words = new HashSet<>();
    for (Complaint complaint : Complaint.values()) {
      assertThat(words.add(complaint.word())).isTrue();
      assertThat(complaint.sentence(Locale.ENGLISH)).matches("[A-Z][ -~]+\\.");
      assertThat(complaint.sentence(Locale.SIMPLIFIED_CHINESE)).matches(".*\\p{IsHan}.*。");
      assertThat(complaint.sentence(Locale.FRENCH)).isEqualTo(complaint.sentence(Locale.ENGLISH));
    }
  }

  private static Optional<Value> decode(FieldType type, byte[] bytes) {
    try {
      return Optional.of(Value.decode(type, bytes));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Nothing of a direct identifier, something of all others but texts that point at somebody. */
  private static void requireDeidentified(Value value) {
    Optional<Object> seen = value.deidentified(TODAY);
    switch (value.type()) {
      case DEVICE_TEXT ->
          seen.ifPresent(
              text -> {
                assertThat(text).isEqualTo(value.json());
                requireAnonymous((String) text);
              });
      case LOG_LINE ->
          seen.ifPresent(
              line -> {
                requireAnonymous((String) ((Map<?, ?>) line).get("event"));
                ((Map<?, ?>) ((Map<?, ?>) line).get("attributes"))
                    .keySet()
                    .forEach(name -> requireAnonymous((String) name));
              });
      default -> assertThat(seen.isEmpty()).isEqualTo(value.type().identifiesDirectly());
    }
  }

  private static void requireAnonymous(String text) {
    assertThat(text).doesNotContain("@", "'", "’").doesNotContainPattern("\\p{Nd}{6}");
  }

  private static void requireHidden(Value value) {
    for (Mask mask : fitting(value.type())) {
      Object shown = value.masked(mask);
      if (shown.equals(value.json()) || contains(shown, value.json())) {
        throw new AssertionError(mask + " of " + value.json() + " shows " + shown);
      }
    }
  }

  private static boolean contains(Object shown, Object json) {
    return shown instanceof String text && json instanceof String whole && text.contains(whole);
  }

  private static Set<Mask> fitting(FieldType type) {
    Set<Mask> masks = EnumSet.allOf(Mask.class);
    masks.removeIf(mask -> !type.fits(mask));
    return masks;
  }
}
