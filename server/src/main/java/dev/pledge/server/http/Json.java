package dev.pledge.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * JSON as the server reads and writes it. Read strictly, so that no two readers of one body can
 * disagree: valid UTF-8 without a byte order mark, no member twice, nothing after the end, no
 * deeper than {@value #DEPTH}. What the parser says of a bad body is not passed on, since it may
 * repeat it.
 */
final class Json {
  static final int DEPTH = 16;
  private static final int LONGEST_STRING = 512 * 1024;
  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_NUMBER = 40;
  private static final int MOST_BUFFERS = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH)
                          .maxStringLength(LONGEST_STRING)
                          .maxNameLength(LONGEST_NAME)
                          .maxNumberLength(LONGEST_NUMBER)
                          .build())
                  // The usual pool is one for each thread, and each call has a thread of its own.
                  .recyclerPool(JsonRecyclerPools.newBoundedPool(MOST_BUFFERS))
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** Any plain Java tree of maps, lists, texts, numbers and truth values as JSON. */
  static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  static byte[] bytes(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("could not write JSON", e);
    }
  }

  /** The same as a whole body: with a line end, for those who read it in a terminal. */
  static byte[] body(JsonNode json) {
    byte[] bytes = bytes(json);
    byte[] body = Arrays.copyOf(bytes, bytes.length + 1);
    body[bytes.length] = '\n';
    return body;
  }

  /** A trusted document of ours. */
  static JsonNode ours(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read a document of our own", e);
    }
  }

  /**
   * The one JSON value that {@code body} is.
   *
   * @throws ProblemFound if it is anything else
   */
  static JsonNode read(byte[] body) {
    String text = text(body);
    try (JsonParser parser = MAPPER.createParser(text)) {
      JsonNode node = MAPPER.readTree(parser);
      if (node == null || node.isMissingNode()) {
        throw bad("The body is empty; send JSON.", "请求体为空，请发送 JSON。");
      }
      if (parser.nextToken() != null) {
        throw bad("Something follows the JSON value; send one value.", "JSON 值之后还有内容，请只发送一个值。");
      }
      return node;
    } catch (StreamConstraintsException e) {
      throw bad(
          "The JSON is nested too deeply, or a name, number or text in it is too long.",
          "JSON 嵌套过深，或其中的名称、数字或文本过长。");
    } catch (MismatchedInputException e) {
      throw bad("A member stands twice in one object.", "同一对象中有重复的成员。");
    } catch (JsonProcessingException e) {
      throw bad(place(e), "请求体不是有效的 JSON。");
    } catch (IOException e) {
      throw new UncheckedIOException("could not read from memory", e);
    }
  }

  private static String place(JsonProcessingException e) {
    var location = e.getLocation();
    return location == null
        ? "The body is not valid JSON."
        : String.format(
            Locale.ROOT,
            "The body is not valid JSON near line %d, column %d.",
            location.getLineNr(),
            location.getColumnNr());
  }

  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(body))
          .toString();
    } catch (CharacterCodingException e) {
      throw bad("The body is not valid UTF-8.", "请求体不是有效的 UTF-8。");
    }
  }

  private static ProblemFound bad(String english, String chinese) {
    return Problem.of(ProblemType.BAD_REQUEST, english, chinese).found();
  }
}
