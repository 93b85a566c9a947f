package dev.pledge.engine.keys;

import dev.pledge.engine.keys.KeyStore.Seen;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import java.util.Optional;
import java.util.UUID;

/** What the database remembers of its key store, so that another or an older one is refused. */
public final class SeenKeyStore {
  private final Database database;

  /** The memory of {@code database}. */
  public SeenKeyStore(Database database) {
    this.database = database;
  }

  /** What was seen last, or empty for data that was never used. */
  public Optional<Seen> last() {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select deployment, manifest_version, ledger_writes, ledger_code from deployment
                    """)
                .map(
                    (row, context) ->
                        new Seen(
                            row.getObject("deployment", UUID.class),
                            row.getLong("manifest_version"),
                            new Head(row.getLong("ledger_writes"), row.getString("ledger_code"))))
                .findOne());
  }

  /**
   * What was seen last, of data that is in use.
   *
   * @throws KeyStoreRefusedException if nothing was: the data was never used, or whoever uses it
   *     first is still starting
   */
  public Seen lastInUse() {
    return last()
        .orElseThrow(
            () ->
                new KeyStoreRefusedException(
                    "the data has seen no key store yet; wait until Pledge has started on it"));
  }

  /** Remembers the key store as it is now. What was seen never becomes less. */
  public void see(KeyStore keys) {
    Head ledger = keys.ledger().head();
    database.change(
        tx ->
            tx.handle()
                .createUpdate(
                    """
                    insert into deployment as seen
                      (deployment, manifest_version, ledger_writes, ledger_code)
                    values (:deployment, :version, :writes, :code)
                    on conflict (singleton) do update
                    set manifest_version = greatest(seen.manifest_version, excluded.manifest_version),
                        ledger_writes = greatest(seen.ledger_writes, excluded.ledger_writes),
                        ledger_code = case when excluded.ledger_writes >= seen.ledger_writes
                                           then excluded.ledger_code else seen.ledger_code end
                    """)
                .bind("deployment", keys.deployment())
                .bind("version", keys.manifestVersion())
                .bind("writes", ledger.writes())
                .bind("code", ledger.code())
                .execute());
  }

  /**
   * Remembers, in the transaction of an erasure, that the ledger has it. The ledger may be ahead of
   * what is remembered, as a crash before the commit leaves it, never behind.
   */
  public void see(Transaction tx, ErasureLedger ledger) {
    Head head = ledger.head();
    tx.handle()
        .createUpdate(
            """
            update deployment set ledger_writes = :writes, ledger_code = :code
            where ledger_writes < :writes
            """)
        .bind("writes", head.writes())
        .bind("code", head.code())
        .execute();
  }
}
