package dev.pledge.engine.keys;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link AppendFile} writes at once: marker, length of the records, CRC-32C of all that
 * follows it and of the length, records behind their lengths, running code.
 */
final class Frame {
  private static final int MARKER = 0xF5A3_91C7;
  private static final int HEAD_BYTES = 3 * Integer.BYTES;

  private final byte[] records;
  private final byte[] code;

  /** {@code records} as {@link #join} made them. */
  Frame(byte[] records, byte[] code) {
    this.records = records;
    this.code = code;
  }

  /** One after the other, each behind its length. */
  static byte[] join(List<byte[]> records) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] record : records) {
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(record.length).array());
      out.writeBytes(record);
    }
    return out.toByteArray();
  }

  byte[] joined() {
    return records;
  }

  List<byte[]> records() {
    List<byte[]> parts = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(records);
    while (in.hasRemaining()) {
      byte[] part = new byte[in.getInt()];
      in.get(part);
      parts.add(part);
    }
    return parts;
  }

  byte[] code() {
    return code;
  }

  long length() {
    return (long) HEAD_BYTES + records.length + code.length;
  }

  byte[] bytes() {
    return ByteBuffer.allocate(Math.toIntExact(length()))
        .putInt(MARKER)
        .putInt(records.length)
        .putInt(checksum(records, code))
        .put(records)
        .put(code)
        .array();
  }

  /**
   * The frame that {@code in} is at, or null if there is no whole one in {@code available} bytes.
   */
  static @Nullable Frame read(DataInputStream in, long available) throws IOException {
    if (available < HEAD_BYTES + Hmac.BYTES || in.readInt() != MARKER) {
      return null;
    }
    int length = in.readInt();
    int checksum = in.readInt();
    if (length < 0 || length > available - HEAD_BYTES - Hmac.BYTES) {
      return null;
    }
    byte[] records = in.readNBytes(length);
    byte[] code = in.readNBytes(Hmac.BYTES);
    boolean whole =
        records.length == length
            && code.length == Hmac.BYTES
            && checksum == checksum(records, code);
    return whole ? new Frame(records, code) : null;
  }

  /** Whether a whole frame begins anywhere in {@code file} at or after {@code from}. */
  static boolean anyAfter(Path file, long from) throws IOException {
    long size = Files.size(file);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      in.skipNBytes(from);
      int window = 0;
      for (long read = from + 1; read <= size; read++) {
        window = window << Byte.SIZE | in.read();
        if (window == MARKER && isAt(file, read - Integer.BYTES, size)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isAt(Path file, long position, long size) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      in.skipNBytes(position);
      return read(in, size - position) != null;
    }
  }

  private static int checksum(byte[] records, byte[] code) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(records.length).flip());
    crc.update(records, 0, records.length);
    crc.update(code, 0, code.length);
    return (int) crc.getValue();
  }
}
