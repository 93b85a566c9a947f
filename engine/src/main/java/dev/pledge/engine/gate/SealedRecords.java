package dev.pledge.engine.gate;

import dev.pledge.engine.keys.RecordKind;
import dev.pledge.engine.keys.RequestPlace;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.policy.names.SubjectId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * What lies sealed under people's keys besides their values, and under those of holds: what tells
 * of a birth, evidence of choices and acceptances, references of orders, and what is written on
 * rights requests.
 */
final class SealedRecords {
  private final Map<SubjectId, List<One>> records = new HashMap<>();
  private final Map<SubjectId, List<OfRequest>> requests = new HashMap<>();

  private SealedRecords() {}

  /** A record, as it lies there. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record One(String table, RecordKind kind, UUID id, byte[] sealed) {}

  /** Something written on a rights request, as it lies there. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record OfRequest(String table, RequestPlace place, byte[] sealed) {}

  /** Those of these people and holds. */
  static SealedRecords of(Handle handle, UUID[] owners) {
    SealedRecords records = new SealedRecords();
    handle
        .createQuery(
            """
            select 'subject' as place, :birth as kind, subject_id as owner, subject_id as id,
                   birth_sealed as sealed
            from subject where subject_id = any(:owners) and birth_sealed is not null
            union all
            select 'acceptance', :acceptance, subject_id, acceptance_id, evidence
            from acceptance where subject_id = any(:owners)
            union all
            select 'consent_event', :consent, subject_id, entry, evidence
            from consent_event where subject_id = any(:owners)
            union all
            select 'approval', :approval, subject_id, approval_id, reference
            from approval where subject_id = any(:owners)
            union all
            select 'legal_hold', :hold, hold_id, hold_id, reference
            from legal_hold where hold_id = any(:owners)
            """)
        .bind("owners", owners)
        .bind("birth", RecordKind.BIRTH.name())
        .bind("acceptance", RecordKind.ACCEPTANCE.name())
        .bind("consent", RecordKind.CONSENT.name())
        .bind("approval", RecordKind.APPROVAL.name())
        .bind("hold", RecordKind.HOLD.name())
        .map(
            (row, context) ->
                records
                    .records
                    .computeIfAbsent(
                        new SubjectId(row.getObject("owner", UUID.class)), s -> new ArrayList<>())
                    .add(
                        new One(
                            row.getString("place"),
                            RecordKind.valueOf(row.getString("kind")),
                            row.getObject("id", UUID.class),
                            row.getBytes("sealed"))))
        .list();
    handle
        .createQuery(
            """
            select subject_id, request_id, 'asked' as what, request_id as id, asked as sealed
            from rights_request where subject_id = any(:owners)
            union all
            select subject_id, request_id, 'decision', request_id, decision
            from rights_request where subject_id = any(:owners) and decision is not null
            union all
            select subject_id, request_id, 'message', message_id, sealed
            from request_message where subject_id = any(:owners)
            """)
        .bind("owners", owners)
        .map(
            (row, context) ->
                records
                    .requests
                    .computeIfAbsent(
                        new SubjectId(row.getObject("subject_id", UUID.class)),
                        s -> new ArrayList<>())
                    .add(ofRequest(row)))
        .list();
    return records;
  }

  private static OfRequest ofRequest(ResultSet row) throws SQLException {
    UUID request = row.getObject("request_id", UUID.class);
    String what = row.getString("what");
    RequestPlace place =
        switch (what) {
          case "asked" -> RequestPlace.asked(request);
          case "decision" -> RequestPlace.decision(request);
          default -> RequestPlace.message(request, row.getObject("id", UUID.class));
        };
    String table = what.equals("message") ? "request_message" : "rights_request";
    return new OfRequest(table, place, row.getBytes("sealed"));
  }

  /** Where those lie that the key of their owner does not open: altered, or moved there. */
  List<String> closed(SubjectKey key) {
    List<String> closed = new ArrayList<>();
    for (One one : records.getOrDefault(key.subject(), List.of())) {
      try {
        var _ = key.openRecord(one.kind, one.id, one.sealed);
      } catch (UnsealException e) {
        String owner = key.subject().value().toString();
        closed.add(one.table + " " + owner + (one.id.toString().equals(owner) ? "" : " " + one.id));
      }
    }
    for (OfRequest one : requests.getOrDefault(key.subject(), List.of())) {
      try {
        var _ = key.openOfRequest(one.place, one.sealed);
      } catch (UnsealException e) {
        closed.add(one.table + " " + key.subject().value() + " " + one.place.request());
      }
    }
    return closed;
  }
}
