package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Recorded;
import dev.pledge.log.ByteString;
import dev.pledge.log.Caller;
import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Reason;
import dev.pledge.log.Verdict;
import dev.pledge.log.Verdict.Asked;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** A log made up entry by entry. */
final class Script {
  static final String LOG = "test";

  private final String log;
  private final List<Recorded> entries = new ArrayList<>();
  private long first;

  Script() {
    this(LOG);
  }

  Script(String log) {
    this.log = log;
  }

  /** An actor of the log, and of what kind. */
  record Who(String type, String id) {
    static Who staff(String id) {
      return new Who(Caller.STAFF, id);
    }

    static Who auditor(String id) {
      return new Who(Caller.AUDITOR, id);
    }

    static Who partner(String id) {
      return new Who(Caller.PARTNER, id);
    }

    static Who service(String id) {
      return new Who(Caller.SERVICE, id);
    }

    Caller caller(String... assurances) {
      return new Caller(
          type, Optional.of(id), List.of(), Set.of(), Set.of(assurances), Optional.empty());
    }
  }

  List<Recorded> entries() {
    return entries;
  }

  /** What has been written so far, as the log hands it over. */
  Feed feed() {
    return new Feed() {
      @Override
      public List<Recorded> from(long position, int limit) {
        if (position < first) {
          throw new IllegalStateException("entry " + position + " is no longer kept");
        }
        return List.copyOf(
            entries.subList(
                (int) Math.min(position, entries.size()),
                (int) Math.min(position + limit, entries.size())));
      }

      @Override
      public long first() {
        return first;
      }
    };
  }

  /** Entries before that are no longer given. */
  void letGoBefore(long position) {
    first = position;
  }

  /** Adds an entry at the next position; about somebody, if {@code marked}. */
  Script add(Facts facts, boolean marked) {
    long position = entries.size();
    Entry entry =
        new Entry(
            new UUID((position << 16) | 0x7000, 0x8000000000000000L | position),
            ByteString.of(new byte[Entry.NONCE_SIZE]),
            marked ? Optional.of(ByteString.of(new byte[Entry.MARK_SIZE])) : Optional.empty(),
            facts,
            ByteString.EMPTY);
    entries.add(new Recorded(log, entry, OptionalLong.of(position)));
    return this;
  }

  private static Verdict shown(String view, Asked... asked) {
    return new Verdict.Granted(
        "contact.phone", Optional.of(view), Optional.empty(), Optional.empty(), 1, Set.of(asked));
  }

  private static Verdict withheld(Asked... asked) {
    return new Verdict.Withheld(
        "contact.phone",
        new Reason("consent", Optional.of("consent-missing"), Optional.of("II.I.8")),
        0,
        Set.of(asked));
  }

  Script read(Who who, Instant at, String purpose) {
    return add(
        Facts.of(Kind.READ, at, Outcome.PERMITTED, who.caller())
            .purpose(purpose)
            .verdict(shown("masked"))
            .build(),
        true);
  }

  Script read(Who who, Instant at) {
    return read(who, at, "customer-service");
  }

  /** A read in which the person said no. */
  Script refused(Who who, Instant at) {
    return refused(who, at, "customer-service");
  }

  Script refused(Who who, Instant at, String purpose) {
    return add(
        Facts.of(Kind.READ, at, Outcome.REFUSED, who.caller())
            .purpose(purpose)
            .verdict(withheld())
            .build(),
        true);
  }

  /** A call that the token did not cover. */
  Script uncovered(Kind kind, Who who, Instant at) {
    return add(
        Facts.of(kind, at, Outcome.REFUSED, who.caller())
            .reason(new Reason("scope", Optional.of("rights"), Optional.of("IV.3")))
            .build(),
        false);
  }

  /** Somebody was found, or shown their history, their state or their choices. */
  Script told(Kind kind, Who who, Instant at) {
    return add(Facts.of(kind, at, Outcome.PERMITTED, who.caller()).build(), true);
  }

  /** What a read for the purpose would be answered, and why. */
  Script explained(Who who, Instant at, String purpose) {
    return add(
        Facts.of(Kind.EXPLAIN, at, Outcome.PERMITTED, who.caller()).purpose(purpose).build(), true);
  }

  /** A look at an id, or for an alias, that is nobody's. */
  Script nobody(Kind kind, Who who, Instant at) {
    return add(
        Facts.of(kind, at, Outcome.REFUSED, who.caller())
            .reason(new Reason("standing", Optional.of("erased"), Optional.of("II.II.3")))
            .build(),
        false);
  }

  /** A look at a value in clear, granted or not. */
  Script inClear(Who who, Instant at, boolean granted, String... assurances) {
    Outcome outcome = granted ? Outcome.PERMITTED : Outcome.REFUSED;
    return add(
        Facts.of(Kind.READ, at, outcome, who.caller(assurances))
            .purpose("customer-service")
            .verdict(granted ? shown("clear", Asked.IN_CLEAR) : withheld(Asked.IN_CLEAR))
            .build(),
        true);
  }

  /** A value seen in clear, as one's role sees it: nothing was asked for beyond it. */
  Script seesClear(Kind kind, Who who, Instant at, String... assurances) {
    return add(
        Facts.of(kind, at, Outcome.PERMITTED, who.caller(assurances))
            .purpose("customer-service")
            .verdict(shown("clear"))
            .build(),
        true);
  }

  Script audience(Who who, Instant at) {
    return add(
        Facts.of(Kind.AUDIENCE, at, Outcome.PERMITTED, who.caller()).purpose("promotion").build(),
        false);
  }

  /** A person looks at their own data. */
  Script self(Instant at) {
    return add(
        Facts.of(Kind.READ, at, Outcome.PERMITTED, Caller.unnamed(Caller.SELF))
            .purpose("access")
            .verdict(shown("clear"))
            .build(),
        true);
  }

  /** Something Pledge did to keys, and why. */
  Script keys(Kind kind, Instant at, String... why) {
    Facts.Builder facts =
        Facts.of(kind, at, Outcome.PERMITTED, Caller.of(Caller.SYSTEM, "keys")).epoch(3);
    for (String cause : why) {
      facts.reason(Reason.of(cause, "IV.2"));
    }
    return add(facts.build(), false);
  }
}
