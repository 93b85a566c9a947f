package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Actors;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.LogReader;
import dev.pledge.engine.audit.LogReader.Range;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.store.CursorText;
import dev.pledge.log.ByteString;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Sha256;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Searches the log for auditors (IV.2). The entries themselves are looked through, newest first,
 * since an index by actor, field or time would tell more than they do; a call does bounded work and
 * says how far it came.
 *
 * <p>Whoever works for `general` finds all that fits, anybody else what names a product of theirs
 * (IV.3). Each page is on the log before it is given. Safe for all threads.
 */
public final class LogSearch {
  /** The most entries of one page. */
  public static final int MOST = 200;

  /** The most entries one call looks at. */
  public static final int MOST_SCANNED = 10 * LogReader.BLOCK;

  private static final ProductId ALL = new ProductId(CompiledPolicy.GENERAL);

  private final Policies policies;
  private final Entries entries;
  private final Actors actors;
  private final InstantSource clock;
  private final KnownWords words;

  /** Searches are entered in {@code entries}. */
  public LogSearch(Policies policies, Entries entries, Actors actors, InstantSource clock) {
    this.policies = policies;
    this.entries = entries;
    this.actors = actors;
    this.clock = clock;
    this.words = KnownWords.of(policies);
  }

  /**
   * A page of what fits, newest first.
   *
   * @param reader of the log that is searched
   * @param cursor where the page before ended; null for the first page
   * @param limit the most entries, 1 to {@value #MOST}
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   * @throws IllegalStateException if the log lacks an entry it should hold, or holds another
   */
  public SearchAnswer search(
      Caller caller, LogReader reader, LogQuery query, @Nullable String cursor, int limit) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("a page has 1 to " + MOST + " entries");
    }
    long below = cursor == null ? Long.MAX_VALUE : CursorText.number(cursor);
    List<SearchAnswer.Name> unknown = words.unknown(query);
    if (!unknown.isEmpty()) {
      return new SearchAnswer.Misnamed(unknown);
    }
    Range period =
        reader.period(Optional.ofNullable(query.from()), Optional.ofNullable(query.to()));
    long end = Math.max(period.from(), Math.min(period.to(), below));
    Range asked = new Range(period.from(), end);
    Scan scan = scan(caller, reader, query, asked, limit);
    // INVARIANT: only an id that is an actor's is named in the open or can be found by its hash;
    // any other may be anything.
    boolean isActor = query.actor() != null && actors.isActor(new ActorId(query.actor()));
    Facts facts =
        facts(caller, query, isActor, scan.found.size())
            .digest(question(reader.log(), query, isActor, cursor, limit))
            .build();
    Receipt receipt = entries.recordAboutNobody(facts);
    Optional<String> next =
        scan.range.from() > period.from()
            ? Optional.of(CursorText.of(scan.range.from()))
            : Optional.empty();
    return new SearchAnswer.Page(scan.found, scan.range, next, receipt);
  }

  private record Scan(List<Recorded> found, Range range) {}

  private Scan scan(Caller caller, LogReader reader, LogQuery query, Range asked, int limit) {
    List<Recorded> found = new ArrayList<>();
    long least = Math.max(asked.from(), asked.to() - MOST_SCANNED);
    long position = asked.to();
    while (position > least && found.size() < limit) {
      int some = (int) Math.min(LogReader.BLOCK, position - least);
      List<Recorded> block = reader.all(position - some, some);
      for (int i = block.size() - 1; i >= 0 && found.size() < limit; i--) {
        position--;
        Facts facts = block.get(i).entry().facts();
        if (mayFind(caller, facts) && query.fits(facts)) {
          found.add(block.get(i));
        }
      }
    }
    return new Scan(found, new Range(position, asked.to()));
  }

  private static boolean mayFind(Caller caller, Facts facts) {
    return caller.products().contains(ALL)
        || facts.product().map(ProductId::new).filter(caller.products()::contains).isPresent();
  }

  private Facts.Builder facts(Caller caller, LogQuery query, boolean isActor, int given) {
    Instant now = clock.instant();
    CompiledPolicy policy = policies.inForce(now).orElseGet(policies.versions()::getFirst);
    Facts.Builder facts =
        Facts.of(Kind.SEARCH, now, Outcome.PERMITTED, LoggedCaller.of(caller))
            .policy(policy.version().toString())
            .subjects(given);
    if (query.purpose() != null) {
      facts.purpose(query.purpose());
    }
    if (query.product() != null) {
      facts.product(query.product());
    }
    if (query.actor() != null) {
      facts = isActor ? facts.target(query.actor()) : facts.unknownNames(1);
    }
    return facts;
  }

  /** SHA-256 of the whole question, as docs/log-format.md writes it out. */
  private static ByteString question(
      String log, LogQuery query, boolean isActor, @Nullable String cursor, int limit) {
    StringBuilder text = new StringBuilder("pledge search v1\n");
    line(text, "log", log);
    line(text, "actor", isActor ? query.actor() : null);
    line(text, "kind", query.caller());
    line(text, "act", query.kind());
    line(text, "outcome", query.outcome() == null ? null : Logbook.word(query.outcome()));
    line(text, "purpose", query.purpose());
    line(text, "product", query.product());
    line(text, "field", query.field());
    line(text, "clause", query.clause());
    line(text, "reason", query.reason());
    line(text, "exception", query.exception());
    line(text, "from", query.from());
    line(text, "to", query.to());
    line(text, "cursor", cursor);
    line(text, "limit", limit);
    return ByteString.of(Sha256.of(text.toString()));
  }

  private static void line(StringBuilder text, String name, @Nullable Object value) {
    if (value != null) {
      text.append(name).append(' ').append(value).append('\n');
    }
  }
}
