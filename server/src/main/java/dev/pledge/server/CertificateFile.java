package dev.pledge.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.pledge.log.ErasureCertificate;
import dev.pledge.log.InvalidSignature;
import dev.pledge.log.MalformedNote;
import dev.pledge.log.SignedNote;
import dev.pledge.log.UnverifiedNote;
import dev.pledge.log.VerifierKey;
import dev.pledge.server.console.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A certificate of erasure in a file: the answer to an erasure, or the note in it. */
final class CertificateFile {
  private static final int LONGEST = 1_000_000;
  private static final String AS_IT_CAME =
      "give the answer to an erasure as it came, or the `signed` in it";

  private CertificateFile() {}

  /**
   * Reads a certificate that one of the keys has signed.
   *
   * @throws CommandRefused if it cannot be read, is none, or none of them has
   */
  static ErasureCertificate read(Path file, List<VerifierKey> keys) {
    byte[] note = note(file);
    try {
      return ErasureCertificate.read(
          SignedNote.parse(note).open(keys).requireSignedBy(keys).text());
    } catch (MalformedNote e) {
      throw new CommandRefused(
          "`" + file + "` is no certificate to rely on: " + e.getMessage() + "; " + AS_IT_CAME);
    } catch (InvalidSignature | UnverifiedNote | IllegalArgumentException e) {
      throw new CommandRefused(
          "`"
              + file
              + "` is no certificate to rely on: "
              + Printable.of(String.valueOf(e.getMessage())));
    }
  }

  private static byte[] note(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new CommandRefused("`" + file + "` is no file; name the answer to an erasure");
      }
      byte[] content;
      try (InputStream in = Files.newInputStream(file)) {
        content = in.readNBytes(LONGEST + 1);
      }
      if (content.length > LONGEST) {
        throw new CommandRefused("`" + file + "` is longer than any certificate");
      }
      return isJson(content) ? signed(file, content) : content;
    } catch (IOException e) {
      throw new CommandRefused("cannot read `" + file + "`");
    }
  }

  private static boolean isJson(byte[] content) {
    return new String(content, StandardCharsets.UTF_8).stripLeading().startsWith("{");
  }

  private static byte[] signed(Path file, byte[] content) throws IOException {
    JsonNode signed;
    try {
      signed = StrictJson.read(content).path("signed");
    } catch (JsonProcessingException e) {
      throw new CommandRefused("`" + file + "` is no whole JSON document; " + AS_IT_CAME);
    }
    if (!signed.isTextual()) {
      throw new CommandRefused("`" + file + "` has no `signed`; " + AS_IT_CAME);
    }
    return signed.asText().getBytes(StandardCharsets.UTF_8);
  }
}
