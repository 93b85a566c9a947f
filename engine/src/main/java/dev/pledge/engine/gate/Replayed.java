package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Place;
import dev.pledge.engine.gate.Recalled.Said;
import dev.pledge.log.Reason;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.RoleId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What came of a replay.
 *
 * @param decided the entries that were decided again
 * @param inPart those of them that also named what the policy did not know, and were decided
 *     without
 * @param undecided the entries that were not, by why
 * @param changes what comes out otherwise, the most frequent first
 * @param open what may or may not come out otherwise, depending on what is sealed
 */
public record Replayed(
    long decided,
    long inPart,
    Map<Obstacle, Some> undecided,
    List<Change> changes,
    List<Open> open) {
  /** How many places are told as examples. */
  public static final int EXAMPLES = 5;

  public Replayed {
    undecided = Map.copyOf(undecided);
    changes = List.copyOf(changes);
    open = List.copyOf(open);
  }

  /**
   * So many entries.
   *
   * @param places where the first of them are, at most {@value #EXAMPLES}
   */
  public record Some(long count, List<Place> places) {
    public Some {
      places = List.copyOf(places);
    }

    private Some and(Place place) {
      if (places.size() >= EXAMPLES) {
        return new Some(count + 1, places);
      }
      List<Place> more = new ArrayList<>(places);
      more.add(place);
      return new Some(count + 1, more);
    }
  }

  /**
   * What was decided.
   *
   * @param purpose empty for a collection and for whoever acts in their own right
   * @param who the kind of asker, and the roles they held
   */
  public record Of(Optional<String> purpose, String field, String who, Told before) {}

  /**
   * What came of a field, and why where it was withheld.
   *
   * @param outcome how clearly it is seen, for which purpose it is stored, or `withheld`
   */
  public record Told(
      String outcome, Optional<String> rule, Optional<String> reason, Optional<String> clause)
      implements Comparable<Told> {
    static Told of(Said said) {
      return new Told(
          said.word(),
          said.why().map(Reason::rule),
          said.why().flatMap(Reason::reason),
          said.why().flatMap(Reason::clause));
    }

    /** By one rule in any case, for one reason or another. */
    static Told withheld(String rule) {
      return new Told(Said.WITHHELD, Optional.of(rule), Optional.empty(), Optional.empty());
    }

    @Override
    public int compareTo(Told other) {
      return toString().compareTo(other.toString());
    }

    /** For people: {@code withheld (consent-missing, II.I.5)}. */
    @Override
    public String toString() {
      if (rule.isEmpty()) {
        return outcome;
      }
      return outcome
          + " ("
          + reason.or(() -> rule).orElseThrow()
          + clause.map(of -> ", " + of).orElse("")
          + ")";
    }
  }

  /** What comes out as {@code after} now. */
  public record Change(Of of, Told after, Some entries) {}

  /** What may come out as any of several. */
  public record Open(Of of, Set<Told> either, Some entries) {
    public Open {
      either = Collections.unmodifiableSet(new TreeSet<>(either));
    }
  }

  static String who(Asker asker) {
    if (asker.capacity() != Asker.Capacity.ROLE) {
      return asker.capacity() == Asker.Capacity.SUBJECT ? "self" : Logbook.word(asker.capacity());
    }
    List<String> roles = asker.roles().stream().map(RoleId::value).sorted().toList();
    return Logbook.word(asker.kind()) + (roles.isEmpty() ? "" : " " + String.join("+", roles));
  }

  /** Counts while a replay goes on. */
  static final class Tally {
    private static final Some NONE = new Some(0, List.of());

    private long decided;
    private long inPart;
    private final Map<Obstacle, Some> undecided = new EnumMap<>(Obstacle.class);
    private final Map<Map.Entry<Of, Told>, Some> changes = new HashMap<>();
    private final Map<Map.Entry<Of, Set<Told>>, Some> open = new HashMap<>();

    void decided(boolean part) {
      decided++;
      inPart += part ? 1 : 0;
    }

    void undecided(Obstacle obstacle, Place place) {
      undecided.merge(obstacle, NONE.and(place), (known, _) -> known.and(place));
    }

    void changed(Of of, Told after, Place place) {
      changes.merge(Map.entry(of, after), NONE.and(place), (known, _) -> known.and(place));
    }

    void open(Of of, Set<Said> either, Place place) {
      Set<Told> told = new TreeSet<>();
      either.forEach(said -> told.add(Told.of(said)));
      open.merge(Map.entry(of, told), NONE.and(place), (known, _) -> known.and(place));
    }

    Replayed result() {
      List<Change> changed = new ArrayList<>();
      changes.forEach((key, some) -> changed.add(new Change(key.getKey(), key.getValue(), some)));
      changed.sort(
          Comparator.comparingLong((Change change) -> -change.entries().count())
              .thenComparing(Change::toString));
      List<Open> left = new ArrayList<>();
      open.forEach((key, some) -> left.add(new Open(key.getKey(), key.getValue(), some)));
      left.sort(
          Comparator.comparingLong((Open one) -> -one.entries().count())
              .thenComparing(Open::toString));
      return new Replayed(decided, inPart, undecided, changed, left);
    }
  }
}
