package dev.pledge.engine.keys;

/**
 * The key above all others: it seals the key store, and lies in a file of its own or in a key
 * management service. The port behind which providers differ.
 *
 * <p>Implementations authenticate {@code context} together with what they wrap, are safe for use by
 * many threads, and keep none of the arrays they are given.
 */
public interface RootKey extends AutoCloseable {
  /**
   * Seals {@code plaintext} so that it opens only with the same {@code context}.
   *
   * @throws RootKeyUnavailableException if the service that has the key cannot be used now
   */
  byte[] wrap(byte[] plaintext, byte[] context);

  /**
   * Opens what {@link #wrap} made. The caller wipes the result.
   *
   * @throws UnsealException if it was altered, wrapped for another context, or by another root key
   * @throws RootKeyUnavailableException if the service that has the key cannot be used now
   */
  byte[] unwrap(byte[] wrapped, byte[] context);

  /** A name for the key that tells it from other root keys and says nothing about its value. */
  String id();

  /**
   * Whether the key itself lies in this process. What one that lies elsewhere has unwrapped is used
   * for at most {@value KeyLease#SECONDS} seconds after it last answered.
   */
  boolean isHere();

  /** Lets go of what it holds; nothing is wrapped or unwrapped with it afterwards. */
  @Override
  void close();
}
