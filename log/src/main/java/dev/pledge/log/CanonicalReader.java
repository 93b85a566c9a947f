package dev.pledge.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Reads what {@link CanonicalWriter} wrote, and nothing else: whatever could be written in a second
 * way is refused. Reads no further than the bytes given and allocates no more than they hold.
 */
final class CanonicalReader {
  private static final long LATEST = ChronoUnit.MICROS.between(Instant.EPOCH, Facts.LATEST);

  private final byte[] bytes;
  private int next;

  CanonicalReader(byte[] bytes) {
    this.bytes = bytes;
  }

  void requireEnd() {
    if (next != bytes.length) {
      throw malformed("more bytes than the format holds");
    }
  }

  int octet() {
    require(1);
    return bytes[next++] & 0xff;
  }

  boolean flag() {
    int flag = octet();
    if (flag > 1) {
      throw malformed("neither present nor absent");
    }
    return flag == 1;
  }

  ByteString raw(int size) {
    require(size);
    ByteString read = ByteString.of(Arrays.copyOfRange(bytes, next, next + size));
    next += size;
    return read;
  }

  Optional<ByteString> optionalRaw(int size) {
    return flag() ? Optional.of(raw(size)) : Optional.empty();
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
      int octet = octet();
      value |= (long) (octet & 0x7f) << shift;
      if (octet < 0x80) {
        if (octet == 0 && shift > 0) {
          throw malformed("a number longer than it needs to be");
        }
        return value;
      }
    }
    throw malformed("a number out of range");
  }

  int smallNumber() {
    long value = number();
    if (value > Integer.MAX_VALUE) {
      throw malformed("a number out of range");
    }
    return (int) value;
  }

  OptionalLong optionalNumber() {
    return flag() ? OptionalLong.of(number()) : OptionalLong.empty();
  }

  OptionalInt optionalSmallNumber() {
    return flag() ? OptionalInt.of(smallNumber()) : OptionalInt.empty();
  }

  UUID uuid() {
    return new UUID(eightOctets(), eightOctets());
  }

  Instant time() {
    long micros = eightOctets();
    if (micros < 0 || micros > LATEST) {
      throw malformed("a time out of range");
    }
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  String name() {
    return optionalName().orElseThrow(() -> malformed("a name is missing"));
  }

  Optional<String> optionalName() {
    int size = octet();
    require(size);
    // Whatever is not ASCII becomes a character that no name holds.
    String name = new String(bytes, next, size, StandardCharsets.US_ASCII);
    next += size;
    return size == 0 ? Optional.empty() : Optional.of(name);
  }

  Set<String> names() {
    int count = octet();
    Set<String> names = new LinkedHashSet<>();
    String last = "";
    for (int i = 0; i < count; i++) {
      String name = name();
      if (name.compareTo(last) <= 0) {
        throw malformed("names out of order");
      }
      names.add(name);
      last = name;
    }
    return names;
  }

  byte[] block(int limit) {
    int size = smallNumber();
    if (size > limit) {
      throw malformed("more than " + limit + " bytes");
    }
    require(size);
    byte[] read = Arrays.copyOfRange(bytes, next, next + size);
    next += size;
    return read;
  }

  <T> List<T> list(int count, int limit, Supplier<T> element) {
    if (count > limit) {
      throw malformed("more than " + limit + " elements");
    }
    List<T> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(element.get());
    }
    return list;
  }

  MalformedEntry malformed(String what) {
    return new MalformedEntry("malformed encoding: " + what + " at byte " + next);
  }

  private long eightOctets() {
    require(Long.BYTES);
    long value = ByteBuffer.wrap(bytes).getLong(next);
    next += Long.BYTES;
    return value;
  }

  private void require(int size) {
    if (bytes.length - next < size) {
      throw malformed("it ends too early");
    }
  }
}
