package dev.pledge.engine.anchor;

import dev.pledge.log.Checkpoint;

/**
 * What an anchor knows of the log is not what the database has. Either the log was put back or
 * rewritten, or the anchor does not tell the truth: somebody has to look into it before anything
 * more is signed.
 */
public final class AnchorDisagrees extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private AnchorDisagrees(String anchor, String message) {
    super(
        message
            + "; if it is the anchor that is wrong, take `"
            + anchor
            + "` out of the file of anchors and start again");
  }

  /** The anchor knows more entries than there are. */
  static AnchorDisagrees ahead(String anchor, long known, long size) {
    return new AnchorDisagrees(
        anchor,
        "anchor `"
            + anchor
            + "` knows "
            + known
            + " entries of the log, and the database has "
            + size
            + ": it is older than what was published; restore the newest backup, with the"
            + " write-ahead log since");
  }

  /** The anchor knows other entries than there are. */
  static AnchorDisagrees split(String anchor, long known) {
    return new AnchorDisagrees(
        anchor,
        "anchor `"
            + anchor
            + "` knows other first "
            + known
            + " entries of the log than the database has: the log was rewritten, or shown in two"
            + " versions; restore the database from a backup of before");
  }

  /** The anchor knows a checkpoint of the log under a key that the key store knows nothing of. */
  static AnchorDisagrees anotherKey(String anchor, long known) {
    return new AnchorDisagrees(
        anchor,
        "anchor `"
            + anchor
            + "` knows "
            + known
            + " entries of the log, signed with a key that is neither the log's nor one it retired:"
            + " the key store is older than what was published, or the log was signed elsewhere;"
            + " restore the newest backup of the key store");
  }

  /**
   * Returns if the log begins with what is known of it.
   *
   * @throws AnchorDisagrees if it does not
   */
  static void unlessFits(String anchor, Checkpoint known, LogView log) {
    requireSize(anchor, known.size(), log);
    if (!log.root(known.size()).equals(known.root())) {
      throw split(anchor, known.size());
    }
  }

  static void requireSize(String anchor, long known, LogView log) {
    long size = log.size();
    if (known > size) {
      throw ahead(anchor, known, size);
    }
  }
}
