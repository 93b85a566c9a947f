package dev.pledge.engine.keys;

import dev.pledge.engine.keys.KeyStore.Seen;
import dev.pledge.engine.store.Database;
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
                .createQuery("select deployment, manifest_version from deployment")
                .map(
                    (row, context) ->
                        new Seen(
                            row.getObject("deployment", UUID.class),
                            row.getLong("manifest_version")))
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

  /** Remembers the key store as it is now. */
  public void see(KeyStore keys) {
    database.change(
        tx ->
            tx.handle()
                .createUpdate(
                    """
                    insert into deployment (deployment, manifest_version)
                    values (:deployment, :version)
                    on conflict (singleton) do update set manifest_version = excluded.manifest_version
                    """)
                .bind("deployment", keys.deployment())
                .bind("version", keys.manifestVersion())
                .execute());
  }
}
