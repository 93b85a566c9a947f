package dev.pledge.policy.document;

import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.BreakGlass;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.LegalException;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.document.Annex.Block;
import dev.pledge.policy.document.Annex.Line;
import dev.pledge.policy.document.Annex.Row;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.FieldId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** For what data is used, which of it, and on which basis (II.I.*). */
final class PurposesAnnex {
  private static final Phrase TITLE =
      new Phrase(
          "What we use it for, and on which basis",
          "用途和依据",
          "Wofür wir Daten verwenden und auf welcher Grundlage");
  private static final Phrase INTRODUCTION =
      new Phrase(
          "Each use has the data listed beside it and no other.",
          "每一种用途只能使用旁边列出的信息。",
          "Für jeden Zweck werden die daneben genannten Daten verwendet und keine anderen.");
  private static final Phrase PURPOSE = new Phrase("For what", "用途", "Zweck");
  private static final Phrase DATA = new Phrase("Which data", "信息", "Daten");
  private static final Phrase NOTES = new Phrase("Good to know", "说明", "Gut zu wissen");
  private static final Phrase PROGRAMME =
      new Phrase(
          "You join by saying yes, and leave whenever you like.",
          "您同意即加入，随时可以退出。",
          "Sie nehmen teil, indem Sie zustimmen, und hören auf, wann Sie wollen.");
  private static final Phrase CHANNELS =
      new Phrase(
          "You choose how you hear of it: {0}.",
          "方式由您选择：{0}。", "Sie bestimmen, auf welchem Weg wir Sie dafür erreichen: {0}.");
  private static final Phrase ONE_CHANNEL =
      new Phrase("You hear of it {0}.", "方式：{0}。", "Wir erreichen Sie dafür {0}.");
  private static final Phrase SENSITIVE_WAITS =
      new Phrase(
          "Sensitive, and so waits for an explicit yes of its own: {0}.",
          "其中敏感、须经单独明确同意：{0}。",
          "Sensibel, deshalb nur mit einer eigenen, ausdrücklichen Einwilligung: {0}.");
  private static final Phrase SENSITIVE_BECAUSE =
      new Phrase(
          "Sensitive data is used without your explicit consent, because {0}.",
          "因{0}，使用敏感信息无需您明确同意。",
          "Sensible Daten werden ohne Ihre ausdrückliche Einwilligung verwendet, weil {0}.");
  private static final Phrase ONLY_IN = new Phrase("Only in {0}.", "仅限{0}。", "Nur hier: {0}.");
  private static final Phrase APPROVED =
      new Phrase(
          "Each use needs a written reference, approved beforehand by someone else: {0}.",
          "每次使用都必须有书面依据，并由另一人事先批准：{0}。",
          "Jede Verwendung braucht einen schriftlichen Anlass, den jemand anderes vorher "
              + "freigegeben hat: {0}.");
  private static final Phrase FIELDS_NAMED =
      new Phrase(
          "Only the data that the reference names opens.",
          "只开放依据中写明的信息。",
          "Zugänglich werden nur die Daten, die dieser Anlass nennt.");
  private static final Phrase REVIEWED =
      new Phrase(
          "Whoever does it has to account for it within {0} to someone else: {1}.",
          "使用者必须在 {0}内接受另一人的审查：{1}。",
          "Wer davon Gebrauch macht, muss sich dafür in höchstens {0} vor jemand anderem "
              + "verantworten: {1}.");

  private final Telling told;

  PurposesAnnex(Telling told) {
    this.told = told;
  }

  Annex annex() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Paragraph(told.say(INTRODUCTION)));
    for (Basis basis : Basis.values()) {
      List<Row> rows =
          told.purposes().stream()
              .filter(purpose -> purpose.basis() == basis)
              .map(this::row)
              .toList();
      if (!rows.isEmpty()) {
        blocks.add(new Block.Part(told.say(Phrases.title(basis))));
        blocks.add(new Block.Paragraph(told.say(Phrases.meaning(basis))));
        List<String> columns = List.of(told.say(PURPOSE), told.say(DATA), told.say(NOTES));
        blocks.add(new Block.Table(columns, rows));
      }
    }
    return new Annex("annex-purposes", told.say(TITLE), blocks);
  }

  private Row row(Purpose purpose) {
    return new Row(
        List.of(Line.of(told.title(purpose.id()))),
        Optional.of(purpose.clause()),
        List.of(told.data(purpose.uses()), notes(purpose)));
  }

  private List<Line> notes(Purpose purpose) {
    List<Line> notes = new ArrayList<>();
    if (purpose.control() != usual(purpose.basis())) {
      notes.add(told.line(Phrases.of(purpose.control())));
    }
    if (purpose.programme().isPresent()) {
      notes.add(told.line(PROGRAMME));
    }
    if (!purpose.channels().isEmpty()) {
      notes.add(channels(purpose.channels()));
    }
    Phrases.of(purpose.nature()).ifPresent(phrase -> notes.add(told.line(phrase)));
    Phrases.of(purpose.view()).ifPresent(phrase -> notes.add(told.line(phrase)));
    purpose.before().stream().sorted().forEach(act -> notes.add(told.line(Phrases.of(act))));
    if (!purpose.products().isEmpty()) {
      notes.add(told.line(ONLY_IN, told.names(purpose.products().stream().sorted())));
    }
    purpose.exception().ifPresent(exception -> add(exception, notes));
    purpose.breakGlass().ifPresent(emergency -> notes.add(line(emergency)));
    sensitive(purpose).ifPresent(notes::add);
    return notes;
  }

  /** The control that goes without saying, since the words for the basis say it. */
  private static Control usual(Basis basis) {
    return switch (basis) {
      case CONSENT -> Control.OPT_IN;
      case LEGITIMATE_INTEREST -> Control.OPT_OUT;
      case CONTRACT, PUBLIC_TASK, LEGAL_OBLIGATION, VITAL_INTEREST -> Control.NONE;
    };
  }

  private void add(LegalException exception, List<Line> notes) {
    notes.add(told.line(APPROVED, told.name(exception.approver())));
    if (exception.fieldsNamed()) {
      notes.add(told.line(FIELDS_NAMED));
    }
    notes.add(told.line(Phrases.of(exception.tells())));
  }

  private Line line(BreakGlass emergency) {
    return told.line(
        REVIEWED,
        told.tongue().hours(emergency.reviewWithin().toHours()),
        told.name(emergency.reviewer()));
  }

  private Optional<Line> sensitive(Purpose purpose) {
    List<FieldId> sensitive =
        told.fields(CollectedAnnex::isSensitive).stream()
            .map(Field::id)
            .filter(purpose.uses()::contains)
            .toList();
    if (sensitive.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        purpose
            .sensitiveCondition()
            .map(named -> told.line(SENSITIVE_BECAUSE, told.say(Phrases.sensitiveBecause(named))))
            .orElseGet(() -> told.line(SENSITIVE_WAITS, told.names(sensitive.stream()))));
  }

  /** The channels in the order of the alphabet, since their order says nothing. */
  private Line channels(Collection<ChannelId> channels) {
    List<String> words = told.words(channels.stream().sorted(), Phrases::channel);
    return told.line(words.size() == 1 ? ONE_CHANNEL : CHANNELS, told.tongue().choice(words));
  }
}
