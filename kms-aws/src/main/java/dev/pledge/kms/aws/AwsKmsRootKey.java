package dev.pledge.kms.aws;

import dev.pledge.engine.keys.KeyStoreRefusedException;
import dev.pledge.engine.keys.RootKey;
import dev.pledge.engine.keys.RootKeyUnavailableException;
import dev.pledge.engine.keys.UnsealException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DescribeKeyResponse;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.OriginType;

/**
 * A symmetric key that stays in AWS KMS, with the context as encryption context. What was wrapped
 * before KMS rotated the key's material opens as ever.
 *
 * <p>The encryption context is in CloudTrail in the clear: it holds the deployment's id, what was
 * wrapped and its epoch, and nothing of a person. Safe for use by many threads.
 */
final class AwsKmsRootKey implements RootKey {
  private static final String CONTEXT = "pledge";
  private static final int FORBIDDEN = 403;

  private final KmsClient client;
  private final String arn;

  private AwsKmsRootKey(KmsClient client, String arn) {
    this.client = client;
    this.arn = arn;
  }

  /** Opens the key once it has seen that it is fit; takes the client over. */
  static AwsKmsRootKey open(KmsClient client, String key) {
    boolean opened = false;
    try {
      DescribeKeyResponse described = client.describeKey(ask -> ask.keyId(key));
      KeyMetadata about = described.keyMetadata();
      requireFit(about);
      AwsKmsRootKey root = new AwsKmsRootKey(client, about.arn());
      opened = true;
      return root;
    } catch (SdkException e) {
      throw unavailable(key, e);
    } finally {
      if (!opened) {
        client.close();
      }
    }
  }

  private static void requireFit(KeyMetadata about) {
    if (about.keySpec() != KeySpec.SYMMETRIC_DEFAULT
        || about.keyUsage() != KeyUsageType.ENCRYPT_DECRYPT) {
      throw unfit(about, "does not encrypt symmetrically", "make one of SYMMETRIC_DEFAULT");
    }
    if (about.keyState() != KeyState.ENABLED) {
      throw unfit(
          about,
          "is not enabled (" + about.keyStateAsString() + ")",
          "enable it, or cancel its deletion: without it nobody's data can be read again");
    }
    if (about.origin() == OriginType.EXTERNAL) {
      throw unfit(
          about, "was imported, so that it exists outside of KMS", "make one whose origin is KMS");
    }
  }

  private static KeyStoreRefusedException unfit(KeyMetadata about, String what, String remedy) {
    return new KeyStoreRefusedException(
        String.format(
            Locale.ROOT,
            "the root key `%s` %s: %s; see docs/root-keys.md",
            about.arn(),
            what,
            remedy));
  }

  @Override
  public byte[] wrap(byte[] plaintext, byte[] context) {
    try {
      return client
          .encrypt(
              ask ->
                  ask.keyId(arn)
                      .plaintext(SdkBytes.fromByteArray(plaintext))
                      .encryptionContext(named(context)))
          .ciphertextBlob()
          .asByteArray();
    } catch (SdkException e) {
      throw unavailable(arn, e);
    }
  }

  @Override
  public byte[] unwrap(byte[] wrapped, byte[] context) {
    try {
      return client
          .decrypt(
              ask ->
                  ask.keyId(arn)
                      .ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                      .encryptionContext(named(context)))
          .plaintext()
          .asByteArray();
    } catch (InvalidCiphertextException | IncorrectKeyException e) {
      throw new UnsealException(
          "what the root key sealed does not open: it was altered, is of another place, or `"
              + arn
              + "` is another key than it was");
    } catch (SdkException e) {
      throw unavailable(arn, e);
    }
  }

  private static Map<String, String> named(byte[] context) {
    return Map.of(CONTEXT, Base64.getEncoder().encodeToString(context));
  }

  /** What the SDK says may hold ids of credentials, so it is not repeated. */
  private static RootKeyUnavailableException unavailable(String key, SdkException failure) {
    String what =
        failure instanceof KmsException answered
            ? answered.statusCode() == FORBIDDEN
                ? "refuses these credentials (403); see their policy and the key's"
                : "answered "
                    + answered.statusCode()
                    + " ("
                    + String.valueOf(answered.awsErrorDetails().errorCode())
                    + "); see to the key"
            : "cannot be asked; see whether it is reached and credentials are there";
    return new RootKeyUnavailableException(
        "AWS KMS with `" + key + "` " + what + "; see docs/root-keys.md");
  }

  @Override
  public String id() {
    return "aws-kms:" + arn;
  }

  @Override
  public boolean isHere() {
    return false;
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
