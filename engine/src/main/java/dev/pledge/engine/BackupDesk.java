package dev.pledge.engine;

import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.SeenKeyStore;
import dev.pledge.engine.store.BaseBackup;
import dev.pledge.engine.store.CopyProgress;
import dev.pledge.engine.store.PrivateCopy;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * Copies the data, and apart from them the key store, beside the server that runs on them or
 * without one. Neither copy holds anything of the other, and neither holds the root key.
 *
 * <p>Source: II.II.3, IV.4.
 */
public final class BackupDesk {
  private BackupDesk() {}

  /**
   * Copies the data into a directory that is not there yet.
   *
   * @throws dev.pledge.engine.store.StartRefused if there is no database of Pledge's own, the
   *     target lies in the data or the key directory or is there, or it could not be written
   */
  public static BaseBackup.Made backUp(Configuration at, Path target, CopyProgress progress) {
    PrivateCopy.requireApart(target, at.data(), "the data directory");
    PrivateCopy.requireApart(target, at.keys(), "the key directory");
    return BaseBackup.make(at.data(), target, new SecureRandom(), at.clock(), progress);
  }

  /**
   * Copies the key store into a directory, in place of the copy that is there: one of before would
   * bring erased people back.
   *
   * @throws dev.pledge.engine.store.StartRefused if the target lies in the data or the key
   *     directory, holds something else, or could not be written
   * @throws dev.pledge.engine.keys.KeyStoreRefusedException if the key store does not open, or is
   *     older than the data have seen
   */
  public static void backUpKeys(Configuration at, Path target) {
    PrivateCopy.requireApart(target, at.data(), "the data directory");
    PrivateCopy.requireApart(target, at.keys(), "the key directory");
    // Whoever opens the keys is on the log, also to see that a copy opens.
    try (Desk desk = new Desk(at, "backup")) {
      // Before the copy is made, so that the copy has come as far.
      KeyStore.Seen seen = new SeenKeyStore(desk.database()).lastInUse();
      PrivateCopy.replace(
          at.keyStore().resolve("store"),
          target,
          copy -> desk.keys().requireOpens(copy, at, seen, desk.random()));
    }
  }
}
