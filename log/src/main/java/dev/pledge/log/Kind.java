package dev.pledge.log;

import java.util.List;

/**
 * What an entry is about. The constants are the kinds known today; the space is open, so an older
 * reader keeps and prints a kind it has never heard of.
 *
 * <p>A name that is not lower-case words joined by hyphens throws {@link IllegalArgumentException}.
 */
public record Kind(String name) {
  /** A person was registered, or attached to a further product. */
  public static final Kind REGISTER = new Kind("register");

  /** A person accepted a version of the policy (0.1). */
  public static final Kind ACCEPT = new Kind("accept");

  /** Values were collected (I.*). */
  public static final Kind COLLECT = new Kind("collect");

  /** Values were read (II.II.1). */
  public static final Kind READ = new Kind("read");

  /** Values were handed to a recipient (III.*). */
  public static final Kind SHARE = new Kind("share");

  /** A person was looked up by an alias. */
  public static final Kind LOOKUP = new Kind("lookup");

  /** The state of a person, without values, was asked for. */
  public static final Kind STATE = new Kind("state");

  /** Values were corrected or supplemented (V.1). */
  public static final Kind CORRECT = new Kind("correct");

  /** Values were deleted (V.1). */
  public static final Kind DELETE = new Kind("delete");

  /** A purpose was granted (II.II.6). */
  public static final Kind GRANT = new Kind("grant");

  /** A grant was withdrawn, or a purpose refused (V.2). */
  public static final Kind WITHDRAW = new Kind("withdraw");

  /** The consents of a person were listed. */
  public static final Kind CONSENTS = new Kind("consents");

  /** A person's account with a product was closed (V.3). */
  public static final Kind CLOSE = new Kind("close");

  /** A product handed a person over to the Privacy Centre (V.1). */
  public static final Kind HAND_OVER = new Kind("hand-over");

  /** A person signed in to the Privacy Centre (V.1). */
  public static final Kind SIGN_IN = new Kind("sign-in");

  /** A person is now under another law (VI.1). */
  public static final Kind MOVE = new Kind("move");

  /** A person was erased (II.II.3). */
  public static final Kind ERASE = new Kind("erase");

  /** A person who asked to be erased is sealed, and may take it back for a time (V.3). */
  public static final Kind SEAL = new Kind("seal");

  /** A sealed person took their erasure back (V.3). */
  public static final Kind RECOVER = new Kind("recover");

  /** Whoever may be addressed for a purpose was listed (II.I.5). */
  public static final Kind AUDIENCE = new Kind("audience");

  /** A person's history was read. */
  public static final Kind HISTORY = new Kind("history");

  /** Why a read would be answered as it would was asked; nothing was opened. */
  public static final Kind EXPLAIN = new Kind("explain");

  /** Everything held about a person was exported (V.1). */
  public static final Kind EXPORT = new Kind("export");

  /** The log was copied, for somebody to verify it. */
  public static final Kind LOG_EXPORT = new Kind("log-export");

  /** The log began or ended a change of the key that signs it. */
  public static final Kind LOG_KEY = new Kind("log-key");

  /** Entries of the log from its beginning on, as many as it says, are no longer kept (IV.1). */
  public static final Kind PRUNE = new Kind("prune");

  /** The processing of a person's data was restricted. */
  public static final Kind RESTRICT = new Kind("restrict");

  /** A legal hold was placed. */
  public static final Kind HOLD = new Kind("hold");

  /** What went while a legal hold was on it was read (II.I.7). */
  public static final Kind READ_HELD = new Kind("read-held");

  /** Legal holds were listed (II.I.7). */
  public static final Kind HOLDS = new Kind("holds");

  /** A legal hold, or a restriction, was lifted. */
  public static final Kind LIFT = new Kind("lift");

  /** Values past their retention were deleted (IV.1). */
  public static final Kind EXPIRE = new Kind("expire");

  /** Messages that wait for recipients were listed. */
  public static final Kind OUTBOX = new Kind("outbox");

  /** Messages to people were listed. */
  public static final Kind MESSAGES = new Kind("messages");

  /** Asking what is due, done, held and late. */
  public static final Kind RETENTION = new Kind("retention");

  /** A rights request was made or moved on (V.1 to V.5); which way, the reason says. */
  public static final Kind REQUEST = new Kind("request");

  /** Rights requests were looked at. */
  public static final Kind REQUESTS = new Kind("requests");

  /** An exceptional use was approved (II.I.7). */
  public static final Kind APPROVE = new Kind("approve");

  /** Someone reviewed an earlier use, as an exception demands (II.I.7). */
  public static final Kind REVIEW = new Kind("review");

  /** Emergency uses and their reviews were listed (II.I.7). */
  public static final Kind REVIEWS = new Kind("reviews");

  /** A policy version was put in force (IX.2). */
  public static final Kind POLICY = new Kind("policy");

  /** An actor was made, changed or suspended (IV.3). */
  public static final Kind ACTOR = new Kind("actor");

  /** A token was made. */
  public static final Kind TOKEN = new Kind("token");

  /** A token, or an approval (II.I.7), was revoked. */
  public static final Kind REVOKE = new Kind("revoke");

  /** The log was searched. */
  public static final Kind SEARCH = new Kind("search");

  /** An alarm was raised (IV.2). */
  public static final Kind ALARM = new Kind("alarm");

  /** Alarms were listed. */
  public static final Kind ALARMS = new Kind("alarms");

  /** An alarm was acknowledged (IV.2). */
  public static final Kind ACKNOWLEDGE = new Kind("acknowledge");

  /** An epoch of keys began. */
  public static final Kind EPOCH_BEGUN = new Kind("epoch-begun");

  /** An epoch's key was unwrapped by the root key. */
  public static final Kind EPOCH_UNWRAPPED = new Kind("epoch-unwrapped");

  /** An epoch's key was destroyed, as its provider confirmed. */
  public static final Kind EPOCH_DESTROYED = new Kind("epoch-destroyed");

  /** Older data were put back. */
  public static final Kind RESTORE = new Kind("restore");

  /** The kinds known today, in the order in which the format lists them. */
  public static final List<Kind> KNOWN =
      List.of(
          REGISTER,
          ACCEPT,
          COLLECT,
          READ,
          SHARE,
          LOOKUP,
          STATE,
          CORRECT,
          DELETE,
          GRANT,
          WITHDRAW,
          CONSENTS,
          CLOSE,
          HAND_OVER,
          SIGN_IN,
          MOVE,
          ERASE,
          SEAL,
          RECOVER,
          AUDIENCE,
          HISTORY,
          EXPLAIN,
          EXPORT,
          LOG_EXPORT,
          LOG_KEY,
          PRUNE,
          RESTRICT,
          HOLD,
          READ_HELD,
          HOLDS,
          LIFT,
          EXPIRE,
          RETENTION,
          OUTBOX,
          MESSAGES,
          REQUEST,
          REQUESTS,
          APPROVE,
          REVIEW,
          REVIEWS,
          POLICY,
          ACTOR,
          TOKEN,
          REVOKE,
          SEARCH,
          ALARM,
          ALARMS,
          ACKNOWLEDGE,
          EPOCH_BEGUN,
          EPOCH_UNWRAPPED,
          EPOCH_DESTROYED,
          RESTORE);

  /** Checks the name. */
  public Kind {
    Grammar.requireName(name, "kind");
  }

  @Override
  public String toString() {
    return name;
  }
}
