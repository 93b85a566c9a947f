package dev.pledge.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as the server reads and writes it. Read strictly, so that no two readers of one body can
 * disagree: valid UTF-8 without a byte order mark, no member twice, nothing after the end, no
 * deeper than {@value #DEPTH}; and within bounds, so that a small body cannot take much memory: at
 * most {@value #MOST_TOKENS} names, values and brackets. What the parser says of a bad body is not
 * passed on, since it may repeat it.
 */
final class Json {
  static final int DEPTH = 16;

  /** The most names, values and brackets of one body together. */
  static final int MOST_TOKENS = 20_000;

  private static final int LONGEST_STRING = 512 * 1024;
  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_NUMBER = 40;
  private static final int MOST_BUFFERS = 64;

  private static final JsonFactory STRICT =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH)
                  .maxStringLength(LONGEST_STRING)
                  .maxNameLength(LONGEST_NAME)
                  .maxNumberLength(LONGEST_NUMBER)
                  .build())
          // Names are the caller's: they are not worth keeping for the life of the process.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // The usual pool is one for each thread, and each call has a thread of its own.
          .recyclerPool(JsonRecyclerPools.newBoundedPool(MOST_BUFFERS))
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .recyclerPool(JsonRecyclerPools.newBoundedPool(MOST_BUFFERS))
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final ObjectWriter PRETTY =
      MAPPER.writer(
          new DefaultPrettyPrinter(
              Separators.createDefaultInstance()
                  .withObjectFieldValueSpacing(Separators.Spacing.AFTER)));

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

  /** For people to read. */
  static String pretty(JsonNode json) {
    try {
      return PRETTY.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("could not write JSON", e);
    }
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
   * The one JSON value that {@code body} is, as a plain tree: maps in the order written, lists,
   * texts, {@code Integer}, {@code Long} or {@code BigDecimal}, truth values, and null for null.
   *
   * @throws ProblemFound if it is anything else
   */
  static @Nullable Object read(byte[] body) {
    try (JsonParser parser = STRICT.createParser(text(body))) {
      return new Reading(parser).whole();
    } catch (StreamConstraintsException e) {
      throw bad(
          "The JSON is nested too deeply, or a name, number or text in it is too long.",
          "JSON 嵌套过深，或其中的名称、数字或文本过长。");
    } catch (JsonProcessingException e) {
      throw bad(place(e), "请求体不是有效的 JSON。");
    } catch (CharacterCodingException e) {
      throw bad("The body is not valid UTF-8.", "请求体不是有效的 UTF-8。");
    } catch (IOException e) {
      throw new UncheckedIOException("could not read from memory", e);
    }
  }

  /** Decodes as it goes, so that the text never stands in memory as a whole. */
  private static Reader text(byte[] body) {
    return new InputStreamReader(
        new ByteArrayInputStream(body),
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  /** Builds the tree of one body. The parser bounds the depth, and with it the recursion. */
  private static final class Reading {
    private final JsonParser parser;
    private int tokens;

    Reading(JsonParser parser) {
      this.parser = parser;
    }

    @Nullable Object whole() throws IOException {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw bad("The body is empty; send JSON.", "请求体为空，请发送 JSON。");
      }
      Object value = value(first);
      if (parser.nextToken() != null) {
        throw bad("Something follows the JSON value; send one value.", "JSON 值之后还有内容，请只发送一个值。");
      }
      return value;
    }

    private JsonToken next() throws IOException {
      tokens++;
      if (tokens > MOST_TOKENS) {
        throw bad(
            String.format(
                Locale.ROOT,
                "The JSON has more than %d names, values and brackets; send less at once.",
                MOST_TOKENS),
            String.format(Locale.ROOT, "JSON 的名称、值和括号超过 %d 个，请分次发送。", MOST_TOKENS));
      }
      return parser.nextToken();
    }

    private @Nullable Object value(JsonToken token) throws IOException {
      return switch (token) {
        case START_OBJECT -> object();
        case START_ARRAY -> list();
        case VALUE_STRING -> parser.getText();
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        case VALUE_NULL -> null;
        case VALUE_NUMBER_INT -> whole(parser);
        case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
        case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
            throw new IllegalStateException("the parser gave a token out of place");
      };
    }

    private Map<String, @Nullable Object> object() throws IOException {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      while (next() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        if (members.containsKey(name)) {
          throw bad("A member stands twice in one object.", "同一对象中有重复的成员。");
        }
        members.put(name, value(next()));
      }
      return members;
    }

    private List<@Nullable Object> list() throws IOException {
      List<@Nullable Object> elements = new ArrayList<>();
      for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
        elements.add(value(token));
      }
      return elements;
    }

    private static Object whole(JsonParser parser) throws IOException {
      return switch (parser.getNumberType()) {
        case INT -> parser.getIntValue();
        case LONG -> parser.getLongValue();
        case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> parser.getDecimalValue();
      };
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

  private static ProblemFound bad(String english, String chinese) {
    return Problem.of(ProblemType.BAD_REQUEST, english, chinese).found();
  }
}
