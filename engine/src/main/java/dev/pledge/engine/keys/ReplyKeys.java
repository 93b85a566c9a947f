package dev.pledge.engine.keys;

import dev.pledge.policy.names.ActorId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The keys of answers that are kept for requests sent again. An answer lies under a name, and is
 * sealed under a key, that only the request itself leads to: whoever has the database alone learns
 * neither what was asked nor what was answered, and whoever has the key store too would have to
 * guess the request.
 *
 * <p>Both are derived from the epoch's intake key, apart from all that is derived for entries. An
 * answer of an epoch that lives no more is not found and its request would be made again: an epoch
 * has to outlive its answers, which are kept for a day.
 *
 * <p>Safe for use by many threads.
 */
public final class ReplyKeys {
  /**
   * A request, as its sender repeats it. Prints as {@code [redacted]}.
   *
   * @param key the name the actor chose for it
   * @param hash of everything it asked
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Request(ActorId actor, String key, byte[] hash) {
    @Override
    public String toString() {
      return "[redacted]";
    }
  }

  private final UUID deployment;
  private final Epochs epochs;
  private final Primitives primitives;

  ReplyKeys(UUID deployment, Epochs epochs, Primitives primitives) {
    this.deployment = deployment;
    this.epochs = epochs;
    this.primitives = primitives;
  }

  /**
   * An answer to be kept.
   *
   * @param epoch whose keys made the others
   * @param name to keep it under: 32 bytes that do not tell the actor's key
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Kept(int epoch, byte[] name, byte[] sealed) {}

  /** Seals the answer to the request. */
  public Kept keep(Request request, byte[] reply) {
    int epoch = epochs.current();
    byte[] place = sealedPlace(request, epoch);
    try (Secret key = key(epoch, place)) {
      return new Kept(epoch, name(request, epoch), primitives.envelope().seal(key, place, reply));
    }
  }

  /** The names to look under: one for each epoch that lives, oldest first. */
  public List<byte[]> names(Request request) {
    List<byte[]> names = new ArrayList<>();
    for (int epoch : epochs.living()) {
      names.add(name(request, epoch));
    }
    return names;
  }

  // One block of HKDF is an HMAC under the key it expands (RFC 5869 §2.3).
  private byte[] name(Request request, int epoch) {
    byte[] place = place("pledge/reply/name/v1", request, epoch).bytes();
    try (Secret name = primitives.hkdf().expand(epochs.bundle(epoch).intakeKey(), place)) {
      return name.copy();
    }
  }

  /**
   * Opens the answer to the request.
   *
   * @throws UnsealException if it answers another request, or was altered, or the epoch does not
   *     live
   */
  public byte[] open(Request request, int epoch, byte[] sealed) {
    byte[] place = sealedPlace(request, epoch);
    try (Secret key = key(epoch, place)) {
      return primitives.envelope().open(key, place, sealed, "a kept answer");
    }
  }

  private Secret key(int epoch, byte[] place) {
    return primitives.hkdf().expand(epochs.bundle(epoch).intakeKey(), place);
  }

  private byte[] sealedPlace(Request request, int epoch) {
    return place("pledge/reply/v1", request, epoch).add(request.hash()).bytes();
  }

  private Framed place(String label, Request request, int epoch) {
    return Framed.of(label)
        .add(deployment)
        .add(epoch)
        .add(request.actor().value())
        .add(request.key());
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
