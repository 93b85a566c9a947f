package dev.pledge.engine.keys;

/**
 * The key above all others: it seals the key store, and lies in a file of its own or in a key
 * management service. The port behind which providers differ.
 *
 * <p>Implementations authenticate {@code context} together with what they wrap, are safe for use by
 * many threads, and keep none of the arrays they are given.
 */
public interface RootKey {
  /** Seals {@code plaintext} so that it opens only with the same {@code context}. */
  byte[] wrap(byte[] plaintext, byte[] context);

  /**
   * Opens what {@link #wrap} made. The caller wipes the result.
   *
   * @throws UnsealException if it was altered, wrapped for another context, or by another root key
   */
  byte[] unwrap(byte[] wrapped, byte[] context);

  /** A name for the key that tells it from other root keys and says nothing about its value. */
  String id();
}
