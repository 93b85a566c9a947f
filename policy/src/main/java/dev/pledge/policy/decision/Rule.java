package dev.pledge.policy.decision;

/**
 * The rules of a decision, in the order in which they are tried; the first that refuses gives the
 * reason.
 */
public enum Rule {
  /**
   * The person, or someone acting for them, exercises a right: everything about them opens (V.1).
   */
  SELF,
  /** Only what the policy declares exists (I.5, II.II.1). */
  DECLARED,
  /** A role of the actor, its undertaking met, needs it (IV.3). */
  NEED_TO_KNOW,
  /** The person's account allows use (II.II.3). */
  STANDING,
  /** The person has accepted the policy (0.1). */
  ACCEPTANCE,
  /** A guardian has agreed for a child (VI.1). */
  GUARDIAN,
  /** The purpose lists the field (II.II.1). */
  PURPOSE,
  /** The person's choice, the legal basis and its conditions are met (II.I.*, V.2). */
  CONSENT,
  /** Another product's data needs the person's authorisation (II.I.9). */
  POOLING,
  /** The conditions of collection, of a source, of a recipient are met (I.0, I.3, III.*). */
  CONDITIONS,
  /** The value is still kept (IV.1). */
  RETENTION,
  /** Nothing is seen more clearly than purpose, role and field allow (II.II.2, II.II.5). */
  VIEW
}
