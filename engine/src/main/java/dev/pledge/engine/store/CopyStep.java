package dev.pledge.engine.store;

/** What copying does, in this order: where it can be cut off. */
enum CopyStep {
  STAGED,
  STARTED,
  FILE_BEGUN,
  FILE_COPIED,
  STOPPED,
  WAL_COPIED,
  DESCRIBED,
  NAMED
}
