package dev.pledge.log;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Invented entries and details of every shape, from a seed. */
final class Samples {
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String DIGITS = "0123456789";
  private static final List<Kind> KINDS =
      List.of(Kind.READ, Kind.COLLECT, Kind.GRANT, Kind.ERASE, new Kind("not-known-yet"));
  private static final List<String> PERSONS =
      List.of(Caller.SELF, Caller.GUARDIAN, Caller.AGENT, Caller.HEIR, Caller.ANONYMOUS);

  private final RandomGenerator random;

  Samples(RandomGenerator random) {
    this.random = random;
  }

  Entry entry() {
    return new Entry(
        uuid(), bytes(16), maybe(() -> bytes(32)), facts(), bytes(random.nextInt(200)));
  }

  Facts facts() {
    List<Verdict> verdicts = verdicts(random.nextInt(6));
    int unknown = chance(5) ? random.nextInt(1, 1000) : 0;
    boolean none = verdicts.isEmpty() && unknown == 0;
    Outcome outcome = none && chance(2) ? Outcome.REFUSED : Outcome.of(verdicts, unknown);
    boolean needsReason = outcome == Outcome.REFUSED && (none || chance(2));
    return new Facts(
        time(),
        KINDS.get(random.nextInt(KINDS.size())),
        outcome,
        needsReason ? Optional.of(reason()) : Optional.empty(),
        caller(),
        maybe(this::name),
        maybe(this::name),
        maybe(this::name),
        maybe(this::name),
        maybe(this::name),
        maybe(this::name),
        maybe(this::name),
        maybe(this::policy),
        names(),
        new Standing(maybe(this::name), maybe(this::name), maybe(this::policy), names()),
        verdicts,
        unknown,
        chance(4) ? OptionalLong.of(random.nextLong(Long.MAX_VALUE)) : OptionalLong.empty(),
        maybe(this::actor),
        chance(4) ? OptionalInt.of(random.nextInt(Integer.MAX_VALUE)) : OptionalInt.empty(),
        maybe(() -> bytes(32)));
  }

  Detail detail() {
    Set<UUID> reliedOn = new LinkedHashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      reliedOn.add(uuid());
    }
    return new Detail(
        chance(2) ? OptionalLong.of(random.nextLong(1000)) : OptionalLong.empty(),
        reliedOn,
        maybe(this::uuid),
        maybe(this::text),
        maybe(this::text),
        maybe(this::text),
        maybe(this::text),
        Stream.generate(() -> new Detail.Datum(field(), name(), time()))
            .limit(random.nextInt(5))
            .distinct()
            .toList(),
        chance(4) ? random.nextInt(1000) : 0);
  }

  private Caller caller() {
    boolean person = chance(3);
    String type = person ? PERSONS.get(random.nextInt(PERSONS.size())) : Caller.SERVICE;
    Map<String, Caller.Role> roles = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      String role = name();
      roles.put(
          role, new Caller.Role(role, chance(2) ? Caller.Weight.COUNTED : Caller.Weight.HELD));
    }
    return new Caller(
        type,
        person ? Optional.empty() : maybe(this::actor),
        List.copyOf(roles.values()),
        names(),
        names(),
        maybe(this::actor),
        names(),
        names());
  }

  private List<Verdict> verdicts(int count) {
    Map<String, Verdict> byField = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String field = field();
      byField.put(
          field,
          chance(2)
              ? new Verdict.Granted(
                  field,
                  maybe(this::name),
                  maybe(this::name),
                  maybe(this::clause),
                  random.nextInt(300),
                  asked())
              : new Verdict.Withheld(field, reason(), random.nextInt(300), asked()));
    }
    return List.copyOf(byField.values());
  }

  private Set<Verdict.Asked> asked() {
    return Verdict.Asked.of(chance(2) ? 0 : random.nextInt(4));
  }

  private Reason reason() {
    return new Reason(name(), maybe(this::name), maybe(this::clause));
  }

  private Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      names.add(name());
    }
    return names;
  }

  private String name() {
    StringBuilder name = new StringBuilder().append(one(LOWER));
    for (int i = random.nextInt(9); i > 0; i--) {
      if (chance(6)) {
        name.append('-');
      }
      name.append(one(LOWER + DIGITS));
    }
    return name.toString();
  }

  private String field() {
    return name() + "." + name();
  }

  private String actor() {
    return one(LOWER + DIGITS) + "-" + one(LOWER) + "_" + one(DIGITS) + "." + name();
  }

  private String clause() {
    return chance(2) ? "II.I." + random.nextInt(10) : "VI";
  }

  private String policy() {
    return name() + "@2020-04-" + random.nextInt(10, 31);
  }

  private String text() {
    int[] points =
        random
            .ints(random.nextInt(1, 30), 1, 0x2ffff)
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
            .toArray();
    return "x" + new String(points, 0, points.length);
  }

  private Instant time() {
    return Instant.EPOCH.plus(random.nextLong(253_402_300_800_000_000L), ChronoUnit.MICROS);
  }

  private UUID uuid() {
    return new UUID(
        (random.nextLong() & ~0xf000L) | 0x7000L,
        (random.nextLong() & 0x3fffffffffffffffL) | Long.MIN_VALUE);
  }

  private ByteString bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return ByteString.of(bytes);
  }

  private char one(String of) {
    return of.charAt(random.nextInt(of.length()));
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private <T> Optional<T> maybe(Supplier<T> value) {
    return chance(2) ? Optional.of(value.get()) : Optional.empty();
  }
}
