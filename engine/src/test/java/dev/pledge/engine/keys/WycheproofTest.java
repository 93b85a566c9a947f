package dev.pledge.engine.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import javax.crypto.BadPaddingException;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;

/** Published vectors (C2SP/wycheproof) through the code that production runs. */
class WycheproofTest {
  @Test
  void aesGcmAgreesWithThePublishedVectors() throws Exception {
    AesGcm gcm = new AesGcm();
    List<JsonNode> vectors = vectors("aes_gcm_test.json");
    assertThat(vectors).hasSize(66);
    for (JsonNode vector : vectors) {
      SecretKey key = key(vector, "AES");
      byte[] iv = bytes(vector, "iv");
      byte[] aad = bytes(vector, "aad");
      byte[] sealed = join(bytes(vector, "ct"), bytes(vector, "tag"));
      if (isValid(vector)) {
        byte[] message = bytes(vector, "msg");
        byte[] out = new byte[message.length + AesGcm.TAG_BYTES];
        gcm.encrypt(key, iv, aad, message, out, 0);
        assertThat(out).as(name(vector)).isEqualTo(sealed);
        assertThat(gcm.decrypt(key, iv, aad, sealed, 0, sealed.length)).isEqualTo(message);
      } else {
        assertThatThrownBy(() -> gcm.decrypt(key, iv, aad, sealed, 0, sealed.length))
            .as(name(vector))
            .isInstanceOf(BadPaddingException.class);
      }
    }
  }

  @Test
  void hmacAgreesWithThePublishedVectors() throws Exception {
    Hmac hmac = new Hmac();
    List<JsonNode> vectors = vectors("hmac_sha256_test.json");
    assertThat(vectors).hasSize(87);
    for (JsonNode vector : vectors) {
      byte[] code = hmac.code(key(vector, Hmac.ALGORITHM), bytes(vector, "msg"));
      assertThat(Arrays.equals(code, bytes(vector, "tag")))
          .as(name(vector))
          .isEqualTo(isValid(vector));
    }
  }

  @Test
  void hkdfAgreesWithThePublishedVectors() throws Exception {
    Hkdf hkdf = new Hkdf();
    Hmac hmac = new Hmac();
    List<JsonNode> vectors = vectors("hkdf_sha256_test.json");
    assertThat(vectors).hasSize(86);
    for (JsonNode vector : vectors) {
      SecretKey key = key(vector, "HKDF");
      byte[] salt = bytes(vector, "salt");
      byte[] info = bytes(vector, "info");
      int size = vector.get("size").asInt();
      if (isValid(vector)) {
        byte[] expected = bytes(vector, "okm");
        assertThat(hkdf.derive(key, salt, info, size)).as(name(vector)).isEqualTo(expected);
        byte[] extractKey = salt.length == 0 ? new byte[Hmac.BYTES] : salt;
        Secret extracted =
            Secret.owning(
                hmac.code(Secret.owning(extractKey).as(Hmac.ALGORITHM), bytes(vector, "ikm")));
        int common = Math.min(size, Secret.KEY_BYTES);
        assertThat(Arrays.copyOf(hkdf.expand(extracted, info).copy(), common))
            .as(name(vector))
            .isEqualTo(Arrays.copyOf(expected, common));
      } else {
        assertThatThrownBy(() -> hkdf.derive(key, salt, info, size))
            .as(name(vector))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  private static List<JsonNode> vectors(String file) throws IOException {
    try (InputStream in = WycheproofTest.class.getResourceAsStream("/wycheproof/" + file)) {
      List<JsonNode> vectors = new ArrayList<>();
      for (JsonNode group :
          new ObjectMapper().readTree(Objects.requireNonNull(in)).get("testGroups")) {
        group.get("tests").forEach(vectors::add);
      }
      return vectors;
    }
  }

  private static SecretKey key(JsonNode vector, String algorithm) {
    String member = vector.has("key") ? "key" : "ikm";
    return Secret.owning(bytes(vector, member)).as(algorithm);
  }

  private static byte[] bytes(JsonNode vector, String member) {
    return HexFormat.of().parseHex(vector.get(member).asText());
  }

  private static boolean isValid(JsonNode vector) {
    return vector.get("result").asText().equals("valid");
  }

  private static String name(JsonNode vector) {
    return "vector " + vector.get("tcId").asInt() + " " + vector.get("comment").asText();
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
