package dev.pledge.engine.keys;

/**
 * How far an append-only file of the key store has come: how many times it was written to, and its
 * running code in hexadecimal. The same count with another code, or a smaller count, than was seen
 * before means that the file was put back or replaced; a compaction begins a new count.
 */
public record Head(long writes, String code) {
  /** Where every file begins: nothing was seen of it yet. */
  public static final Head NOTHING = new Head(0, "");
}
