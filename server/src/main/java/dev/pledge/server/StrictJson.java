package dev.pledge.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pledge.log.ByteString;
import dev.pledge.log.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON in a file that somebody handed over, read so that no two readers can disagree: no member
 * twice, nothing after the end, and each member of the type it has to have.
 */
final class StrictJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private StrictJson() {}

  /** Throws {@link IOException} if it is none. */
  static JsonNode read(byte[] content) throws IOException {
    return MAPPER.readTree(content);
  }

  /** Throws {@link IllegalArgumentException} if it is no text. */
  static String text(JsonNode json, String member) {
    JsonNode text = json.path(member);
    if (!text.isTextual()) {
      throw malformed(member);
    }
    return text.textValue();
  }

  /** From 0 on; throws {@link IllegalArgumentException} if it is no such number. */
  static long count(JsonNode json, String member) {
    JsonNode number = json.path(member);
    if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
      throw malformed(member);
    }
    return number.longValue();
  }

  /** In hexadecimal; throws {@link IllegalArgumentException} if they are none. */
  static List<Hash> hashes(JsonNode json, String member) {
    JsonNode list = json.path(member);
    if (!list.isArray()) {
      throw malformed(member);
    }
    List<Hash> hashes = new ArrayList<>();
    for (JsonNode each : list) {
      if (!each.isTextual()) {
        throw malformed(member);
      }
      hashes.add(hash(each.textValue()));
    }
    return hashes;
  }

  /** Throws {@link IllegalArgumentException} if it is none in hexadecimal. */
  static Hash hash(String hex) {
    return new Hash(ByteString.ofHex(hex));
  }

  private static IllegalArgumentException malformed(String member) {
    return new IllegalArgumentException(
        "malformed: `" + member + "` is missing or something else than it has to be");
  }
}
