package dev.pledge.engine.keys;

import java.security.SecureRandom;

/** The four things all keys here are used with. */
record Primitives(Envelope envelope, Hmac hmac, Hkdf hkdf, SecureRandom random) {
  static Primitives with(SecureRandom random) {
    return new Primitives(new Envelope(new AesGcm(), random), new Hmac(), new Hkdf(), random);
  }
}
