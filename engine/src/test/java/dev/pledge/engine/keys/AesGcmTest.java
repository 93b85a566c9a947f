package dev.pledge.engine.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;

class AesGcmTest {
  private static final byte[] NONCE = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  private static final byte[] NONE = new byte[0];

  private final List<Cipher> made = new ArrayList<>();
  private final AesGcm gcm =
      new AesGcm(
          new Pool<>(
              () -> {
                Cipher cipher = AesGcm.newCipher();
                made.add(cipher);
                return cipher;
              }));
  private final SecretKey key = Secret.random(Deployment.RANDOM).as("AES");

  @Test
  void aCipherKeepsNoKeyWhateverCameOfIt() throws BadPaddingException {
    byte[] sealed = new byte[3 + AesGcm.TAG_BYTES];
    gcm.encrypt(key, NONCE, NONE, new byte[] {1, 2, 3}, sealed, 0);
    assertThat(gcm.decrypt(key, NONCE, NONE, sealed, 0, sealed.length)).containsExactly(1, 2, 3);
    byte[] altered = sealed.clone();
    altered[0] ^= 1;
    assertThatThrownBy(() -> gcm.decrypt(key, NONCE, NONE, altered, 0, altered.length))
        .isInstanceOf(BadPaddingException.class);
    assertThatThrownBy(() -> gcm.encrypt(key, NONCE, NONE, new byte[3], new byte[4], 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> gcm.encrypt(key, new byte[11], NONE, new byte[3], sealed, 0))
        .isInstanceOf(IllegalArgumentException.class);
    Secret wiped = Secret.random(Deployment.RANDOM);
    wiped.close();
    assertThatThrownBy(() -> gcm.decrypt(wiped.as("AES"), NONCE, NONE, sealed, 0, sealed.length))
        .isInstanceOf(IllegalStateException.class);
    // The same cipher did it all, and is at rest under the key of zeros.
    assertThat(made).hasSize(1);
    assertThat(made.getFirst().getIV()).containsOnly(0);
    assertThat(gcm.decrypt(key, NONCE, NONE, sealed, 0, sealed.length)).containsExactly(1, 2, 3);
  }
}
