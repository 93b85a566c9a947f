package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.log.Detail;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.SubjectState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What of an entry belongs to the person alone and is sealed under their key. */
final class LoggedDetail {
  /** What a datum takes beside its names in {@link Detail#MAX_DATA}, with room to spare. */
  private static final int DATUM_OVERHEAD = 16;

  private LoggedDetail() {}

  /** What belongs to the person alone where no stored value was looked at. */
  static Detail of(
      Decision decision,
      Caller caller,
      @Nullable String justification,
      @Nullable String reference,
      Collection<Sealed> values) {
    return of(decision, caller, justification, reference, null, List.of(), values);
  }

  /**
   * What belongs to the person alone: the state decided on, the approval and the choices relied on,
   * why, and from where.
   */
  static Detail of(
      Decision decision,
      Caller caller,
      @Nullable String justification,
      @Nullable String reference,
      @Nullable UUID approval,
      List<Tally> tallies,
      Collection<Sealed> values) {
    Set<UUID> reliedOn = new LinkedHashSet<>();
    if (approval != null) {
      reliedOn.add(approval);
    }
    reliedOn.addAll(decision.reliedOn());
    tallies.forEach(tally -> reliedOn.addAll(tally.pooledBy()));
    Detail detail =
        Detail.of(
            decision.state().version(), reliedOn.stream().limit(Detail.MAX_RELIED_ON).toList());
    int omitted = reliedOn.size() - detail.reliedOn().size();
    if (decision.question().asker().capacity() != Asker.Capacity.ROLE) {
      detail = detail.withActor(caller.id().value());
    }
    if (justification != null) {
      detail = detail.withJustification(justification);
    }
    if (reference != null) {
      detail = detail.withReference(reference);
    }
    List<Detail.Datum> origins = origins(values);
    List<Detail.Datum> fitting = fitting(origins);
    return detail.withData(fitting).withOmitted(omitted + origins.size() - fitting.size());
  }

  /** The same where as many values are looked at as there are, of which these are the ends. */
  static Detail ofMany(
      SubjectState state, Asker.Capacity capacity, Caller caller, List<Detail.Datum> ends) {
    Detail detail = Detail.of(state.version(), List.of());
    if (capacity != Asker.Capacity.ROLE) {
      detail = detail.withActor(caller.id().value());
    }
    List<Detail.Datum> fitting = fitting(ends);
    return detail.withData(fitting).withOmitted(ends.size() - fitting.size());
  }

  /** As many as there is room for. */
  private static List<Detail.Datum> fitting(List<Detail.Datum> origins) {
    int room = Detail.MAX_DATA;
    List<Detail.Datum> fitting = new ArrayList<>();
    for (Detail.Datum origin : origins) {
      room -= origin.field().length() + origin.product().length() + DATUM_OVERHEAD;
      if (room >= 0) {
        fitting.add(origin);
      }
    }
    return fitting;
  }

  /** Where the values came from: of one field and product the oldest and the newest. */
  private static List<Detail.Datum> origins(Collection<Sealed> values) {
    Map<String, List<Instant>> times = new TreeMap<>();
    for (Sealed value : values) {
      times
          .computeIfAbsent(value.field() + " " + value.product().value(), key -> new ArrayList<>())
          .add(value.collectedAt());
    }
    List<Detail.Datum> origins = new ArrayList<>();
    for (Map.Entry<String, List<Instant>> origin : times.entrySet()) {
      String[] names = origin.getKey().split(" ", 2);
      Set<Instant> ends = new TreeSet<>();
      ends.add(Collections.min(origin.getValue()));
      ends.add(Collections.max(origin.getValue()));
      for (Instant at : ends) {
        origins.add(new Detail.Datum(names[0], names[1], at));
      }
    }
    return origins;
  }
}
