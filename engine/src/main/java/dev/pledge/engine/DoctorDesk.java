package dev.pledge.engine;

import dev.pledge.engine.audit.LogReader;
import dev.pledge.engine.audit.RestoredLog;
import dev.pledge.engine.gate.Checkup;
import dev.pledge.engine.gate.Symptom;
import dev.pledge.engine.keys.KeyEnds;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.KeyStoreRefusedException;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.engine.vault.Vault;
import dev.pledge.log.Checkpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Where data and keys are looked through without a {@link Pledge}, beside a server that runs or
 * without one. That the keys were opened is entered in the log; nothing else is written.
 */
public final class DoctorDesk {
  /** Longer than whatever happens by itself takes to come round. */
  private static final Duration HOUSEKEEPING = Duration.ofHours(1);

  private DoctorDesk() {}

  /**
   * What is wrong with what {@code at} names; its policy is not read.
   *
   * @param deep whether everything is opened, or a sample
   * @param looked told how many people, and log entries, were looked at
   * @throws dev.pledge.engine.store.StartRefused if the database cannot be used
   */
  public static List<Symptom> examine(Configuration at, boolean deep, LongConsumer looked) {
    try (Desk desk = new Desk(at, "doctor")) {
      KeyStore store = desk.keys().store();
      Vocabulary vocabulary = Vocabulary.load(desk.database());
      List<LogReader> logs =
          desk.logs().stream()
              .map(log -> new LogReader(log.toString(), desk.database(), store.intakeSeal()))
              .toList();
      List<Symptom> findings = new ArrayList<>();
      desk.logs().forEach(log -> apart(log, desk).ifPresent(findings::add));
      late(store, desk, at).ifPresent(findings::add);
      overdue(store, at).ifPresent(findings::add);
      findings.addAll(
          new Checkup(
                  desk.database(),
                  store,
                  () -> desk.keys().fresh(at, desk.database(), desk.random()),
                  new Vault(vocabulary, new TimeOrderedIds(at.clock(), desk.random())),
                  vocabulary,
                  logs,
                  deep,
                  looked)
              .run());
      return findings;
    } catch (KeyStoreRefusedException e) {
      // Rolled back, altered, of another deployment: which it is and the remedy are in its words.
      return List.of(
          new Symptom(
              "key-store",
              false,
              1,
              List.of(String.valueOf(e.getMessage())),
              "the key store does not open, so that nothing else was looked at",
              "do what it says"));
    }
  }

  /** Whether people who did not come back in time are still there: unreadable, and not erased. */
  private static Optional<Symptom> overdue(KeyStore store, Configuration at) {
    Instant before = at.clock().instant().minus(HOUSEKEEPING);
    long overdue =
        store.ledger().sealings().stream().filter(sealing -> sealing.at().isBefore(before)).count();
    return overdue == 0
        ? Optional.empty()
        : Optional.of(
            new Symptom(
                "erasure-is-overdue",
                false,
                overdue,
                List.of(),
                "sealed people whose time to come back is over, and who are not erased yet",
                "let the server run for a while; if it does, see its log"));
  }

  /** Whether keys live longer than the operator's schedule, and so certificates, have it. */
  private static Optional<Symptom> late(KeyStore store, Desk desk, Configuration at) {
    List<String> late =
        desk.database().read(new KeyEnds(Optional.empty(), store, at.clock())::late);
    return late.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Symptom(
                "key-change-is-late",
                false,
                late.size(),
                late,
                "a change of epochs that is behind its date: old copies of erased people can be read"
                    + " for longer than their certificates say",
                "let the server run; if it does, see what `pledge keys status` says is in the way"));
  }

  /** Whether one of data and key store lacks what the other has of a log. */
  private static Optional<Symptom> apart(LogName name, Desk desk) {
    RestoredLog log = new RestoredLog(name.toString());
    // INVARIANT: in this order, since a server may be at work: an entry is placed, then signed,
    // then the checkpoint is kept, then published.
    long published = log.published(desk.database());
    long signed;
    try {
      signed = desk.keys().lastCheckpoint(name).map(Checkpoint::size).orElse(0L);
    } catch (IllegalStateException damaged) {
      return Optional.of(
          behind(name + ": the last checkpoint that the key store keeps is damaged"));
    }
    long kept = log.kept(desk.database()).size();
    if (signed > kept) {
      return Optional.of(behind(name + ": " + kept + " of " + signed));
    }
    return published > signed
        ? Optional.of(older(name + ": " + signed + " of " + published))
        : Optional.empty();
  }

  private static Symptom behind(String place) {
    return new Symptom(
        "log-is-behind",
        false,
        1,
        List.of(place),
        "a log of which the data lack entries that were signed: they are older than the key store",
        "bring the data up to date with `pledge restore --data DIR --keys DIR`");
  }

  private static Symptom older(String place) {
    return new Symptom(
        "key-store-is-behind",
        false,
        1,
        List.of(place),
        "a log of which more was published than the key store remembers: an older copy of it was put"
            + " back, and nothing more is signed",
        "put back the newest copy of the key store; where this is it, give it the log's newest"
            + " checkpoint, as docs/backup.md says where the key store is lost");
  }
}
