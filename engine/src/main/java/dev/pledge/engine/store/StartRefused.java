package dev.pledge.engine.store;

import org.jspecify.annotations.Nullable;

/** The store cannot start as things are; the message says what is wrong and what to do. */
public sealed class StartRefused extends RuntimeException permits DataDirectoryLocked {
  StartRefused(String message) {
    super(message);
  }

  StartRefused(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
