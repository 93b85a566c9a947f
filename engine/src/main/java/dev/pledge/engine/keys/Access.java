package dev.pledge.engine.keys;

/** How a key store is opened: one process writes at a time, any number read. */
enum Access {
  READ,
  WRITE
}
