package dev.pledge.log;

import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** A way to sign bytes: the same seed and message always give the same signature. */
enum Algorithm {
  /** Ed25519 (RFC 8032 §5.1). */
  ED25519(32, 64) {
    // A point of the group's prime order, as every honest key is: with another, anyone could sign.
    @Override
    boolean isPublicKey(byte[] key) {
      return super.isPublicKey(key) && Ed25519.validatePublicKeyFull(key, 0);
    }

    @Override
    byte[] publicKey(byte[] seed) {
      return new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded();
    }

    @Override
    CipherParameters publicParameters(byte[] key) {
      return new Ed25519PublicKeyParameters(key);
    }

    @Override
    CipherParameters privateParameters(byte[] seed) {
      return new Ed25519PrivateKeyParameters(seed);
    }

    @Override
    Signer signer() {
      return new Ed25519Signer();
    }
  },

  /** ML-DSA-44 (FIPS 204), with an empty context; signing is the deterministic variant. */
  ML_DSA_44(1312, 2420) {
    @Override
    byte[] publicKey(byte[] seed) {
      return privateParameters(seed).getPublicKeyParameters().getEncoded();
    }

    @Override
    CipherParameters publicParameters(byte[] key) {
      return new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_44, key);
    }

    @Override
    MLDSAPrivateKeyParameters privateParameters(byte[] seed) {
      return new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_44, seed);
    }

    @Override
    Signer signer() {
      return new MLDSASigner();
    }
  };

  /** Bytes of a seed, from which either algorithm makes its keys. */
  static final int SEED_SIZE = 32;

  private final int keySize;
  private final int signatureSize;

  Algorithm(int keySize, int signatureSize) {
    this.keySize = keySize;
    this.signatureSize = signatureSize;
  }

  int keySize() {
    return keySize;
  }

  boolean isPublicKey(byte[] key) {
    return key.length == keySize;
  }

  abstract byte[] publicKey(byte[] seed);

  abstract CipherParameters publicParameters(byte[] key);

  abstract CipherParameters privateParameters(byte[] seed);

  abstract Signer signer();

  byte[] sign(byte[] seed, byte[] message) {
    Signer signer = signer();
    signer.init(true, privateParameters(seed));
    signer.update(message, 0, message.length);
    try {
      return signer.generateSignature();
    } catch (CryptoException e) {
      throw new IllegalStateException("could not sign with " + this, e);
    }
  }

  boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    if (signature.length != signatureSize) {
      return false;
    }
    Signer signer = signer();
    signer.init(false, publicParameters(publicKey));
    signer.update(message, 0, message.length);
    return signer.verifySignature(signature);
  }
}
