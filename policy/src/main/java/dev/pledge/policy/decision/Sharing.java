package dev.pledge.policy.decision;

import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.CompanyId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RecipientId;
import dev.pledge.policy.names.RoleId;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who receives data, and which companies stand behind them (III.I.*, VIII.4). What is not declared
 * here is handed to nobody.
 *
 * @param transfer what becomes of the data when somebody else takes the controller's place; empty
 *     if the policy says nothing about it (III.II.1)
 */
public record Sharing(
    List<Company> companies, List<Recipient> recipients, Optional<Transfer> transfer) {
  /** Nothing is handed to anybody. */
  public static final Sharing NONE = new Sharing(List.of(), List.of(), Optional.empty());

  public Sharing {
    companies = List.copyOf(companies);
    recipients = List.copyOf(recipients);
  }

  /** Whether data goes along when the controller merges or is sold (III.II.1). */
  public enum Transfer {
    NEVER,
    /**
     * Under a version of the policy with the new controller, for which no earlier consent counts
     * and which binds those alone who accept it.
     */
    ASKS_ANEW
  }

  /**
   * A company, and who stands above it. The one called {@link ControlGraph#CONTROLLER} is the
   * policy's controller.
   */
  public record Company(CompanyId id, String name, List<Link> controlledBy) {
    public Company {
      controlledBy = List.copyOf(controlledBy);
    }
  }

  /**
   * That a company is controlled, or significantly influenced, by another.
   *
   * @param from first day, UTC
   * @param until first day after it, UTC; empty while no end is known
   */
  public record Link(CompanyId by, How how, LocalDate from, Optional<LocalDate> until) {
    boolean holdsOn(LocalDate day) {
      return !day.isBefore(from) && until.map(day::isBefore).orElse(true);
    }
  }

  /** How a company stands above another. */
  public enum How {
    CONTROL,
    SIGNIFICANT_INFLUENCE
  }

  /**
   * Someone outside the controller to whom data may be handed (III.I.1): why, for which purposes,
   * which fields, where to, and by which roles.
   *
   * @param company the company an affiliate is
   * @param destinations the countries where the data goes, as ISO 3166 codes
   * @param safeguards what protects the data where the law of these countries protects people less
   * @param handedOverBy the roles that may hand over, each for the purposes it serves (IV.3)
   * @param agreement what binds everybody but an authority, which the law binds
   */
  public record Recipient(
      RecipientId id,
      ClauseId clause,
      Kind kind,
      Optional<CompanyId> company,
      LegalRole actsAs,
      Case sharedBecause,
      Set<String> destinations,
      Set<Safeguard> safeguards,
      Set<PurposeId> purposes,
      Set<FieldId> fields,
      Set<RoleId> handedOverBy,
      Optional<Agreement> agreement) {
    public Recipient {
      destinations = Set.copyOf(destinations);
      safeguards = Set.copyOf(safeguards);
      purposes = Set.copyOf(purposes);
      fields = Set.copyOf(fields);
      handedOverBy = Set.copyOf(handedOverBy);
    }
  }

  /** What makes up for the law of a country that protects people less. */
  public enum Safeguard {
    /** Clauses that an authority has published for it. */
    STANDARD_CLAUSES,
    /** Rules that bind the companies of a group, approved by an authority. */
    BINDING_RULES,
    /** A certification of the recipient, where there is such a scheme. */
    CERTIFICATION
  }

  /** What a recipient is to the controller. */
  public enum Kind {
    /** A company of the same group, on the days on which it is one (III.I.2, VIII.4). */
    AFFILIATE,
    /** Somebody else who works for or with the controller (III.I.3). */
    PARTNER,
    /** A court or another public body (III.I.5). */
    AUTHORITY
  }

  /** What a recipient is before the law, the narrowest first. */
  public enum LegalRole {
    PROCESSOR,
    JOINT_CONTROLLER,
    CONTROLLER
  }

  /** Why something is shared (III.I.1, III.I.5). */
  public enum Case {
    /** The recipient does what the purpose needs. */
    SERVICE,
    /** The person has agreed to the purpose by an affirmative act. */
    CONSENT,
    /** The law orders it. */
    LAW,
    /** The terms of service are enforced. */
    TERMS,
    /** Somebody's rights are at stake. */
    RIGHTS,
    /** Somebody's property is at stake. */
    PROPERTY,
    /** Somebody's safety is at stake. */
    SAFETY,
    /** Fraud is prevented. */
    FRAUD;

    /** Whether it is one of the cases of the law, which ask nobody for consent (III.I.5). */
    public boolean isLegal() {
      return this != SERVICE && this != CONSENT;
    }
  }

  /**
   * An agreement that binds the recipient to confidentiality, instructions and security (III.I.4).
   *
   * @param version the reference of its text
   * @param from first day, UTC
   * @param until first day after it, UTC
   */
  public record Agreement(String version, LocalDate from, LocalDate until) {}
}
