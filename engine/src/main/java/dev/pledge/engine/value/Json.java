package dev.pledge.engine.value;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of structured values, in one form: keys sorted, no white space, numbers plain and
 * without needless zeros. A tree of it consists of immutable maps and lists, strings, booleans and
 * {@link BigDecimal}s of that form, so that equal trees have equal bytes.
 */
final class Json {
  private static final int MOST_BUFFERS = 64;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          // The usual pool is one for each thread, which a virtual thread never uses twice.
          .recyclerPool(JsonRecyclerPools.newBoundedPool(MOST_BUFFERS))
          .build();

  private Json() {}

  static Map<String, Object> sealed(SortedMap<String, Object> map) {
    return Collections.unmodifiableMap(map);
  }

  /** The members of a structured value. */
  @SuppressWarnings("unchecked") // INVARIANT: structured values are made by `sealed` alone
  static Map<String, Object> members(Object json) {
    return (Map<String, Object>) json;
  }

  /** The member a structured value of its type always has. */
  static Object member(Map<String, Object> members, String name) {
    return Objects.requireNonNull(members.get(name), "a structured value lacks a member");
  }

  /** The map, if its keys are among {@code members}. */
  static Map<?, ?> object(@Nullable Object json, Set<String> members, Complaint otherwise)
      throws Unfit {
    if (json == null) {
      throw new Unfit(Complaint.MISSING);
    }
    if (!(json instanceof Map<?, ?> map) || map.size() > members.size()) {
      throw new Unfit(otherwise);
    }
    for (Object key : map.keySet()) {
      if (!(key instanceof String name) || !members.contains(name)) {
        throw new Unfit(otherwise);
      }
    }
    return map;
  }

  /** The number, rounded to {@code decimals} places; absurdly large and small ones are refused. */
  static BigDecimal decimal(@Nullable Object json, int decimals, Complaint otherwise) throws Unfit {
    BigDecimal number =
        switch (json) {
          case Integer n -> BigDecimal.valueOf(n);
          case Long n -> BigDecimal.valueOf(n);
          case Double n when Double.isFinite(n) -> BigDecimal.valueOf(n);
          case BigInteger n when n.bitLength() <= 64 -> new BigDecimal(n);
          case BigDecimal n when isHandy(n) -> n;
          case null, default -> throw new Unfit(otherwise);
        };
    return plain(number.setScale(decimals, RoundingMode.HALF_EVEN));
  }

  /** The same number in its one form. */
  static BigDecimal plain(BigDecimal number) {
    BigDecimal bare = number.stripTrailingZeros();
    return bare.scale() < 0 ? bare.setScale(0) : bare;
  }

  static byte[] write(Map<?, ?> map) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
      write(map, generator);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write to memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static Map<String, Object> parse(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        Map<String, Object> map = map(parser);
        if (parser.nextToken() == null) {
          return map;
        }
      }
    } catch (IOException e) {
      // Not rethrown: its message repeats what it could not read.
    }
    throw new IllegalArgumentException("not the JSON that was written");
  }

  // A number with a huge exponent takes gigabytes once written out.
  private static boolean isHandy(BigDecimal number) {
    return number.scale() >= -400 && number.scale() <= 400 && number.precision() <= 400;
  }

  private static void write(@Nullable Object json, JsonGenerator generator) throws IOException {
    switch (json) {
      case Map<?, ?> map -> {
        generator.writeStartObject();
        for (Map.Entry<?, ?> member : map.entrySet()) {
          generator.writeFieldName((String) member.getKey());
          write(member.getValue(), generator);
        }
        generator.writeEndObject();
      }
      case List<?> list -> {
        generator.writeStartArray();
        for (Object element : list) {
          write(element, generator);
        }
        generator.writeEndArray();
      }
      case String text -> generator.writeString(text);
      case BigDecimal number -> generator.writeNumber(number);
      case Boolean truth -> generator.writeBoolean(truth);
      case null, default -> throw new IllegalStateException("not a tree of a value");
    }
  }

  private static Map<String, Object> map(JsonParser parser) throws IOException {
    SortedMap<String, Object> map = new TreeMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      map.put(name, tree(parser, parser.nextToken()));
    }
    return sealed(map);
  }

  private static List<Object> list(JsonParser parser) throws IOException {
    List<Object> list = new ArrayList<>();
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      list.add(tree(parser, next));
    }
    return List.copyOf(list);
  }

  private static Object tree(JsonParser parser, @Nullable JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> map(parser);
      case START_ARRAY -> list(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> plain(parser.getDecimalValue());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case null, default -> throw new IllegalArgumentException("not the JSON that was written");
    };
  }
}
