package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Ending;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SourceId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What came of asking what is held of a person (V.1). */
public sealed interface Inventory {

  /** There is no such person. */
  record Unknown(Receipt receipt) implements Inventory {}

  /** The right is not theirs, or is nobody's. */
  record Refused(Reason reason, ClauseId clause, Receipt receipt) implements Inventory {}

  /**
   * What is held, as it was at one moment, in whatever order and however often it is asked for. It
   * is there only while it is handed over, and whatever is slow to take it keeps the person's key
   * in memory as long. Once the person is erased it gives no more.
   *
   * <p>Everything but the history throws {@link ErasedMeanwhile}. Not for use by several threads.
   */
  non-sealed interface Open extends Inventory {
    /** The person as of that moment. */
    SubjectState state();

    /** Under what law they are, where that is known. */
    Optional<String> jurisdiction();

    /** Since when they are known. */
    Instant since();

    /** The version in force. */
    CompiledPolicy policy();

    /** The version of that name, such as one under which something was chosen. */
    Optional<CompiledPolicy> version(PolicyVersion version);

    /** The entry that logs this look. */
    Receipt receipt();

    /**
     * How much there is, in the order of the policy; of what the policy does not declare nothing.
     */
    List<Amount> amounts();

    /** Hands over the values that were asked for, those of a series by their time. */
    void values(Consumer<Item> each);

    /** Where the next page of a series begins, once the values were handed over. */
    Optional<String> next();

    /** Hands over the choices in the order in which they were made. */
    void choices(Consumer<Chosen> each);

    /** Hands over the acceptances in the order in which they were made. */
    void acceptances(Consumer<Accepted> each);

    /** The legal holds in force of which the person may be told (II.I.7). */
    List<Held> holds();

    /**
     * Hands over the access history, newest first, as far as the person may be told.
     *
     * @throws ErasedMeanwhile if the person is no longer there to be told
     */
    void history(Consumer<AccessHistory.Line> each);
  }

  /**
   * How many values there are.
   *
   * @param month of an event series, when they were observed, UTC
   * @param opens false of what is about somebody else, which is not shown
   */
  record Amount(
      FieldId field,
      ProductId product,
      Optional<YearMonth> month,
      long count,
      Instant oldest,
      Instant newest,
      boolean opens) {}

  /**
   * A value as the person sees it.
   *
   * @param policy under which it was collected
   * @param ending when it goes, where that is known
   */
  record Item(
      FieldId field,
      ProductId product,
      SourceId source,
      PolicyVersion policy,
      Instant collectedAt,
      @Nullable UUID datum,
      @Nullable Instant observedAt,
      View view,
      Object json,
      Optional<Ending> ending) {
    @Override
    public String toString() {
      return "Item[" + field + ", [redacted]]";
    }
  }

  /**
   * A choice with how it was expressed.
   *
   * @param counts whether it still does
   * @param evidence empty where nothing opens it any more
   */
  record Chosen(Consents.Event event, boolean counts, Optional<Evidence> evidence) {}

  /** An acceptance of the policy with how it was expressed. */
  record Accepted(UUID id, PolicyVersion version, Instant at, Optional<Evidence> evidence) {}

  /** What the law has kept. */
  record Held(
      String purpose, ProductId product, Set<FieldId> fields, Instant placedAt, Instant until) {
    public Held {
      fields = Set.copyOf(fields);
    }
  }

  /** The person was erased while it was handed over; the rest is not given. */
  final class ErasedMeanwhile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ErasedMeanwhile() {
      super("the person was erased meanwhile; what was given is not whole");
    }
  }
}
