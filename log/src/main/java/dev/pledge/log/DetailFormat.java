package dev.pledge.log;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * The canonical bytes of a detail, version 1, in the order of {@code docs/log-format.md}.
 *
 * <p>INVARIANT: never changed. Another layout is another version, beside this one.
 */
final class DetailFormat {
  private DetailFormat() {}

  static byte[] encode(Detail detail) {
    CanonicalWriter out = new CanonicalWriter();
    out.octet(Detail.VERSION);
    out.number(detail.stateVersion());
    out.octet(detail.reliedOn().size());
    detail.reliedOn().forEach(out::uuid);
    out.octet(detail.refersTo().isPresent() ? 1 : 0);
    detail.refersTo().ifPresent(out::uuid);
    writeText(out, detail.actor());
    writeText(out, detail.justification());
    writeText(out, detail.reference());
    writeText(out, detail.note());
    out.number(detail.data().size());
    for (Detail.Datum datum : detail.data()) {
      out.name(datum.field());
      out.name(datum.product());
      out.time(datum.collectedAt());
    }
    out.number(detail.omitted());
    return padded(out.bytes());
  }

  static Detail decode(byte[] bytes) {
    if (bytes.length > Detail.MAX_SIZE) {
      throw new MalformedEntry("too long for a detail; the limit is " + Detail.MAX_SIZE + " bytes");
    }
    Detail detail;
    try {
      detail = readDetail(new CanonicalReader(bytes));
    } catch (IllegalArgumentException e) {
      throw new MalformedEntry("malformed encoding: " + e.getMessage(), e);
    }
    // INVARIANT: one detail, one encoding, its padding included.
    if (!Arrays.equals(encode(detail), bytes)) {
      throw new MalformedEntry("malformed encoding: not the canonical one");
    }
    return detail;
  }

  private static Detail readDetail(CanonicalReader in) {
    if (in.octet() != Detail.VERSION) {
      throw new MalformedEntry("unknown version of the detail format; use a newer reader");
    }
    OptionalLong stateVersion = in.optionalNumber();
    Set<UUID> reliedOn = new LinkedHashSet<>(in.list(in.octet(), Detail.MAX_RELIED_ON, in::uuid));
    Optional<UUID> refersTo = in.flag() ? Optional.of(in.uuid()) : Optional.empty();
    Optional<String> actor = readText(in);
    Optional<String> justification = readText(in);
    Optional<String> reference = readText(in);
    Optional<String> note = readText(in);
    List<Detail.Datum> data = in.list(in.smallNumber(), Detail.MAX_DATA, () -> readDatum(in));
    int omitted = in.smallNumber();
    return new Detail(
        stateVersion, reliedOn, refersTo, actor, justification, reference, note, data, omitted);
  }

  private static Detail.Datum readDatum(CanonicalReader in) {
    return new Detail.Datum(in.name(), in.name(), in.time());
  }

  private static void writeText(CanonicalWriter out, Optional<String> text) {
    out.block(text.orElse("").getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<String> readText(CanonicalReader in) {
    byte[] bytes = in.block(Detail.MAX_TEXTS);
    if (bytes.length == 0) {
      return Optional.empty();
    }
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(buffer).toString());
    } catch (CharacterCodingException e) {
      throw in.malformed("text that is not UTF-8");
    }
  }

  private static byte[] padded(byte[] bytes) {
    int blocks = Math.ceilDiv(bytes.length, Detail.PADDING);
    return Arrays.copyOf(bytes, blocks * Detail.PADDING);
  }
}
