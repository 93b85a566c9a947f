package dev.pledge.log;

/**
 * What a note's signature is made with and what it covers: the signature types of C2SP signed-note
 * that Pledge knows. A signature of another type counts as one of an unknown key.
 */
public enum SignatureType {
  /** Ed25519 over the note's text. */
  ED25519(0x01, Algorithm.ED25519),

  /** Ed25519 over a time and a checkpoint (C2SP tlog-cosignature). */
  ED25519_COSIGNATURE(0x04, Algorithm.ED25519),

  /** ML-DSA-44 over the cosigner's name, a time and a checkpoint (C2SP tlog-cosignature). */
  ML_DSA_44_COSIGNATURE(0x06, Algorithm.ML_DSA_44);

  private final byte identifier;
  private final Algorithm algorithm;

  SignatureType(int identifier, Algorithm algorithm) {
    this.identifier = (byte) identifier;
    this.algorithm = algorithm;
  }

  /** The byte that stands for it before a public key. */
  public byte identifier() {
    return identifier;
  }

  /** Whether it signs checkpoints only, with a time of its own. */
  public boolean isCosignature() {
    return this != ED25519;
  }

  Algorithm algorithm() {
    return algorithm;
  }

  static SignatureType of(byte identifier) {
    for (SignatureType type : values()) {
      if (type.identifier == identifier) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "unknown signature type in a verifier key; give a key of type 1 (Ed25519), 4 (Ed25519 cosignature) or 6 (ML-DSA-44 cosignature)");
  }
}
