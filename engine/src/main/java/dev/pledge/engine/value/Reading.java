package dev.pledge.engine.value;

/** What came of reading a value from outside: the value, or why it is none. */
public sealed interface Reading {

  /** The input was a value of its type; here it is in its normal form. */
  record Good(Value value) implements Reading {}

  /** The input was no value of its type. */
  record Bad(Complaint complaint) implements Reading {}
}
