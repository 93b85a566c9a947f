package dev.pledge.engine.gate;

import dev.pledge.engine.gate.Symptoms.Problem;
import java.util.List;

/**
 * Rows that should not be: what the statement gives as {@code place}.
 *
 * @param sql may name the epochs that live as {@code :living}
 */
record RowCheck(Problem problem, String sql) implements Check {
  private static final String START =
      "start Pledge once, which finishes what was cut short; if it stays, restore a backup";
  private static final String RESTORE =
      "find out who writes to the database; restore a backup with `pledge restore`";

  /** All of them. */
  static final List<Check> ALL =
      List.of(
          of(
              "key-without-person",
              "a key of nobody",
              START,
              """
              select 'subject_key ' || k.subject_id as place from subject_key k
              where not exists (select from subject s where s.subject_id = k.subject_id)
                and not exists (select from legal_hold h where h.hold_id = k.subject_id)
              """),
          of(
              "hold-without-key",
              "a legal hold of which nothing can be set aside or opened",
              RESTORE,
              """
              select 'legal_hold ' || h.hold_id as place from legal_hold h
              where not exists (select from subject_key k where k.subject_id = h.hold_id)
              """),
          of(
              "hold-on-nobody",
              "a legal hold that names a person who is gone",
              START,
              """
              select 'legal_hold ' || h.hold_id as place from legal_hold h
              where h.subject_id is not null
                and not exists (select from subject s where s.subject_id = h.subject_id)
              """),
          of(
              "set-aside-without-hold",
              "values that were set aside for a hold that is gone",
              START,
              """
              select distinct 'set_aside ' || a.hold_id as place from set_aside a
              where not exists (select from legal_hold h where h.hold_id = a.hold_id)
              """),
          of(
              "person-without-key",
              "a person whom no key opens",
              RESTORE,
              """
              select 'subject ' || s.subject_id as place from subject s
              where not exists (select from subject_key k where k.subject_id = s.subject_id)
              """),
          of(
              "person-without-choices",
              "a person who is found by nobody, for lack of a line of choices",
              RESTORE,
              """
              select 'subject ' || s.subject_id as place from subject s
              where not exists (select from consent_state c where c.subject_id = s.subject_id)
              """),
          of(
              "person-without-history",
              "a person of whom no entry can be made",
              RESTORE,
              """
              select 'subject ' || s.subject_id as place from subject s
              where not exists (select from history h where h.subject_id = s.subject_id)
              """),
          of(
              "value-without-person",
              "a value of nobody",
              START,
              """
              select 'datum ' || v.subject_id || ' ' || v.field || ' ' || v.holder as place from datum v
              where not exists (select from subject s where s.subject_id = v.subject_id)
              union all
              select 'observation ' || v.subject_id || ' ' || v.field || ' ' || v.datum
              from observation v
              where not exists (select from subject s where s.subject_id = v.subject_id)
              """),
          of(
              "value-of-a-later-generation",
              "a value under a key that the person does not have: the key is older than the value",
              "`pledge restore` puts the journal's key in its place",
              """
              select 'datum ' || v.subject_id || ' ' || v.field || ' ' || v.holder as place
              from datum v join subject_key k on k.subject_id = v.subject_id
              where v.generation > k.generation
              union all
              select 'observation ' || v.subject_id || ' ' || v.field || ' ' || v.datum
              from observation v join subject_key k on k.subject_id = v.subject_id
              where v.generation > k.generation
              """),
          of(
              "alias-without-person",
              "an alias that leads to nobody",
              START,
              """
              select 'alias of ' || a.subject_id || ' ' || a.field as place from alias a
              where not exists (select from subject s where s.subject_id = a.subject_id)
              """),
          of(
              "alias-of-a-dead-epoch",
              "an alias that nobody finds any more, since its epoch's key is gone",
              "collect the alias anew from the person",
              """
              select 'alias of ' || a.subject_id || ' ' || a.field as place from alias a
              where not a.epoch = any(:living)
              """),
          of(
              "choice-without-person",
              "choices, acceptances or approvals about nobody",
              START,
              """
              select t.name || ' ' || t.subject_id as place
              from (
                select 'consent_state' as name, subject_id from consent_state
                union select 'consent_event', subject_id from consent_event
                union select 'acceptance', subject_id from acceptance
                union select 'approval', subject_id from approval) as t
              where not exists (select from subject s where s.subject_id = t.subject_id)
              """),
          of(
              "session-without-person",
              "sessions of nobody, or links for nobody to sign in with",
              START,
              """
              select t.name || ' ' || t.subject_id as place
              from (
                select 'session' as name, subject_id from session
                union select 'hand_over', subject_id from hand_over) as t
              where not exists (select from subject s where s.subject_id = t.subject_id)
              """),
          of(
              "request-of-nobody",
              "a rights request of nobody",
              START,
              """
              select t.name || ' ' || t.subject_id as place
              from (
                select 'rights_request' as name, subject_id from rights_request
                union select 'request_told', subject_id from request_told) as t
              where not exists (select from subject s where s.subject_id = t.subject_id)
              """),
          of(
              "history-without-person",
              "a history of nobody",
              START,
              """
              select 'history ' || h.subject_id as place from history h
              where not exists (select from subject s where s.subject_id = h.subject_id)
              """),
          of(
              "review-of-nobody",
              "a review that still names a person who is gone",
              START,
              """
              select 'review ' || r.review_id as place from review r
              where r.subject_id <> r.review_id
                and not exists (select from subject s where s.subject_id = r.subject_id)
              """));

  private static Check of(String name, String what, String remedy, String sql) {
    return new RowCheck(Problem.bad(name, what, remedy), sql);
  }

  @Override
  public void run(Ward ward, Symptoms found) {
    Integer[] living = ward.keyStore().livingEpochs().toArray(Integer[]::new);
    ward.database()
        .read(
            handle -> {
              var query = handle.createQuery(sql);
              if (sql.contains(":living")) {
                query.bind("living", living);
              }
              return query.map((row, context) -> row.getString("place")).list();
            })
        .forEach(place -> found.add(problem, place));
  }
}
