package dev.pledge.log;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** A second opinion on signatures: the JDK's own Ed25519 and ML-DSA. */
final class JdkSignatures {
  private JdkSignatures() {}

  static boolean verify(VerifierKey key, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    // What precedes the bare key in a SubjectPublicKeyInfo (RFC 8410, RFC 9881).
    String prefix =
        switch (key.type().algorithm()) {
          case ED25519 -> "302a300506032b6570032100";
          case ML_DSA_44 -> "30820532300b06096086480165030403110382052100";
        };
    String name =
        switch (key.type().algorithm()) {
          case ED25519 -> "Ed25519";
          case ML_DSA_44 -> "ML-DSA-44";
        };
    byte[] encoded = HexFormat.of().parseHex(prefix + key.publicKey());
    Signature verifier = Signature.getInstance(name);
    verifier.initVerify(
        KeyFactory.getInstance(name).generatePublic(new X509EncodedKeySpec(encoded)));
    verifier.update(message);
    return verifier.verify(signature);
  }
}
