package dev.pledge.engine.keys;

import dev.pledge.policy.names.FieldId;

/**
 * What of a person can be forgotten by itself: the values of one field that one product has, or the
 * account as a whole, or a kind of record. Each part that was ever forgotten is sealed under a
 * secret of its own since, so that what was sealed before opens with no key that is left.
 *
 * @param name the same for ever: what a part is sealed under hangs on it
 */
public record Part(String name) {
  /**
   * The values of a field.
   *
   * @param holder the product they are kept for; empty for the account as a whole
   */
  public static Part ofField(FieldId field, String holder) {
    return new Part(field + "/" + holder);
  }

  /** All records of a kind, as {@link SubjectKey#sealRecord} takes it. */
  public static Part ofRecords(String kind) {
    return new Part(kind);
  }
}
