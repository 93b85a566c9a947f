package dev.pledge.log;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** Writes the elements that the formats of this package are made of. */
final class CanonicalWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

  byte[] bytes() {
    return out.toByteArray();
  }

  void octet(int value) {
    out.write(value);
  }

  void raw(ByteString bytes) {
    out.writeBytes(bytes.toByteArray());
  }

  void raw(Optional<ByteString> bytes) {
    octet(bytes.isPresent() ? 1 : 0);
    bytes.ifPresent(this::raw);
  }

  /** Unsigned LEB128, as short as it can be. */
  void number(long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  void number(OptionalInt value) {
    number(value.isPresent() ? OptionalLong.of(value.getAsInt()) : OptionalLong.empty());
  }

  void number(OptionalLong value) {
    octet(value.isPresent() ? 1 : 0);
    value.ifPresent(this::number);
  }

  void uuid(UUID id) {
    eightOctets(id.getMostSignificantBits());
    eightOctets(id.getLeastSignificantBits());
  }

  void time(Instant at) {
    eightOctets(ChronoUnit.MICROS.between(Instant.EPOCH, at));
  }

  /** A name: one octet of length, then ASCII. */
  void name(String name) {
    octet(name.length());
    out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
  }

  /** Absent is a length of 0, which no name has. */
  void name(Optional<String> name) {
    name(name.orElse(""));
  }

  void names(Collection<String> sorted) {
    octet(sorted.size());
    sorted.forEach(this::name);
  }

  /** Bytes behind their length as a number. */
  void block(byte[] bytes) {
    number(bytes.length);
    out.writeBytes(bytes);
  }

  private void eightOctets(long value) {
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }
}
