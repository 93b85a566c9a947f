package dev.pledge.engine.gate;

import dev.pledge.engine.gate.Symptoms.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** People, and legal holds, in the erasure ledger and still in a table: an entry without effect. */
final class ErasedCheck implements Check {
  private static final int TOGETHER = 1_000;
  private static final Problem PROBLEM =
      Problem.bad(
          "erased-person-is-there",
          "rows of a person who is in the erasure ledger",
          "start Pledge once: whoever is in the ledger is forgotten before anything is served");

  @Override
  public void run(Ward ward, Symptoms found) {
    List<UUID> erased = new ArrayList<>();
    ward.keyStore().ledger().forEach(entry -> erased.add(entry.subject().value()));
    for (int from = 0; from < erased.size(); from += TOGETHER) {
      UUID[] batch =
          erased.subList(from, Math.min(erased.size(), from + TOGETHER)).toArray(UUID[]::new);
      ward.database()
          .read(
              handle ->
                  handle
                      .createQuery(
                          """
                          select t.name || ' ' || t.subject_id as place
                          from (
                            select 'subject' as name, subject_id from subject
                              where subject_id = any(:erased)
                            union select 'subject_key', subject_id from subject_key
                              where subject_id = any(:erased)
                            union select 'datum', subject_id from datum
                              where subject_id = any(:erased)
                            union select 'observation', subject_id from observation
                              where subject_id = any(:erased)
                            union select 'alias', subject_id from alias
                              where subject_id = any(:erased)
                            union select 'consent_state', subject_id from consent_state
                              where subject_id = any(:erased)
                            union select 'consent_event', subject_id from consent_event
                              where subject_id = any(:erased)
                            union select 'acceptance', subject_id from acceptance
                              where subject_id = any(:erased)
                            union select 'approval', subject_id from approval
                              where subject_id = any(:erased)
                            union select 'session', subject_id from session
                              where subject_id = any(:erased)
                            union select 'hand_over', subject_id from hand_over
                              where subject_id = any(:erased)
                            union select 'message', subject_id from message
                              where subject_id = any(:erased)
                            union select 'rights_request', subject_id from rights_request
                              where subject_id = any(:erased)
                            union select 'request_message', subject_id from request_message
                              where subject_id = any(:erased)
                            union select 'request_document', subject_id from request_document
                              where subject_id = any(:erased)
                            union select 'request_told', subject_id from request_told
                              where subject_id = any(:erased)
                            union select 'history', subject_id from history
                              where subject_id = any(:erased)
                            union select 'review', subject_id from review
                              where subject_id = any(:erased)
                            union select 'legal_hold', subject_id from legal_hold
                              where subject_id = any(:erased)
                            union select 'legal_hold', hold_id from legal_hold
                              where hold_id = any(:erased)
                            union select 'set_aside', hold_id from set_aside
                              where hold_id = any(:erased)) as t
                          """)
                      .bind("erased", batch)
                      .map((row, context) -> row.getString("place"))
                      .list())
          .forEach(place -> found.add(PROBLEM, place));
    }
  }
}
