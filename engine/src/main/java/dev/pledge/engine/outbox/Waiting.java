package dev.pledge.engine.outbox;

import java.time.LocalDate;
import java.util.HexFormat;

/**
 * A message that waits to be delivered.
 *
 * @param name of the message, 32 bytes in hexadecimal: it tells nothing of the cause
 * @param state `waiting`
 * @param since the day of its cause, by UTC
 */
public record Waiting(String name, String state, LocalDate since, Message message) {
  static Waiting of(byte[] name, String state, LocalDate since, Message message) {
    return new Waiting(HexFormat.of().formatHex(name), state, since, message);
  }
}
