package dev.pledge.log;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A checkpoint that its log has signed, and who cosigned it. Made by {@link Quorum#open} alone, so
 * that the log's signature and every cosignature are verified; whether there are enough of them is
 * for the reader to ask ({@link #reachesQuorum}).
 */
public final class WitnessedCheckpoint {
  private final Checkpoint checkpoint;
  private final VerifiedNote note;
  private final List<Cosignature> cosignatures;
  private final int threshold;

  WitnessedCheckpoint(
      Checkpoint checkpoint, VerifiedNote note, List<Cosignature> cosignatures, int threshold) {
    this.checkpoint = checkpoint;
    this.note = note;
    this.cosignatures = cosignatures;
    this.threshold = threshold;
  }

  /** What the log says. */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** The note it stands in. */
  public VerifiedNote note() {
    return note;
  }

  /** The witnesses' cosignatures, each with its time. */
  public List<Cosignature> cosignatures() {
    return cosignatures;
  }

  /** The names of the witnesses that cosigned. */
  public Set<String> witnesses() {
    return cosignatures.stream()
        .map(cosignature -> cosignature.cosigner().name())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether as many witnesses cosigned as were asked for. */
  public boolean reachesQuorum() {
    return witnesses().size() >= threshold;
  }

  @Override
  public String toString() {
    return "WitnessedCheckpoint[" + checkpoint + ", " + witnesses() + " of " + threshold + "]";
  }
}
