package dev.pledge.engine;

import dev.pledge.engine.gate.EpochUses;
import dev.pledge.engine.gate.EpochUses.EpochUse;
import dev.pledge.engine.keys.Rotations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a change of the epoch of keys is asked for and looked at, without a {@link Pledge}. */
public final class KeyDesk implements AutoCloseable {
  private final Desk desk;
  private final Rotations rotations = new Rotations();

  private KeyDesk(Configuration at) {
    this.desk = new Desk(at, "keys");
  }

  /**
   * Opens the desk of what {@code at} names; its policy is not read.
   *
   * @throws dev.pledge.engine.store.StartRefused if the database cannot be used
   * @throws dev.pledge.engine.keys.KeyStoreRefusedException if the root key or the key store cannot
   */
  public static KeyDesk open(Configuration at) {
    return new KeyDesk(at);
  }

  /** Whether no server runs here, so that nobody would do what is asked for. */
  public boolean isAlone() {
    return desk.isAlone();
  }

  /**
   * Asks for a change to the next epoch; false if one is under way.
   *
   * @param rate how many keys a second are wrapped anew at most
   * @param grace from now to the end of the older keys
   * @throws IllegalArgumentException if it is too short
   */
  public boolean request(int rate, Duration grace) {
    return desk.database().read(rotations::open).isEmpty()
        && rotations.request(desk.database(), desk.keys().store().epoch(), rate, grace);
  }

  /**
   * A change of epochs.
   *
   * @param from the epoch that is to end
   * @param destroyAt when its keys are to be destroyed
   * @param readyAt since when nothing needs them any more
   * @param destroyedAt when they were
   * @param trouble what keeps it from going on
   */
  public record Change(
      int from,
      Instant destroyAt,
      Optional<Instant> readyAt,
      Optional<Instant> destroyedAt,
      Optional<String> trouble) {}

  /** The change that was asked for last, if any was. */
  public Optional<Change> last() {
    return desk.database()
        .read(rotations::last)
        .map(
            last ->
                new Change(
                    last.from(),
                    last.destroyAt(),
                    last.readyAt(),
                    last.destroyedAt(),
                    last.trouble()));
  }

  /**
   * An epoch whose keys live, and how much of the data is under it.
   *
   * @param began when
   * @param people whose keys are wrapped under it
   * @param aliases indexes of aliases
   * @param entries of the log
   * @param tiles of archived entries
   * @param replies kept for requests sent again
   */
  public record Epoch(
      int number,
      Instant began,
      long people,
      long aliases,
      long entries,
      long tiles,
      long replies) {}

  /** The epochs whose keys lived when this desk was opened, the oldest first. */
  public List<Epoch> epochs() {
    Map<Integer, EpochUse> uses = desk.database().read(EpochUses::uses);
    List<Epoch> epochs = new ArrayList<>();
    desk.keys()
        .store()
        .begun()
        .forEach(
            (number, began) -> {
              EpochUse use = uses.getOrDefault(number, EpochUse.NONE);
              epochs.add(
                  new Epoch(
                      number,
                      began,
                      use.people(),
                      use.aliases(),
                      use.entries(),
                      use.tiles(),
                      use.replies()));
            });
    return epochs;
  }

  @Override
  public void close() {
    desk.close();
  }
}
