package dev.pledge.policy.decision;

import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.ProductId;
import java.time.Period;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the controller owes people by the clock: after an incident, upon a request, before a
 * revision (IV.7, V.1, V.3 to V.5, IX.1). Promises as data, no decision looks at them; each is at
 * most as long as the clock that the law of the policy's jurisdictions sets, as far as it is known.
 * A part the policy does not declare promises nothing.
 */
public record Duties(
    Optional<Incidents> incidents,
    Optional<Requests> requests,
    Optional<Revision> revision,
    Leaving leaving) {

  /** Nothing beyond what every policy owes. */
  public static final Duties NONE =
      new Duties(Optional.empty(), Optional.empty(), Optional.empty(), Leaving.AT_ONCE);

  /**
   * What is owed when data has leaked, been lost or altered (IV.7). Both clocks start when the
   * controller becomes aware of the incident, and run whatever its cause turns out to be.
   *
   * @param channels the ways in which people are told, the preferred first
   * @param announceAbove how many people are told one by one at most; when there are more a public
   *     announcement is made, too; empty if all are told one by one, however many
   * @param people within which term the people concerned are told
   * @param regulator within which term the authority is told
   * @param outsideCauses the causes for which the notice says the controller does not answer; they
   *     are found with evidence and alter neither notices nor clocks (VII.1 to VII.4)
   */
  public record Incidents(
      List<ChannelId> channels,
      OptionalInt announceAbove,
      Optional<Term> people,
      Optional<Term> regulator,
      Set<OutsideCause> outsideCauses) {
    public Incidents {
      channels = List.copyOf(channels);
      outsideCauses = Set.copyOf(outsideCauses);
    }
  }

  /** A cause of an incident that lies outside the controller's systems (VII). */
  public enum OutsideCause {
    /** The person shared their password or their device (VII.1). */
    SHARED_PASSWORD("VII.1"),
    /** What nobody could have averted (VII.2). */
    FORCE_MAJEURE("VII.2"),
    /** A site of others that a link led to (VII.3). */
    OTHER_SITE("VII.3"),
    /** Anything else outside (VII.4). */
    OTHER_OUTSIDE("VII.4");

    private final String clause;

    OutsideCause(String clause) {
      this.clause = clause;
    }

    /** The clause that speaks of it. */
    public String clause() {
      return clause;
    }
  }

  /**
   * Within which terms what people ask for is done (V.1, V.3 to V.5). Each starts when the request
   * arrives, and no check of identity stops it.
   *
   * @param confirmWithin until the arrival is confirmed
   * @param answerWithin until access, a correction, a deletion or an objection is decided on, with
   *     reasons
   * @param extendBy how much longer a complex request may take, if the person is told within the
   *     first term; empty if not at all
   * @param optOutWithin until a refusal counts that is not made by a switch, which counts at once
   * @param closingWithin until an account is closed where that is done by hand
   * @param complaintsWithin until a complaint is answered
   */
  public record Requests(
      Optional<Term> confirmWithin,
      Optional<Term> answerWithin,
      Optional<Term> extendBy,
      Optional<Term> optOutWithin,
      Optional<Term> closingWithin,
      Optional<Term> complaintsWithin) {}

  /**
   * How people leave (V.1, V.3).
   *
   * @param recovery how long who asked to be erased may take it back; meanwhile nobody else finds
   *     them; empty where they are erased at once
   * @param closing what a product has to assert before a person's account with it is closed; for
   *     the products it says nothing of there is nothing to assert
   */
  public record Leaving(Optional<Period> recovery, Map<ProductId, Set<ConditionId>> closing) {
    /** Without any condition, and for good. */
    public static final Leaving AT_ONCE = new Leaving(Optional.empty(), Map.of());

    public Leaving {
      Map<ProductId, Set<ConditionId>> copy = new HashMap<>();
      closing.forEach((product, conditions) -> copy.put(product, Set.copyOf(conditions)));
      closing = Map.copyOf(copy);
    }

    /** What the product has to assert. */
    public Set<ConditionId> closingOf(ProductId product) {
      return closing.getOrDefault(product, Set.of());
    }
  }

  /**
   * How the policy is revised (0.2, IX.1).
   *
   * @param notice how long before it takes effect a version is announced
   * @param continuedUse what going on to use a product may accept. It accepts nothing by itself:
   *     decisions go by recorded acceptances alone
   */
  public record Revision(Term notice, ContinuedUse continuedUse) {}

  /** Which revisions someone may accept by going on. */
  public enum ContinuedUse {
    NOTHING,
    /** Those that change words and no rule. */
    EDITORIAL
  }
}
