package dev.pledge.engine.gate;

import dev.pledge.engine.audit.LogReader;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.engine.vault.Vault;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Looks whether data, keys, ledger and log fit together, and changes nothing. What it opens it
 * gives to nobody.
 *
 * <p>While people are served it may find somebody half-way, who is not there when it looks again.
 */
public final class Checkup {
  private static final List<Check> CHECKS =
      Stream.concat(
              Stream.of(
                  new ErasedCheck(),
                  new KeyCheck(),
                  new LogCheck(),
                  new MarkCheck(),
                  new OutboxCheck(),
                  new MessageCheck()),
              RowCheck.ALL.stream())
          .toList();

  private final Ward ward;

  /**
   * Of these.
   *
   * @param again opens the key store once more, as it is then
   * @param deep whether everything is opened, or a sample
   * @param looked told how many people, and log entries, were looked at
   */
  public Checkup(
      Database database,
      KeyStore keyStore,
      Supplier<KeyStore> again,
      Vault vault,
      Vocabulary vocabulary,
      List<LogReader> logs,
      boolean deep,
      LongConsumer looked) {
    this.ward = new Ward(database, keyStore, again, vault, vocabulary, logs, deep, looked);
  }

  /** How many checks there are. */
  public static int checks() {
    return CHECKS.size();
  }

  /** What all checks found. */
  public List<Symptom> run() {
    Symptoms found = new Symptoms();
    CHECKS.forEach(check -> check.run(ward, found));
    return found.all();
  }
}
