package dev.pledge.engine.audit;

import dev.pledge.policy.decision.Policy.Retention;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * When entries of the log grow old.
 *
 * @param archive how long after it was made an entry has a row of its own
 * @param keep how long it is kept at all; empty: for ever. Its hash is kept for ever
 */
public record Ageing(Period archive, Optional<Period> keep) {
  /**
   * The least for which entries are kept: records of sharing and of handling that needs an
   * assessment, three years (PIPL 56); network logs, six months (Cybersecurity Law 21(3)). One log
   * holds both.
   */
  public static final Period LEGAL_MINIMUM = Period.ofYears(3);

  /** To the archive after thirty days, and kept for ever. */
  public static final Ageing USUAL = new Ageing(Period.ofDays(30), Optional.empty());

  /**
   * @throws IllegalArgumentException if a period is negative, entries are kept for less than the
   *     law asks, or for less than they have rows of their own
   */
  public Ageing {
    requireLength(archive);
    keep.ifPresent(Ageing::requireLength);
    if (keep.isPresent() && !Retention.covers(keep.get(), LEGAL_MINIMUM)) {
      throw new IllegalArgumentException(
          "the log is kept for " + LEGAL_MINIMUM + " or longer: the law asks for that");
    }
    if (keep.isPresent() && !Retention.covers(keep.get(), archive)) {
      throw new IllegalArgumentException(
          "entries go to the archive before they are let go; archive them earlier");
    }
  }

  private static void requireLength(Period period) {
    if (period.getYears() < 0 || period.getMonths() < 0 || period.getDays() < 0) {
      throw new IllegalArgumentException("a period is not negative, such as P30D or P3Y");
    }
  }

  /** What was made before that has grown old enough for the archive. */
  Instant archivedBefore(Instant now) {
    return before(now, archive);
  }

  /** What was made before that is not kept. */
  Optional<Instant> keptFrom(Instant now) {
    return keep.map(period -> before(now, period));
  }

  private static Instant before(Instant now, Period period) {
    return now.atOffset(ZoneOffset.UTC).minus(period).toInstant();
  }
}
