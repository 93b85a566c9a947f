package dev.pledge.server.http;

import dev.pledge.engine.Pledge;
import dev.pledge.engine.gate.Collected;
import dev.pledge.engine.gate.Collection;
import dev.pledge.engine.gate.FieldAnswer;
import dev.pledge.engine.gate.FieldAnswer.Provenance;
import dev.pledge.engine.gate.FieldAnswer.Shown;
import dev.pledge.engine.gate.FieldAnswer.ShownValue;
import dev.pledge.engine.gate.InventoryRequest;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.policy.decision.Asker.Assurance;
import dev.pledge.policy.decision.Asker.Capacity;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.About;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Lookup;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.View;
import dev.pledge.server.centre.Centre;
import dev.pledge.server.centre.Changing;
import dev.pledge.server.centre.Confirm;
import dev.pledge.server.centre.Frame;
import dev.pledge.server.centre.Held;
import dev.pledge.server.centre.Speech;
import dev.pledge.server.http.CentreDoor.Visitor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is held about somebody: to look at, to correct and to delete (V.1, V.2). */
final class DataPages {
  /** Of an event series. */
  private static final int MOST_SHOWN = 5;

  private final CentreDoor door;
  private final Pledge pledge;
  private final ExportEndpoints exports;

  DataPages(CentreDoor door, Pledge pledge, ExportEndpoints exports) {
    this.door = door;
    this.pledge = pledge;
    this.exports = exports;
  }

  Answer show(Call call) {
    return door.signedIn(
        call,
        visitor -> {
          boolean clear = "clear".equals(call.optionalQuery("show"));
          if (clear) {
            door.requireSteppedUp(visitor);
          }
          Frame frame = door.frame(call, visitor);
          return CentreDoor.page(200, Centre.data(frame, held(visitor, clear, frame.speech())));
        });
  }

  /** Everything, to take along. */
  Answer export(Call call) {
    Optional<Visitor> visitor = door.visitor(call);
    if (visitor.isEmpty()) {
      return CentreDoor.seeOther(CentreDoor.HOME);
    }
    door.requireSteppedUp(visitor.get());
    return exports.export(
        new InventoryRequest(
            door.centre(),
            Capacity.SUBJECT,
            Assurance.STEPPED_UP,
            new InventoryRequest.Aim.Export()),
        visitor.get().session().subject(),
        door.language(call));
  }

  // ---------------------------------------------------------------- looking

  private Held held(Visitor visitor, boolean clear, Speech speech) {
    CompiledPolicy policy = door.policy();
    List<FieldId> fields =
        policy.source().categories().stream()
            .filter(category -> category.about() == About.SUBJECT)
            .flatMap(category -> category.fields().stream())
            .map(Field::id)
            .toList();
    Map<String, Shown> shown = new HashMap<>();
    for (int from = 0; from < fields.size(); from += ReadRequest.MOST_FIELDS) {
      read(
          visitor,
          clear ? Assurance.STEPPED_UP : Assurance.SIGNED_IN,
          fields.subList(from, Math.min(fields.size(), from + ReadRequest.MOST_FIELDS)),
          shown);
    }
    List<Held.Group> groups = new ArrayList<>();
    for (Category category : policy.source().categories()) {
      List<Held.Item> items =
          category.fields().stream()
              .filter(field -> shown.containsKey(field.id().toString()))
              .map(
                  field ->
                      item(field, Objects.requireNonNull(shown.get(field.id().toString())), speech))
              .toList();
      if (!items.isEmpty()) {
        groups.add(new Held.Group(speech.category(category.id()), items));
      }
    }
    return new Held(clear, groups);
  }

  /** One look, and one line of the person's history, for all of them. */
  private void read(
      Visitor visitor, Assurance assurance, List<FieldId> fields, Map<String, Shown> shown) {
    ReadRequest request =
        ReadRequest.ofOwn(
            door.centre(),
            assurance,
            CompiledPolicy.GENERAL,
            fields.stream().map(FieldId::toString).toList(),
            MOST_SHOWN + 1);
    switch (pledge.read(request, visitor.session().subject())) {
      case ReadAnswer.Unknown _ -> throw Call.NOT_FOUND.found();
      case ReadAnswer.Answer answer -> {
        for (FieldAnswer field : answer.fields()) {
          if (field instanceof Shown one) {
            shown.put(one.field(), one);
          }
        }
      }
    }
  }

  private Held.Item item(Field field, Shown shown, Speech speech) {
    List<Held.Value> values =
        shown.values().stream().limit(MOST_SHOWN).map(value -> value(value, speech)).toList();
    String id = field.id().toString();
    return new Held.Item(
        id,
        speech.capital(speech.field(id)),
        field.sensitivity() == Sensitivity.SENSITIVE,
        values,
        shown.values().size() - values.size(),
        serving(field.id()).stream().map(purpose -> speech.purpose(purpose.id().value())).toList(),
        seeing(field.id(), speech),
        input(field).isPresent() && !shown.series());
  }

  private static Held.Value value(ShownValue value, Speech speech) {
    Provenance provenance = Objects.requireNonNull(value.provenance());
    String product = provenance.product().value();
    String from =
        switch (provenance.source().value()) {
          case CompiledPolicy.PERSON -> speech.of("From you", "来自您本人");
          case CompiledPolicy.PRODUCT_USE -> speech.of("From your use", "来自您的使用");
          default -> speech.of("From ", "来自") + provenance.source().value();
        };
    return new Held.Value(
        text(value.json()),
        product,
        from
            + speech.of(", ", "，")
            + speech.product(product)
            + speech.of(", ", "，")
            + speech.day(provenance.collectedAt()),
        provenance
            .keptUntil()
            .map(until -> speech.of("goes on ", "将删除于 ") + speech.day(until))
            .orElse(speech.of("kept while you use it", "在您使用期间保留")));
  }

  private static String text(Object json) {
    return json instanceof Map<?, ?> map
        ? map.values().stream().map(DataPages::text).collect(Collectors.joining(", "))
        : String.valueOf(json);
  }

  /**
   * The purposes that use a field of their own accord: not those of a court, or in an emergency.
   */
  private List<Purpose> serving(FieldId field) {
    return door.policy().source().purposes().stream()
        .filter(purpose -> purpose.exception().isEmpty() && purpose.breakGlass().isEmpty())
        .filter(purpose -> purpose.uses().contains(field))
        .toList();
  }

  private List<String> seeing(FieldId field, Speech speech) {
    List<String> seeing = new ArrayList<>();
    for (Role role : door.policy().source().roles()) {
      if (serving(field).stream().anyMatch(purpose -> role.purposes().contains(purpose.id()))) {
        seeing.add(speech.role(role.id().value()) + how(role.sees(), speech));
      }
    }
    return seeing;
  }

  private static String how(View view, Speech speech) {
    return switch (view) {
      case CLEAR -> "";
      case MASKED -> speech.of(" (covered)", "（已遮盖）");
      case DE_IDENTIFIED -> speech.of(" (without your name)", "（已去标识）");
    };
  }

  // ---------------------------------------------------------------- correcting

  /** What a browser asks for it with; empty where it is not written in one line. */
  private static Optional<String> input(Field field) {
    return switch (field.type()) {
      case DATE -> Optional.of("date");
      case AGE -> Optional.of("number");
      case EMAIL -> Optional.of("email");
      case PHONE -> Optional.of("tel");
      case NAME, BANK_CARD, CN_RESIDENT_ID, CHOICE, TEXT -> Optional.of("text");
      case POSTAL_ADDRESS,
          EXTERNAL_ID,
          DEVICE_ID,
          DEVICE_TEXT,
          LANGUAGE,
          RESOLUTION,
          PLMN,
          POSITION,
          LOG_LINE,
          BIOMETRIC ->
          Optional.empty();
    };
  }

  private Field field(String name) {
    Field field = door.policy().declared(name);
    Category category = door.policy().categoryOf(name);
    if (field == null || category == null || category.about() != About.SUBJECT) {
      throw Call.NOT_FOUND.found();
    }
    return field;
  }

  Answer askToChange(Call call) {
    return door.signedIn(
        call,
        visitor ->
            CentreDoor.page(
                200,
                asking(
                    door.frame(call, visitor),
                    field(call.query("field")),
                    call.query("product"),
                    "",
                    null)));
  }

  private String asking(
      Frame frame, Field field, String product, String written, @Nullable String wrong) {
    if (!door.policy().covers(product)) {
      throw Call.NOT_FOUND.found();
    }
    String id = field.id().toString();
    return Centre.change(
        frame,
        new Changing(
            id,
            product,
            frame.speech().field(id),
            input(field).orElseThrow(Call.NOT_FOUND::found),
            field.choices(),
            written,
            Optional.ofNullable(wrong)));
  }

  Answer change(Call call) {
    return door.form(
        call,
        (visitor, form) -> {
          Field field = field(form.text("field"));
          String product = form.text("product");
          String written = form.text("value").strip();
          Frame frame = door.frame(call, visitor);
          requireSureOf(field, visitor);
          Object value =
              input(field).filter("number"::equals).isPresent() ? number(written) : written;
          // Asked for once more where it cannot be used, so that nothing written is lost.
          Collected collected =
              door.change(
                  changes ->
                      changes.correct(
                          visitor.session().subject(),
                          Collection.corrections(product, Map.of(field.id().toString(), value))));
          String why =
              switch (collected) {
                case Collected.Unknown _ -> throw Call.NOT_FOUND.found();
                case Collected.AliasTaken _ ->
                    frame
                        .speech()
                        .of(
                            "This cannot be used here. Write to us if it is yours.",
                            "此内容无法在此使用。如确为您所有，请写信给我们。");
                case Collected.Answer answer ->
                    answer.refused().isEmpty()
                        ? ""
                        : answer.refused().getFirst().sentence(door.language(call));
              };
          return why.isEmpty()
              ? CentreDoor.seeOther("/me/data?said=corrected")
              : CentreDoor.page(422, asking(frame, field, product, written, why));
        });
  }

  /** Whoever changes what somebody signs in with, takes their account. */
  private void requireSureOf(Field field, Visitor visitor) {
    if (field.lookup() == Lookup.ALIAS) {
      door.requireSteppedUp(visitor);
    }
  }

  private static Object number(String written) {
    return written.matches("[0-9]{1,3}") ? (Object) Integer.valueOf(written) : written;
  }

  // ---------------------------------------------------------------- deleting

  Answer askToDelete(Call call) {
    return door.signedIn(
        call,
        visitor -> {
          Frame frame = door.frame(call, visitor);
          Speech speech = frame.speech();
          Field field = field(call.query("field"));
          String name = speech.field(field.id().toString());
          List<String> points = new ArrayList<>();
          List<String> stops =
              serving(field.id()).stream()
                  .filter(purpose -> purpose.control() == Control.NONE)
                  .filter(purpose -> purpose.basis() == Basis.CONTRACT)
                  .map(purpose -> speech.purpose(purpose.id().value()))
                  .toList();
          points.add(
              stops.isEmpty()
                  ? speech.of("Nothing that you use needs it.", "您使用的功能都不需要它。")
                  : speech.of(
                      "These do without it from then on, or stop: " + speech.list(stops) + ".",
                      "以下功能将不再使用它，或因此停止：" + speech.list(stops) + "。"));
          points.add(
              speech.of(
                  "It is gone at once, and nobody brings it back from another source unless you give"
                      + " it again.",
                  "立即删除；除非您再次提供，否则任何来源都不会使其恢复。"));
          return CentreDoor.page(
              200,
              Centre.confirm(
                  frame,
                  new Confirm(
                      speech.of("Delete: ", "删除：") + name,
                      points,
                      "/me/data/delete",
                      field.id().toString(),
                      Optional.empty(),
                      speech.of("Delete it", "删除"),
                      "/me/data")));
        });
  }

  Answer delete(Call call) {
    return door.form(
        call,
        (visitor, form) -> {
          Field field = field(form.text("what"));
          requireSureOf(field, visitor);
          CentreDoor.require(
              door.change(
                  changes ->
                      changes.delete(visitor.session().subject(), List.of(field.id().toString()))));
          return CentreDoor.seeOther("/me/data?said=deleted");
        });
  }
}
