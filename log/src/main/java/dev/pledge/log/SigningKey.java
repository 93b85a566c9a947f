package dev.pledge.log;

/** A private key with its name, which prints without what is secret. */
final class SigningKey {
  private final byte[] seed;
  private final VerifierKey verifierKey;

  SigningKey(String name, SignatureType type, byte[] seed) {
    if (seed.length != Algorithm.SEED_SIZE) {
      throw new IllegalArgumentException(
          "malformed seed; give " + Algorithm.SEED_SIZE + " random bytes");
    }
    this.seed = seed.clone();
    this.verifierKey =
        new VerifierKey(name, type, ByteString.of(type.algorithm().publicKey(this.seed)));
  }

  VerifierKey verifierKey() {
    return verifierKey;
  }

  byte[] sign(byte[] message) {
    return verifierKey.type().algorithm().sign(seed, message);
  }

  @Override
  public String toString() {
    return verifierKey.label() + ", [redacted]";
  }
}
