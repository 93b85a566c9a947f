package dev.pledge.engine.keys;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;

/**
 * A log that goes on no more, because the data were restored from a copy older than what was signed
 * of it.
 *
 * @param at when it was ended
 * @param checkpoint the last that was signed of it, a signed note
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record EndedLog(Instant at, byte[] checkpoint) {
  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes((at + "\n").getBytes(StandardCharsets.UTF_8));
    out.writeBytes(checkpoint);
    return out.toByteArray();
  }

  static EndedLog read(byte[] bytes) {
    int line = 0;
    while (line < bytes.length && bytes[line] != '\n') {
      line++;
    }
    try {
      Instant at = Instant.parse(new String(bytes, 0, line, StandardCharsets.UTF_8));
      return new EndedLog(at, Arrays.copyOfRange(bytes, line + 1, bytes.length));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new KeyStoreRefusedException(
          "the checkpoint of a log that ended is damaged; restore the key store from its backup");
    }
  }
}
