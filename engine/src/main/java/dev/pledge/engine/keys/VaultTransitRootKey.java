package dev.pledge.engine.keys;

import dev.pledge.engine.keys.VaultCalls.Data;
import dev.pledge.engine.keys.VaultCalls.Patience;
import dev.pledge.engine.keys.VaultCalls.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A root key that stays in the transit engine of HashiCorp Vault, of the type aes256-gcm96, with
 * the context as associated data. What was wrapped under an older version of it opens for as long
 * as Vault keeps that version.
 *
 * <p>Protects the key store against those who have its files and cannot call Vault. Whoever has the
 * token can have everything unwrapped, and Vault's own log says so. Safe for use by many threads.
 */
public final class VaultTransitRootKey implements RootKey {
  private static final String TYPE = "aes256-gcm96";
  private static final Pattern WRAPPED = Pattern.compile("vault:v[1-9][0-9]{0,9}:[A-Za-z0-9+/=]+");
  private static final byte[] TRIAL = "pledge/root/trial/v1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OTHER = "pledge/root/other/v1".getBytes(StandardCharsets.US_ASCII);

  private final VaultAddress address;
  private final VaultCalls calls;

  private VaultTransitRootKey(VaultAddress address, VaultCalls calls) {
    this.address = address;
    this.calls = calls;
  }

  /**
   * Opens the key once it has seen that it is fit, may be used, and binds what it wraps to the
   * context.
   */
  static VaultTransitRootKey open(
      VaultAddress address, Map<String, String> environment, Patience patience) {
    VaultCalls calls = new VaultCalls(address, environment, patience);
    boolean opened = false;
    try {
      VaultTransitRootKey key = new VaultTransitRootKey(address, calls);
      key.requireFit(calls.describe());
      key.requireBinding();
      opened = true;
      return key;
    } catch (Refused e) {
      throw calls.unavailable("does not tell of `" + address.id() + "` (400); its log says why");
    } finally {
      if (!opened) {
        calls.close();
      }
    }
  }

  private void requireFit(Data data) {
    Map<String, String> texts = data.texts();
    if (!texts.containsKey("type")) {
      throw calls.malformed();
    }
    if (!TYPE.equals(texts.get("type"))) {
      throw unfit("is not of the type " + TYPE, another());
    }
    requireFalse(texts, "derived", another());
    requireFalse(texts, "exportable", "others could take it out of Vault; " + another());
    requireFalse(
        texts, "allow_plaintext_backup", "others could take it out of Vault; " + another());
    requireFalse(
        texts,
        "deletion_allowed",
        "without it nobody's data can be read again; run `vault write "
            + address.mount()
            + "/keys/"
            + address.key()
            + "/config deletion_allowed=false`");
  }

  private String another() {
    return "make another, `vault write -f " + address.mount() + "/keys/NAME type=" + TYPE + "`";
  }

  private void requireFalse(Map<String, String> texts, String property, String remedy) {
    if (!"false".equals(texts.get(property))) {
      throw unfit("is not `" + property + "=false`", remedy);
    }
  }

  private KeyStoreRefusedException unfit(String what, String remedy) {
    return new KeyStoreRefusedException(
        String.format(
            Locale.ROOT, "the root key `%s` %s: %s; see docs/root-keys.md", id(), what, remedy));
  }

  // A Vault too old for associated data takes it and leaves it out.
  private void requireBinding() {
    byte[] wrapped = wrap(TRIAL, TRIAL);
    if (!MessageDigest.isEqual(TRIAL, unwrap(wrapped, TRIAL))) {
      throw unfit("does not unwrap what it wrapped", "find out what answers in Vault's place");
    }
    try {
      var _ = unwrap(wrapped, OTHER);
    } catch (UnsealException bound) {
      return;
    }
    throw unfit("does not bind what it wraps to its context", "run Vault 1.13 or newer");
  }

  @Override
  public byte[] wrap(byte[] plaintext, byte[] context) {
    byte[] encoded = Base64.getEncoder().encode(plaintext);
    try {
      String wrapped =
          calls
              .post("encrypt", json("plaintext", encoded, context))
              .texts()
              .getOrDefault("ciphertext", "");
      if (!WRAPPED.matcher(wrapped).matches()) {
        throw calls.malformed();
      }
      return wrapped.getBytes(StandardCharsets.US_ASCII);
    } catch (Refused e) {
      throw calls.unavailable("refuses to encrypt with `" + id() + "` (400); its log says why");
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  @Override
  public byte[] unwrap(byte[] wrapped, byte[] context) {
    if (!WRAPPED.matcher(new String(wrapped, StandardCharsets.US_ASCII)).matches()) {
      throw doesNotOpen();
    }
    try {
      byte[] plaintext = calls.post("decrypt", json("ciphertext", wrapped, context)).plaintext();
      if (plaintext == null) {
        throw calls.malformed();
      }
      return plaintext;
    } catch (Refused e) {
      if (e.isTooOld()) {
        throw calls.unavailable(
            "no longer decrypts with the version of `"
                + id()
                + "` that was used; lower its `min_decryption_version`");
      }
      throw doesNotOpen();
    }
  }

  private UnsealException doesNotOpen() {
    return new UnsealException(
        "what the root key sealed does not open: it was altered or is of another place, or `"
            + id()
            + "` is another key than it was");
  }

  /** Neither needs escaping: base64, and what {@link #WRAPPED} lets through. */
  private static byte[] json(String member, byte[] value, byte[] context) {
    byte[] before = ("{\"" + member + "\":\"").getBytes(StandardCharsets.US_ASCII);
    byte[] after =
        ("\",\"associated_data\":\"" + Base64.getEncoder().encodeToString(context) + "\"}")
            .getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(before.length + value.length + after.length)
        .put(before)
        .put(value)
        .put(after)
        .array();
  }

  @Override
  public String id() {
    return address.id();
  }

  @Override
  public boolean isHere() {
    return false;
  }

  @Override
  public void close() {
    calls.close();
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
