package dev.pledge.engine.rights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes JSON as it comes about, into a stream that it does not close. Not safe for threads. */
final class ExportJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          // What is broken off has to look it.
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .build();

  private final JsonGenerator generator;

  private ExportJson(JsonGenerator generator) {
    this.generator = generator;
  }

  static ExportJson to(OutputStream out) throws IOException {
    JsonGenerator generator = FACTORY.createGenerator(out);
    generator.setRootValueSeparator(null);
    return new ExportJson(generator);
  }

  ExportJson object() throws IOException {
    generator.writeStartObject();
    return this;
  }

  ExportJson object(String name) throws IOException {
    generator.writeObjectFieldStart(name);
    return this;
  }

  ExportJson endObject() throws IOException {
    generator.writeEndObject();
    return this;
  }

  ExportJson array(String name) throws IOException {
    generator.writeArrayFieldStart(name);
    return this;
  }

  ExportJson endArray() throws IOException {
    generator.writeEndArray();
    return this;
  }

  ExportJson put(String name, @Nullable Object value) throws IOException {
    Object there = value instanceof Optional<?> perhaps ? perhaps.orElse(null) : value;
    if (there != null) {
      generator.writeFieldName(name);
      value(there);
    }
    return this;
  }

  ExportJson add(Object value) throws IOException {
    value(value);
    return this;
  }

  ExportJson line() throws IOException {
    generator.writeRaw('\n');
    return this;
  }

  void flush() throws IOException {
    generator.flush();
  }

  private void value(@Nullable Object value) throws IOException {
    switch (value) {
      case null -> generator.writeNull();
      case String text -> generator.writeString(text);
      case Boolean flag -> generator.writeBoolean(flag);
      case BigDecimal number -> generator.writeNumber(number);
      case BigInteger number -> generator.writeNumber(number);
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case Double number -> generator.writeNumber(number);
      case Map<?, ?> members -> {
        generator.writeStartObject();
        for (Map.Entry<?, ?> member : members.entrySet()) {
          generator.writeFieldName(String.valueOf(member.getKey()));
          value(member.getValue());
        }
        generator.writeEndObject();
      }
      case Iterable<?> items -> {
        generator.writeStartArray();
        for (Object item : items) {
          value(item);
        }
        generator.writeEndArray();
      }
      case Temporal time -> generator.writeString(time.toString());
      default -> generator.writeString(value.toString());
    }
  }
}
