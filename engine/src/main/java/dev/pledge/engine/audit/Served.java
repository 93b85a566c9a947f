package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.log.Hash;
import dev.pledge.log.InvalidSignature;
import dev.pledge.log.MalformedNote;
import dev.pledge.log.NoteSignature;
import dev.pledge.log.Quorum;
import dev.pledge.log.SignedNote;
import dev.pledge.log.UnverifiedNote;
import dev.pledge.log.VerifierKey;
import dev.pledge.log.WitnessedCheckpoint;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint that everybody is shown: the newest that as many witnesses cosigned as are asked
 * for, with their cosignatures. What is newer waits for them, and is shown to nobody.
 *
 * <p>Safe for use by many threads.
 */
final class Served {
  private final String log;
  private final LogSigner signer;
  private final Quorum quorum;
  private final String[] witnesses;

  /** What was shown last, so that it is verified once. */
  private volatile @Nullable Shown last;

  Served(String log, LogSigner signer, Quorum quorum) {
    this.log = log;
    this.signer = signer;
    this.quorum = quorum;
    this.witnesses =
        quorum.witnesses().stream().map(key -> label(key.name(), key)).toArray(String[]::new);
  }

  private static String label(String name, VerifierKey key) {
    return name + '+' + key.id();
  }

  /** A checkpoint, a signed note, with the cosignatures it has. */
  @SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
  record Shown(long size, Hash root, int cosignatures, byte[] note) {}

  /** As the database has it. */
  @SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
  private record Kept(long size, byte[] note, List<String> lines) {}

  /** The checkpoint; empty before the first that has enough cosignatures. */
  Optional<Shown> checkpoint(Database database) {
    return database.read(this::checkpoint);
  }

  Optional<Shown> checkpoint(Handle handle) {
    return kept(handle).map(this::shown);
  }

  // Of those cosigned from the newest size on, which ends where there are enough: seldom far.
  private Optional<Kept> kept(Handle handle) {
    return handle
        .createQuery(
            """
            select size, note, array(select line from cosignature
                where cosignature.log = checkpoint.log and cosignature.size = checkpoint.size
                  and witness || '+' || key_id = any(:witnesses)
                order by received_at, witness, key_id) as lines
            from checkpoint where log = :log and size = case
              when :threshold = 0 then (select max(size) from checkpoint where log = :log)
              else (
                select size from cosignature
                where log = :log and witness || '+' || key_id = any(:witnesses)
                group by size having count(distinct witness) >= :threshold
                order by size desc limit 1)
              end
            """)
        .bind("log", log)
        .bind("witnesses", witnesses)
        .bind("threshold", quorum.threshold())
        .map((row, context) -> kept(row))
        .findOne();
  }

  private static Kept kept(ResultSet row) throws SQLException {
    Array lines = row.getArray("lines");
    return new Kept(
        row.getLong("size"), row.getBytes("note"), Arrays.asList((String[]) lines.getArray()));
  }

  private Shown shown(Kept kept) {
    Shown before = last;
    if (before != null
        && before.size() == kept.size()
        && before.cosignatures() == kept.lines().size()) {
      return before;
    }
    Shown shown = verified(kept);
    last = shown;
    return shown;
  }

  private Shown verified(Kept kept) {
    try {
      SignedNote note = SignedNote.parse(kept.note());
      for (String line : kept.lines()) {
        note = note.with(NoteSignature.parse(line));
      }
      byte[] bytes = note.encode();
      WitnessedCheckpoint opened = quorum.open(bytes, signer.origin(), signer.verifierKeys());
      if (opened.checkpoint().size() == kept.size() && opened.reachesQuorum()) {
        return new Shown(kept.size(), opened.checkpoint().root(), kept.lines().size(), bytes);
      }
    } catch (MalformedNote | InvalidSignature | UnverifiedNote e) {
      // Told below: what lies in the database was verified before it came there.
    }
    throw new LogBroken(
        "the checkpoint of "
            + kept.size()
            + " entries, or a cosignature of it, was altered in the database; restore it from a"
            + " backup");
  }
}
