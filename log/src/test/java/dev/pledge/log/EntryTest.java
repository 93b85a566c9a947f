package dev.pledge.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTest {
  private static final long SEED = 20_260_402;
  private static final Instant AT = Instant.parse("2026-04-23T10:15:30.123456Z");
  private static final UUID ID = UUID.fromString("019dbb4b-1c40-7abc-8def-0123456789ab");

  @Test
  void everyEntryComesBackFromItsOneEncoding() {
    SplittableRandom random = new SplittableRandom(SEED);
    Samples samples = new Samples(random);
    for (int i = 0; i < 100_000; i++) {
      Entry entry = samples.entry();
      byte[] bytes = entry.encode();
      Entry decoded = Entry.decode(bytes);
      if (!decoded.equals(entry) || !Arrays.equals(decoded.encode(), bytes)) {
        assertThat(decoded).as("seed %d, round %d", SEED, i).isEqualTo(entry);
      }
      requireFlipSeen(entry, bytes, random.nextInt(bytes.length * 8));
      requireCutSeen(bytes, random.nextInt(bytes.length));
    }
  }

  @Test
  void whenAnEntryWasDecidedIsReadFromItsBeginningAlone() {
    Instant decided = golden().facts().at();
    byte[] bytes = golden().encode();
    assertThat(Entry.decidedAt(bytes)).isEqualTo(decided);
    assertThat(Entry.decidedAt(Arrays.copyOf(bytes, 25))).isEqualTo(decided);
    assertThatExceptionOfType(MalformedEntry.class)
        .isThrownBy(() -> Entry.decidedAt(Arrays.copyOf(bytes, 24)));
    bytes[0]++;
    assertThatExceptionOfType(MalformedEntry.class).isThrownBy(() -> Entry.decidedAt(bytes));
  }

  @Test
  void anyFlippedBitMakesAnotherEntryOrNone() {
    byte[] bytes = golden().encode();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      requireFlipSeen(golden(), bytes, bit);
    }
  }

  @Test
  void arbitraryBytesAreRefusedOrCanonical() {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] golden = golden().encode();
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = golden.clone();
      int from = random.nextInt(bytes.length);
      for (int at = from; at < Math.min(bytes.length, from + 1 + random.nextInt(8)); at++) {
        bytes[at] = (byte) random.nextInt();
      }
      try {
        assertThat(Entry.decode(bytes).encode()).isEqualTo(bytes);
      } catch (MalformedEntry refused) {
        assertThat(refused.getMessage()).isNotEmpty();
      }
    }
  }

  @Test
  void theFormatDoesNotDrift() throws Exception {
    String hex;
    try (var in = EntryTest.class.getResourceAsStream("entry-v1.hex")) {
      hex = new String(in.readAllBytes(), US_ASCII);
    }
    byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    assertThat(HexFormat.of().formatHex(golden().encode()))
        .isEqualTo(HexFormat.of().formatHex(bytes));
    assertThat(Entry.decode(bytes)).isEqualTo(golden());
    assertThat(golden().leafHash())
        .hasToString("522f79ac551badbe571778e3694ba155be5ac7a0affd1e52df26d404d595c4ef");
  }

  @Test
  void theLongestEntryFitsTheTileLayout() {
    String name = "n".repeat(64);
    Set<String> names =
        IntStream.range(10, 42).mapToObj(i -> "m".repeat(62) + i).collect(Collectors.toSet());
    List<Caller.Role> roles =
        IntStream.range(10, 42)
            .mapToObj(i -> new Caller.Role("r".repeat(62) + i, Caller.Weight.COUNTED))
            .toList();
    Optional<String> clause = Optional.of("C".repeat(16));
    Reason reason = new Reason(name, Optional.of(name), clause);
    List<Verdict> verdicts =
        IntStream.range(100, 100 + Facts.MAX_VERDICTS)
            .mapToObj(
                i ->
                    (Verdict)
                        new Verdict.Withheld(
                            name + "." + "f".repeat(61) + i, reason, Integer.MAX_VALUE))
            .toList();
    Optional<String> policy = Optional.of(name + "@" + "v".repeat(32));
    Optional<String> some = Optional.of(name);
    Facts facts =
        new Facts(
            Facts.LATEST,
            new Kind(name),
            Outcome.REFUSED,
            Optional.of(reason),
            new Caller(name, some, roles, names, names, some, names, names),
            some,
            some,
            some,
            some,
            some,
            some,
            some,
            policy,
            names,
            new Standing(some, some, policy, names),
            verdicts,
            Integer.MAX_VALUE,
            OptionalLong.of(Long.MAX_VALUE),
            some,
            OptionalInt.of(Integer.MAX_VALUE),
            Optional.of(filled(32)));
    Entry longest =
        new Entry(ID, filled(16), Optional.of(filled(32)), facts, filled(Entry.MAX_SEALED));
    assertThat(longest.encode().length).isLessThanOrEqualTo(Entry.MAX_SIZE).isGreaterThan(60_000);
    assertThat(Entry.decode(longest.encode())).isEqualTo(longest);
  }

  @Test
  void oversizeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Entry(ID, filled(16), Optional.empty(), plain(), filled(Entry.MAX_SEALED + 1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Entry(ID, filled(15), Optional.empty(), plain(), filled(0)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Entry(ID, filled(16), Optional.of(filled(31)), plain(), filled(0)));
    List<Verdict> many =
        IntStream.rangeClosed(0, Facts.MAX_VERDICTS)
            .mapToObj(i -> granted("device.f" + i))
            .toList();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(Outcome.PERMITTED).verdicts(many).build());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                read(Outcome.PERMITTED).conditions(Collections.nCopies(1, "c".repeat(65))).build());
    assertThatExceptionOfType(MalformedEntry.class)
        .isThrownBy(() -> Entry.decode(new byte[Entry.MAX_SIZE + 1]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zhang.san@example.com",
        "contact.zhang@example.com",
        "contact.+8613800138000",
        "contact.13800138000",
        "+86 138 0013 8000",
        "11010519491231002x",
        "contact.Email",
        "contact.e mail",
        "contact.email\n",
        "contact.émail",
        "contact.张三",
        "a.b.c",
        "contact",
        "contact.",
        ".email",
        "",
        "contact.email\u0000",
        "019dbb4b-1c40-7abc-8def-0123456789ab",
        "contact.a--b",
        "contact.a-"
      })
  void whatIsNotAFieldNameStaysOut(String smuggled) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> granted(smuggled))
        .withMessageStartingWith("malformed field name; use")
        .satisfies(
            e -> {
              if (smuggled.length() > 8) {
                assertThat(e.getMessage()).doesNotContain(smuggled);
              }
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"zhang@example.com", "13800138000", "Call me", "I_am", "", "a\u0000b", "état"})
  void whatIsNotANameStaysOut(String smuggled) {
    Facts.Builder read = read(Outcome.PERMITTED);
    assertThatIllegalArgumentException().isThrownBy(() -> read.purpose(smuggled).build());
    assertThatIllegalArgumentException().isThrownBy(() -> new Kind(smuggled));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(Outcome.PERMITTED).source(smuggled).build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Caller.Role(smuggled, Caller.Weight.HELD));
    assertThatIllegalArgumentException().isThrownBy(() -> Reason.of(smuggled, "V.2"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(Outcome.PERMITTED).conditions(Set.of(smuggled)).build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"13800138000", "138.0013.8000", "13.80.01.38.00", "ZHANG", "V.", ".V", "", "v.2"})
  void whatIsNotAClauseStaysOut(String smuggled) {
    assertThatIllegalArgumentException().isThrownBy(() -> Reason.of("consent", smuggled));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.1", "I.M", "II.II.5", "VIII.4", "III.III.1"})
  void whatIsAClauseIsOne(String clause) {
    assertThat(Reason.of("consent", clause).clause()).contains(clause);
  }

  @Test
  void namesSmuggledIntoTheBytesAreRefused() {
    byte[] bytes = golden().encode();
    byte[] field = "contact.email".getBytes(US_ASCII);
    byte[] email = "zhang@exam.pl".getBytes(US_ASCII);
    int at = Collections.indexOfSubList(boxed(bytes), boxed(field));
    System.arraycopy(email, 0, bytes, at, email.length);
    assertThatExceptionOfType(MalformedEntry.class)
        .isThrownBy(() -> Entry.decode(bytes))
        .withMessageNotContaining("zhang");
  }

  @Test
  void aPersonIsNeverNamedInTheOpen() {
    for (String type :
        List.of(Caller.SELF, Caller.GUARDIAN, Caller.AGENT, Caller.HEIR, Caller.ANONYMOUS)) {
      assertThatIllegalArgumentException().isThrownBy(() -> Caller.of(type, "someone"));
    }
  }

  @Test
  void theOutcomeAgreesWithTheVerdicts() {
    Verdict granted = granted("contact.email");
    Verdict withheld = new Verdict.Withheld("contact.email", Reason.of("consent", "V.2"), 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(Outcome.PERMITTED).verdict(withheld).build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(Outcome.PERMITTED).unknownNames(1).build());
    for (Kind asking : List.of(Kind.EXPLAIN, Kind.SEARCH)) {
      Facts asked =
          Facts.of(asking, AT, Outcome.PERMITTED, Caller.of(Caller.SYSTEM, "test"))
              .unknownNames(1)
              .build();
      assertThat(asked.unknownNames()).isEqualTo(1);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(Outcome.PARTLY).verdict(granted).build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(Outcome.REFUSED).verdict(granted).verdict(withheld).build());
    assertThatIllegalArgumentException().isThrownBy(() -> read(Outcome.REFUSED).build());
    assertThat(Outcome.of(List.of(granted, withheld), 0)).isEqualTo(Outcome.PARTLY);
    assertThat(Outcome.of(List.of(granted), 1)).isEqualTo(Outcome.PARTLY);
    assertThat(Outcome.of(List.of(), 1)).isEqualTo(Outcome.REFUSED);
    assertThat(Outcome.of(List.of(granted), 0)).isEqualTo(Outcome.PERMITTED);
  }

  @Test
  void theSameVerdictTwiceIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                read(Outcome.PERMITTED)
                    .verdict(granted("contact.email"))
                    .verdict(granted("contact.email"))
                    .build());
  }

  @Test
  void onlyTimeOrderedIdsAreEntryIds() {
    UUID random = UUID.fromString("b3d7ae4b-1c40-4abc-8def-0123456789ab");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Entry(random, filled(16), Optional.empty(), plain(), filled(0)));
  }

  static Entry golden() {
    Facts facts =
        Facts.of(
                Kind.READ,
                AT,
                Outcome.PARTLY,
                new Caller(
                    Caller.STAFF,
                    Optional.of("crm.agent_7"),
                    List.of(
                        new Caller.Role("support-agent", Caller.Weight.COUNTED),
                        new Caller.Role("analyst", Caller.Weight.HELD)),
                    Set.of("confidentiality"),
                    Set.of("justified"),
                    Optional.of("legal-1"),
                    Set.of("legal"),
                    Set.of("meeting", "classroom")))
            .product("meeting")
            .purpose("customer-service")
            .channel("email")
            .source("person")
            .recipient("courier")
            .destination("cn")
            .exception("court-order")
            .policy("emeet@2020-04-23")
            .conditions(Set.of("location-service-in-use", "device-location-on"))
            .standing(
                Standing.of("adult", "active", Optional.of("emeet@2020-04-23"), Set.of("pooling")))
            .verdict(
                new Verdict.Granted(
                    "contact.email",
                    Optional.of("masked"),
                    Optional.of("customer-service"),
                    Optional.of("II.I.1"),
                    1,
                    Set.of(Verdict.Asked.IN_CLEAR)))
            .verdict(
                new Verdict.Withheld(
                    "location.position",
                    new Reason("consent", Optional.of("consent-withdrawn"), Optional.of("V.2")),
                    300,
                    Set.of(Verdict.Asked.IN_CLEAR, Verdict.Asked.BY_REFERENCE)))
            .unknownNames(2)
            .subjects(1)
            .target("crm")
            .epoch(3)
            .digest(filled(32))
            .build();
    return new Entry(ID, filled(16), Optional.of(filled(32)), facts, filled(10));
  }

  private static Facts plain() {
    return read(Outcome.PERMITTED).build();
  }

  private static Facts.Builder read(Outcome outcome) {
    return Facts.of(Kind.READ, AT, outcome, Caller.of(Caller.SERVICE, "crm"));
  }

  private static Verdict granted(String field) {
    return new Verdict.Granted(field, Optional.of("clear"), Optional.empty(), Optional.empty(), 1);
  }

  private static ByteString filled(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) i;
    }
    return ByteString.of(bytes);
  }

  private static void requireFlipSeen(Entry entry, byte[] bytes, int bit) {
    byte[] flipped = bytes.clone();
    flipped[bit / 8] ^= (byte) (1 << (bit % 8));
    try {
      Entry other = Entry.decode(flipped);
      if (other.equals(entry) || !Arrays.equals(other.encode(), flipped)) {
        throw new AssertionError("flipping bit " + bit + " went unseen, seed " + SEED);
      }
    } catch (MalformedEntry refused) {
      // As it should be.
    }
  }

  private static void requireCutSeen(byte[] bytes, int size) {
    assertThatExceptionOfType(MalformedEntry.class)
        .isThrownBy(() -> Entry.decode(Arrays.copyOf(bytes, size)));
  }

  private static List<Byte> boxed(byte[] bytes) {
    return IntStream.range(0, bytes.length).mapToObj(i -> bytes[i]).toList();
  }
}
