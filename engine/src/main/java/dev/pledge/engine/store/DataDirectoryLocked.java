package dev.pledge.engine.store;

import java.nio.file.Path;

/** Another process, or another part of this one, already runs on the data directory. */
public final class DataDirectoryLocked extends StartRefused {
  DataDirectoryLocked(Path directory, String holder) {
    super(
        "the data directory `"
            + directory
            + "` is in use by "
            + holder
            + "; stop it first, or choose another directory");
  }
}
