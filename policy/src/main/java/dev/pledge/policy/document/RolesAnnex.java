package dev.pledge.policy.document;

import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.document.Annex.Block;
import dev.pledge.policy.document.Annex.Line;
import dev.pledge.policy.document.Annex.Row;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PurposeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who sees data, for what, and how clearly (II.II.5, IV.3). */
final class RolesAnnex {
  private static final Phrase TITLE =
      new Phrase(
          "Who sees it, and how much of it", "谁能看到，看到多少", "Wer Daten sieht und wie viel davon");
  private static final Phrase INTRODUCTION =
      new Phrase(
          "Each job sees only the data of its own purposes. You yourself, and who may act for you,"
              + " see everything about you.",
          "每个岗位只能看到自身用途所列的信息。您本人和可以代您行事的人能看到关于您的一切。",
          "Wer eine Aufgabe hat, sieht nur die Daten für deren Zwecke. Sie selbst sehen "
              + "alles über Sie, ebenso, wer für Sie handeln darf.");
  private static final List<Phrase> COLUMNS =
      List.of(
          new Phrase("Who", "岗位", "Wer"),
          new Phrase("For what", "用途", "Zweck"),
          new Phrase("What they see", "看到的内容", "Was zu sehen ist"));
  private static final Phrase NOTHING =
      new Phrase("No data about you.", "看不到您的任何信息。", "Keine Daten über Sie.");
  private static final Phrase NO_PURPOSE =
      new Phrase(
          "Work that needs no data about you.",
          "无需查看您信息的工作。",
          "Arbeit, für die keine Daten über Sie nötig sind.");
  private static final Phrase STORES = new Phrase("Stores", "保存", "Speichert");
  private static final Phrase UNCOVERS =
      new Phrase(
          "Can uncover one at a time, with a reason that is recorded",
          "说明理由并留下记录后，可逐项查看完整内容",
          "Kann Einzelnes aufdecken, mit einer Begründung, die aufgezeichnet wird");
  private static final Phrase ONLY_UNDER =
      new Phrase("Only after having signed {0}.", "须先签署{0}。", "Erst nach Unterzeichnung: {0}.");
  private static final Phrase MASKED =
      new Phrase("How masked data looks", "遮盖后的样子", "Was verdeckte Daten noch zeigen");
  private static final Phrase VISIBLE =
      new Phrase("What can still be seen", "仍能看到的部分", "Was noch zu sehen ist");
  private static final Phrase DATA = new Phrase("Of which data", "信息", "Bei welchen Daten");

  private final Telling told;
  private final Set<PurposeId> purposes = new LinkedHashSet<>();

  RolesAnnex(Telling told) {
    this.told = told;
    told.purposes().stream().map(Purpose::id).forEach(purposes::add);
  }

  Annex annex() {
    List<Row> rows = told.policy().roles().stream().filter(this::isTold).map(this::row).toList();
    return new Annex(
        "annex-roles",
        told.say(TITLE),
        List.of(
            new Block.Paragraph(told.say(INTRODUCTION)),
            new Block.Table(COLUMNS.stream().map(told::say).toList(), rows),
            new Block.Part(told.say(MASKED)),
            new Block.Table(List.of(told.say(VISIBLE), told.say(DATA)), masks())));
  }

  /** A role all of whose purposes are those of other products is theirs. */
  private boolean isTold(Role role) {
    return role.purposes().isEmpty() || role.purposes().stream().anyMatch(purposes::contains);
  }

  private Row row(Role role) {
    List<Line> use = new ArrayList<>();
    purposes.stream()
        .filter(role.purposes()::contains)
        .forEach(purpose -> use.add(Line.of(told.title(purpose))));
    use.addAll(told.dataInShort(STORES, role.collects()));
    if (use.isEmpty()) {
      use.add(told.line(NO_PURPOSE));
    }
    return Row.of(told.title(role.id()), List.of(use, seen(role)));
  }

  private List<Line> seen(Role role) {
    List<Line> seen = new ArrayList<>();
    seen.add(
        told.line(role.purposes().isEmpty() ? NOTHING : Phrases.of(role.sees(), role.heldBy())));
    seen.addAll(told.dataInShort(UNCOVERS, role.mayReveal()));
    role.undertaking()
        .ifPresent(undertaking -> seen.add(told.line(ONLY_UNDER, told.name(undertaking))));
    if (role.heldBy() == HeldBy.SERVICE) {
      seen.add(told.line(Phrases.of(role.heldBy())));
    }
    return seen;
  }

  private List<Field> maskedAlikeTogether() {
    return told.fields(_ -> true).stream().sorted(Comparator.comparing(Field::mask)).toList();
  }

  /** What masks leave, each with the fields it is for. */
  private List<Row> masks() {
    Map<Phrase, Set<FieldId>> fields = new LinkedHashMap<>();
    for (Field field : maskedAlikeTogether()) {
      fields
          .computeIfAbsent(Phrases.of(field.mask(), field.type()), _ -> new LinkedHashSet<>())
          .add(field.id());
    }
    return fields.entrySet().stream()
        .map(entry -> Row.of(told.say(entry.getKey()), List.of(told.data(entry.getValue()))))
        .toList();
  }
}
