package dev.pledge.engine.gate;

import java.time.LocalDate;
import java.util.UUID;

/**
 * How a person goes.
 *
 * @param certificate of the erasure, as the ledger has it or is about to
 * @param day of the erasure, by UTC
 */
public record Parting(UUID certificate, LocalDate day, Marking marking) {
  /** Whether what they objected to is remembered by marks of their aliases. */
  public enum Marking {
    /** It is, so that no list brings them back. */
    LEFT,
    /** It is not: they asked for that, and marks that were there go too. */
    NONE
  }
}
