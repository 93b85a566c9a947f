package dev.pledge.engine;

/** What bringing restored data up to date does, in this order: where it can be cut off. */
enum RestoreStep {
  KEYS_OPENED,
  KEY_REPLACED,
  KEYS_REPLACED,
  LOG_ENTERED,
  LOG_FORGOTTEN,
  LOG_ENDED,
  LEDGER_REPLAYED,
  LOST_REMOVED,
  UP_TO_DATE
}
