package dev.pledge.engine.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pledge.log.Checkpoint;
import dev.pledge.log.Hash;
import dev.pledge.log.NoteSignature;
import dev.pledge.log.NoteSigner;
import dev.pledge.log.SignedNote;
import dev.pledge.log.UnverifiedNote;
import dev.pledge.log.VerifierKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a log takes for its own word, of several that one seed signs. */
class LogSignerTest {
  private static final byte[] SEED = new byte[32];

  private final LogSigner log = new LogSigner("log", List.of(new NoteSigner("log", SEED)));

  private static String checkpoint(String origin) {
    return new Checkpoint(origin, 0, Hash.ofEmptyTree()).text();
  }

  @Test
  void itsOwnWordIsOpened() {
    byte[] note = log.sign(checkpoint("log"));
    assertThat(log.open(note)).isEqualTo(checkpoint("log"));
    assertThat(log.openOfAnyTime(note)).isEqualTo(checkpoint("log"));
  }

  @Test
  void whatAnotherLogSignedIsNoneOfItUnderItsNameEither() {
    SignedNote others = new NoteSigner("log-2", SEED).sign(checkpoint("log-2"));
    VerifierKey own = log.verifierKeys().getFirst();
    NoteSignature renamed =
        new NoteSignature(own.name(), own.id(), others.signatures().getFirst().signature());
    byte[] note = new SignedNote(others.text(), List.of(renamed)).encode();
    assertThatExceptionOfType(UnverifiedNote.class).isThrownBy(() -> log.open(note));
    assertThatExceptionOfType(UnverifiedNote.class).isThrownBy(() -> log.openOfAnyTime(note));
  }
}
