package dev.pledge.engine.vault;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Kind;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The form in which each field's values are stored. A value is read as what it was stored as, so a
 * field that holds values keeps its type and its kind, whatever version of the policy comes.
 */
public final class Forms {
  private record Form(String type, String kind) {
    static Form of(FieldType type, Kind kind) {
      return new Form(type.word(), kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    @Override
    public String toString() {
      return type + ", " + kind;
    }
  }

  private final Vocabulary vocabulary;

  /** Forms of the fields that {@code vocabulary} has codes for. */
  public Forms(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /**
   * Keeps the form of every field of the policy, unless some field's values could not be read.
   *
   * @return what cannot be read and why, a sentence each; nothing was kept unless it is empty
   */
  public List<String> keep(Database database, Policies policies) {
    Map<FieldId, Form> declared = new TreeMap<>();
    List<String> conflicts = new ArrayList<>();
    for (CompiledPolicy policy : policies.versions()) {
      for (Category category : policy.source().categories()) {
        for (Field field : category.fields()) {
          Form form = Form.of(field.type(), category.kind());
          Form before = declared.putIfAbsent(field.id(), form);
          if (before != null && !before.equals(form)) {
            conflicts.add(conflict(field.id(), form, "in an earlier version", before));
          }
        }
      }
    }
    return conflicts.isEmpty() ? database.change(tx -> keep(tx, declared)) : conflicts;
  }

  private List<String> keep(Transaction tx, Map<FieldId, Form> declared) {
    Map<Short, Form> stored = stored(tx);
    Map<FieldId, Form> changed = new TreeMap<>();
    List<String> conflicts = new ArrayList<>();
    declared.forEach(
        (field, form) -> {
          Form before = stored.get(code(field));
          if (!form.equals(before)) {
            changed.put(field, form);
            if (before != null && holdsValues(tx, field)) {
              conflicts.add(conflict(field, form, "in the values stored", before));
            }
          }
        });
    if (conflicts.isEmpty()) {
      put(tx, changed);
    }
    return conflicts;
  }

  private static String conflict(FieldId field, Form form, String where, Form before) {
    return String.format(
        Locale.ROOT,
        "`%s` is now `%s` and is `%s` %s; give what is new a name of its own",
        field,
        form,
        before,
        where);
  }

  private static Map<Short, Form> stored(Transaction tx) {
    Map<Short, Form> stored = new HashMap<>();
    tx.handle()
        .createQuery("select field, type, kind from field_form")
        .map((row, c) -> stored.put(row.getShort(1), new Form(row.getString(2), row.getString(3))))
        .list();
    return stored;
  }

  /** Looks at all values in the worst case, which only a change of form pays for. */
  private boolean holdsValues(Transaction tx, FieldId field) {
    return tx.handle()
        .createQuery(
            """
            select exists (select from datum where field = :field)
                or exists (select from observation where field = :field)
            """)
        .bind("field", code(field))
        .mapTo(Boolean.class)
        .one();
  }

  private void put(Transaction tx, Map<FieldId, Form> changed) {
    PreparedBatch batch =
        tx.handle()
            .prepareBatch(
                """
                insert into field_form (field, type, kind) values (:field, :type, :kind)
                on conflict (field) do update set type = excluded.type, kind = excluded.kind
                """);
    changed.forEach(
        (field, form) ->
            batch.bind("field", code(field)).bind("type", form.type).bind("kind", form.kind).add());
    batch.execute();
  }

  private short code(FieldId field) {
    return vocabulary.code(field.toString());
  }
}
