package dev.pledge.log;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What an entry states in the open: what was asked, by whom, how it came out, and the inputs the
 * decision rested on, so that it can be made again under another policy. Nothing here tells one
 * person from the many in the same standing.
 *
 * <p>Every text is a name in the form policies use. It must be one the policy knows: names it does
 * not know are counted in {@code unknownNames} and never repeated.
 *
 * @param at when it was decided: the database's clock, UTC, cut to microseconds, 1970 to 9999
 * @param reason why all of it was refused, where no verdict says it; of what was done, its cause,
 *     such as {@code retention} for an erasure
 * @param product the product it was asked for
 * @param purpose the purpose named
 * @param channel the channel of a read, a consent or an audience
 * @param source where collected values came from (I.0)
 * @param recipient to whom values were handed (III.*)
 * @param destination the country or region they went to, such as {@code de}
 * @param exception the legal exception claimed (II.I.7); its reference is sealed
 * @param policy the policy version that decided, {@code policy@version}
 * @param conditions what the caller asserted, such as {@code device-location-on} (I.3)
 * @param verdicts what was decided per field, sorted, at most {@value #MAX_VERDICTS}
 * @param unknownNames how many names were given that the policy does not know; of a search also an
 *     id that is no actor's
 * @param subjects how many data subjects it touched, where that is not one; of a search how many
 *     entries it gave
 * @param target the actor acted upon: changed, given a token, searched for, or raising an alarm
 * @param epoch the epoch of keys acted upon
 * @param digest SHA-256 of the document acted upon, such as a policy, of the id of the entry that
 *     an acknowledgement answers, or of what a search asked for; never of anything a person wrote
 *     or of anything about a person
 */
public record Facts(
    Instant at,
    Kind kind,
    Outcome outcome,
    Optional<Reason> reason,
    Caller caller,
    Optional<String> product,
    Optional<String> purpose,
    Optional<String> channel,
    Optional<String> source,
    Optional<String> recipient,
    Optional<String> destination,
    Optional<String> exception,
    Optional<String> policy,
    Set<String> conditions,
    Standing standing,
    List<Verdict> verdicts,
    int unknownNames,
    OptionalLong subjects,
    Optional<String> target,
    OptionalInt epoch,
    Optional<ByteString> digest) {
  /** The most verdicts one entry holds. */
  public static final int MAX_VERDICTS = 128;

  /** Bytes of a digest. */
  public static final int DIGEST_SIZE = 32;

  private static final Set<Kind> ASKED = Set.of(Kind.EXPLAIN, Kind.SEARCH);

  static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  /**
   * Throws {@link IllegalArgumentException} if a part is malformed or out of range, or if the
   * outcome contradicts the verdicts.
   */
  public Facts {
    at = requireTime(at, "time");
    Grammar.requireName(product, "product");
    Grammar.requireName(purpose, "purpose");
    Grammar.requireName(channel, "channel");
    Grammar.requireName(source, "source");
    Grammar.requireName(recipient, "recipient");
    Grammar.requireName(destination, "destination");
    Grammar.requireName(exception, "exception");
    Grammar.requirePolicy(policy, "policy version");
    conditions = Grammar.names(conditions, "condition");
    verdicts = sorted(verdicts);
    requireCount(unknownNames);
    requireCount(subjects.orElse(0));
    Grammar.requireActor(target, "target's actor id");
    requireCount(epoch.orElse(0));
    if (digest.isPresent() && digest.get().size() != DIGEST_SIZE) {
      throw new IllegalArgumentException("malformed digest; give " + DIGEST_SIZE + " bytes");
    }
    requireCoherent(kind, outcome, reason, verdicts, unknownNames);
  }

  /** Begins the facts of an entry; what is not set stays empty. */
  public static Builder of(Kind kind, Instant at, Outcome outcome, Caller caller) {
    return new Builder(kind, at, outcome, caller);
  }

  /** The same, decided at another time. */
  public Facts at(Instant time) {
    return new Facts(
        time,
        kind,
        outcome,
        reason,
        caller,
        product,
        purpose,
        channel,
        source,
        recipient,
        destination,
        exception,
        policy,
        conditions,
        standing,
        verdicts,
        unknownNames,
        subjects,
        target,
        epoch,
        digest);
  }

  static Instant requireTime(Instant at, String what) {
    if (at.isBefore(Instant.EPOCH) || at.truncatedTo(ChronoUnit.MICROS).isAfter(LATEST)) {
      throw new IllegalArgumentException(what + " out of range; use the years 1970 to 9999");
    }
    return at.truncatedTo(ChronoUnit.MICROS);
  }

  private static List<Verdict> sorted(List<Verdict> verdicts) {
    if (verdicts.size() > MAX_VERDICTS) {
      throw new IllegalArgumentException("too many verdicts; give at most " + MAX_VERDICTS);
    }
    List<Verdict> sorted = verdicts.stream().sorted(Verdict.ORDER).toList();
    requireDistinct(sorted, Verdict.ORDER);
    return sorted;
  }

  static <T> void requireDistinct(List<T> sorted, Comparator<? super T> order) {
    for (int i = 1; i < sorted.size(); i++) {
      if (order.compare(sorted.get(i - 1), sorted.get(i)) == 0) {
        throw new IllegalArgumentException("the same verdict or datum twice; add their counts");
      }
    }
  }

  private static void requireCount(long count) {
    if (count < 0) {
      throw new IllegalArgumentException("a count cannot be negative");
    }
  }

  /**
   * Who names what is not known gets less, but for an explanation, which says so, and a search,
   * which looks for it all the same.
   */
  private static void requireCoherent(
      Kind kind,
      Outcome outcome,
      Optional<Reason> reason,
      List<Verdict> verdicts,
      int unknownNames) {
    boolean granted = verdicts.stream().anyMatch(Verdict.Granted.class::isInstance);
    boolean withheld =
        (unknownNames > 0 && !ASKED.contains(kind))
            || verdicts.stream().anyMatch(Verdict.Withheld.class::isInstance);
    boolean coherent =
        switch (outcome) {
          case PERMITTED -> !withheld;
          case PARTLY -> granted && withheld;
          case REFUSED -> !granted && (withheld || reason.isPresent());
        };
    if (!coherent) {
      throw new IllegalArgumentException("the outcome contradicts the verdicts or the reason");
    }
  }

  /** Collects facts; {@link #build} checks them. Not for use by several threads. */
  public static final class Builder {
    private final Kind kind;
    private final Instant at;
    private final Outcome outcome;
    private final Caller caller;
    private final List<Verdict> verdicts = new ArrayList<>();
    private Optional<Reason> reason = Optional.empty();
    private Optional<String> product = Optional.empty();
    private Optional<String> purpose = Optional.empty();
    private Optional<String> channel = Optional.empty();
    private Optional<String> source = Optional.empty();
    private Optional<String> recipient = Optional.empty();
    private Optional<String> destination = Optional.empty();
    private Optional<String> exception = Optional.empty();
    private Optional<String> policy = Optional.empty();
    private Set<String> conditions = Set.of();
    private Standing standing = Standing.NONE;
    private int unknownNames;
    private OptionalLong subjects = OptionalLong.empty();
    private Optional<String> target = Optional.empty();
    private OptionalInt epoch = OptionalInt.empty();
    private Optional<ByteString> digest = Optional.empty();

    private Builder(Kind kind, Instant at, Outcome outcome, Caller caller) {
      this.kind = kind;
      this.at = at;
      this.outcome = outcome;
      this.caller = caller;
    }

    /** Why all of it was refused, or what caused it. */
    public Builder reason(Reason why) {
      reason = Optional.of(why);
      return this;
    }

    /** The product it was asked for. */
    public Builder product(String name) {
      product = Optional.of(name);
      return this;
    }

    /** The purpose named. */
    public Builder purpose(String name) {
      purpose = Optional.of(name);
      return this;
    }

    /** The channel of a read, a consent or an audience. */
    public Builder channel(String name) {
      channel = Optional.of(name);
      return this;
    }

    /** Where collected values came from. */
    public Builder source(String name) {
      source = Optional.of(name);
      return this;
    }

    /** To whom values were handed. */
    public Builder recipient(String name) {
      recipient = Optional.of(name);
      return this;
    }

    /** The country or region they went to. */
    public Builder destination(String name) {
      destination = Optional.of(name);
      return this;
    }

    /** The legal exception claimed. */
    public Builder exception(String name) {
      exception = Optional.of(name);
      return this;
    }

    /** The policy version that decided. */
    public Builder policy(String version) {
      policy = Optional.of(version);
      return this;
    }

    /** What the caller asserted. */
    public Builder conditions(Collection<String> names) {
      conditions = Set.copyOf(names);
      return this;
    }

    /** How the data subject stood. */
    public Builder standing(Standing how) {
      standing = how;
      return this;
    }

    /** Adds what was decided about a field. */
    public Builder verdict(Verdict verdict) {
      verdicts.add(verdict);
      return this;
    }

    /** Adds what was decided about several fields. */
    public Builder verdicts(Collection<? extends Verdict> several) {
      verdicts.addAll(several);
      return this;
    }

    /** How many names the policy does not know were given. */
    public Builder unknownNames(int count) {
      unknownNames = count;
      return this;
    }

    /** How many data subjects it touched. */
    public Builder subjects(long count) {
      subjects = OptionalLong.of(count);
      return this;
    }

    /** The actor acted upon. */
    public Builder target(String actor) {
      target = Optional.of(actor);
      return this;
    }

    /** The epoch of keys acted upon. */
    public Builder epoch(int number) {
      epoch = OptionalInt.of(number);
      return this;
    }

    /** SHA-256 of the document acted upon. */
    public Builder digest(ByteString sha256) {
      digest = Optional.of(sha256);
      return this;
    }

    /**
     * The facts.
     *
     * @throws IllegalArgumentException if a part is malformed, out of range or contradictory
     */
    public Facts build() {
      return new Facts(
          at,
          kind,
          outcome,
          reason,
          caller,
          product,
          purpose,
          channel,
          source,
          recipient,
          destination,
          exception,
          policy,
          conditions,
          standing,
          verdicts,
          unknownNames,
          subjects,
          target,
          epoch,
          digest);
    }
  }
}
