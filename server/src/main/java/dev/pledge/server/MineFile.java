package dev.pledge.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pledge.log.Quorum;
import dev.pledge.log.StatementVerifier;
import dev.pledge.log.StatementVerifier.Listed;
import dev.pledge.log.StatementVerifier.Outcome;
import dev.pledge.log.Verifier;
import dev.pledge.log.VerifierKey;
import dev.pledge.server.console.Printable;
import dev.pledge.server.console.Progress;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * All entries about a person in a file, line by line as {@code /history/proof} gives them. Whoever
 * made it is not trusted: no line is read that is longer than any can be.
 */
final class MineFile {
  /**
   * Longer than any line: a note has 1,000,000 bytes at most, which JSON may write as twice that.
   */
  private static final int LONGEST = 4_000_000;

  private final String name;
  private final StatementVerifier verifier;
  private byte @Nullable [] checkpoint;

  private MineFile(Path file, StatementVerifier verifier) {
    this.name = file.toString();
    this.verifier = verifier;
  }

  /**
   * Reads a list and verifies it by itself.
   *
   * @param err where it is shown how far that is
   * @throws CommandRefused if the file cannot be read, or is something else
   */
  static MineFile read(Path file, Collection<VerifierKey> keys, Quorum quorum, PrintWriter err) {
    MineFile list = new MineFile(file, verifier(keys, quorum));
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      Progress progress = new Progress(err, "read", Math.max(1, Files.size(file)));
      long done = 0;
      long number = 1;
      for (byte[] line = line(in); line.length > 0; line = line(in)) {
        list.line(number, line);
        done += line.length;
        number++;
        progress.at(done);
      }
      return list;
    } catch (IOException e) {
      throw new CommandRefused("cannot read `" + file + "`");
    }
  }

  private static StatementVerifier verifier(Collection<VerifierKey> keys, Quorum quorum) {
    try {
      return new StatementVerifier(keys, quorum);
    } catch (IllegalArgumentException e) {
      throw new CommandRefused(Printable.of(String.valueOf(e.getMessage())));
    }
  }

  /**
   * The checkpoint that the list in a file is held against.
   *
   * @throws CommandRefused if the file cannot be read, or is something else
   */
  static byte[] checkpoint(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return checkpoint(file.toString(), json(line(in)));
    } catch (IOException e) {
      throw new CommandRefused("cannot read `" + file + "`");
    }
  }

  private static byte[] checkpoint(String name, JsonNode json) {
    if (!json.path("checkpoint").isTextual()) {
      throw new CommandRefused(
          "`" + name + "` does not begin with a checkpoint; give an answer of `/history/proof`");
    }
    return json.path("checkpoint").asText().getBytes(StandardCharsets.UTF_8);
  }

  /** The next line with its end; empty after the last. */
  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next;
    do {
      next = in.read();
      if (next >= 0) {
        line.write(next);
      }
    } while (next >= 0 && next != '\n' && line.size() <= LONGEST);
    return line.toByteArray();
  }

  private void line(long number, byte[] line) {
    String where = name + ", line " + number;
    JsonNode json = json(line);
    try {
      if (number == 1) {
        begin(where, json);
      } else if (json.path("end").equals(BooleanNode.TRUE)) {
        verifier.end(
            where,
            StrictJson.count(json, "count"),
            StrictJson.text(json, "statement").getBytes(StandardCharsets.UTF_8));
      } else {
        verifier.entry(where, listed(json));
      }
    } catch (IllegalArgumentException e) {
      verifier.malformed(where);
    }
  }

  private void begin(String where, JsonNode json) {
    byte[] note = checkpoint(name, json);
    checkpoint = note;
    verifier.begin(where, note, Base64.getDecoder().decode(StrictJson.text(json, "markKey")));
  }

  private static Listed listed(JsonNode json) {
    JsonNode checkable = json.path("checkable");
    if (!checkable.isBoolean()) {
      throw new IllegalArgumentException("no entry");
    }
    return new Listed(
        StrictJson.count(json, "position"),
        Base64.getDecoder().decode(StrictJson.text(json, "entry")),
        StrictJson.hashes(json, "proof"),
        checkable.booleanValue());
  }

  private static JsonNode json(byte[] line) {
    try {
      return StrictJson.read(line);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  /** Has a copy of the log looked through for entries that should be listed. */
  void lookedForBy(Verifier copy) {
    copy.shownTo(verifier::look);
    byte[] note = checkpoint;
    if (note != null && verifier.hasCheckpoint()) {
      copy.expecting(name, note);
    }
  }

  /** What came out, at the end. */
  Outcome outcome() {
    return verifier.outcome(name);
  }
}
