package dev.pledge.server.http;

import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.ConsentChange;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.decision.Switch;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.server.centre.Centre;
import dev.pledge.server.centre.Choosing;
import dev.pledge.server.centre.Frame;
import dev.pledge.server.centre.Option;
import dev.pledge.server.centre.Speech;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** What people decide, and moving its switches (V.2). */
final class ChoicePages {
  private final CentreDoor door;

  ChoicePages(CentreDoor door) {
    this.door = door;
  }

  List<Switch> switches(SubjectState state) {
    CompiledPolicy policy = door.policy();
    return CentreDoor.open(state).stream()
        .flatMap(product -> policy.switches(product, state).stream())
        .toList();
  }

  int offers(List<Switch> switches) {
    return (int) switches.stream().filter(Switch::isOn).filter(this::isOffer).count();
  }

  private boolean isOffer(Switch each) {
    Purpose purpose =
        door.policy().forProduct(each.product().value()).declaredPurpose(each.purpose());
    return purpose != null && purpose.nature() == Nature.PROMOTION;
  }

  Answer show(Call call) {
    return door.signedIn(
        call,
        visitor -> {
          Frame frame = door.frame(call, visitor);
          SubjectState state = door.choices(visitor).state();
          List<Switch> switches = switches(state);
          List<Choosing.OfProduct> products = new ArrayList<>();
          for (ProductId product : CentreDoor.open(state)) {
            List<Switch> own =
                switches.stream().filter(each -> each.product().equals(product)).toList();
            products.add(
                new Choosing.OfProduct(
                    product.value(),
                    frame.speech().product(product.value()),
                    groups(own, state, frame.speech())));
          }
          return CentreDoor.page(
              200,
              Centre.choices(
                  frame,
                  new Choosing(call.visit().globalPrivacyControl(), offers(switches), products)));
        });
  }

  private List<Choosing.Group> groups(List<Switch> switches, SubjectState state, Speech speech) {
    Map<String, List<Switch>> byPurpose =
        switches.stream()
            .collect(
                Collectors.groupingBy(Switch::purpose, LinkedHashMap::new, Collectors.toList()));
    List<Choosing.Group> groups = new ArrayList<>();
    byPurpose.forEach(
        (purpose, own) -> {
          String name = name(purpose, speech);
          groups.add(
              new Choosing.Group(
                  name,
                  own.getFirst().clause().value(),
                  speech.clause(own.getFirst().clause()),
                  speech.passage(own.getFirst().clause()),
                  own.stream().map(each -> option(each, name, state, speech)).toList()));
        });
    return groups;
  }

  private static String name(String purpose, Speech speech) {
    return purpose.equals(CompiledPolicy.POOLING)
        ? speech.of("Other products of ours using what this one has", "我们的其他产品使用此产品的信息")
        : speech.purpose(purpose);
  }

  private Option option(Switch each, String name, SubjectState state, Speech speech) {
    boolean child = door.policy().isChild(state);
    Optional<String> detail =
        each.channel()
            .map(channel -> speech.channel(channel.value()))
            .or(
                () ->
                    each.coverage() == Coverage.SENSITIVE
                        ? Optional.of(
                            speech.of("Also with sensitive data: ", "同时使用敏感信息：")
                                + sensitive(each, speech))
                        : Optional.empty());
    Optional<String> fixed =
        child && !each.isOn()
            ? Optional.of(speech.of("A guardian of yours decides this.", "由您的监护人决定。"))
            : Optional.empty();
    return new Option(name, detail, each.isOn(), state(each, speech), fixed, word(each));
  }

  private String sensitive(Switch each, Speech speech) {
    CompiledPolicy terms = door.policy().forProduct(each.product().value());
    return speech.list(
        terms.usedFor(each.purpose(), each.product().value()).stream()
            .filter(
                field ->
                    Objects.requireNonNull(terms.declared(field.toString())).sensitivity()
                        == dev.pledge.policy.decision.Policy.Sensitivity.SENSITIVE)
            .map(field -> speech.field(field.toString()))
            .toList());
  }

  private static String state(Switch each, Speech speech) {
    return switch (each.position()) {
      case GRANTED -> speech.of("On: you said yes.", "开启：您已同意。");
      case REFUSED -> speech.of("Off: you said no.", "关闭：您已拒绝。");
      case LAPSED ->
          speech.of(
              "Off: what you said yes to has changed. Say yes again if you wish.",
              "关闭：您同意的内容已变更，如愿意请重新同意。");
      case UNANSWERED ->
          each.isOn()
              ? speech.of("On until you say no.", "默认开启，您可拒绝。")
              : speech.of("Off: you have not said yes.", "关闭：您尚未同意。");
    };
  }

  /** What a form calls a switch; looked up among those there are, and never taken apart. */
  private static String word(Switch each) {
    return String.join(
        " ",
        each.product().value(),
        each.purpose(),
        each.channel().map(ChannelId::value).orElse("-"),
        each.coverage().name().toLowerCase(Locale.ROOT));
  }

  Answer choose(Call call) {
    return door.form(
        call,
        (visitor, form) -> {
          String choice = form.text("choice");
          boolean on = form.text("to").equals("on");
          Switch chosen =
              switches(door.choices(visitor).state()).stream()
                  .filter(each -> word(each).equals(choice))
                  .findFirst()
                  .orElseThrow(Call.NOT_FOUND::found);
          move(call, visitor, List.of(chosen), on, "moved-switch");
          return CentreDoor.seeOther("/me/choices?said=" + (on ? "on" : "off"));
        });
  }

  Answer stopOffers(Call call) {
    return door.form(
        call,
        (visitor, form) -> {
          List<Switch> offers =
              switches(door.choices(visitor).state()).stream()
                  .filter(Switch::isOn)
                  .filter(this::isOffer)
                  .toList();
          move(call, visitor, offers, false, "pressed-button");
          String back =
              form.optional("back").filter(CentreDoor.PLACES::contains).orElse(CentreDoor.HOME);
          return CentreDoor.seeOther(back + "?said=stopped");
        });
  }

  private void move(
      Call call, CentreDoor.Visitor visitor, List<Switch> switches, boolean on, String act) {
    Evidence evidence =
        new Evidence(
            act,
            door.policy().version().toString(),
            door.language(call).getLanguage(),
            door.now(),
            "privacy-centre");
    // What is refused is on the log, too: looked at once it is there.
    List<Outcome> outcomes =
        door.change(
            changes -> {
              List<Outcome> made = new ArrayList<>();
              for (Switch each : switches) {
                made.add(changes.consent(visitor.session().subject(), change(each, on, evidence)));
              }
              return made;
            });
    outcomes.forEach(CentreDoor::require);
  }

  /** Whoever says no to a use says no to it with sensitive data, too. */
  private static ConsentChange change(Switch each, boolean on, Evidence evidence) {
    Coverage coverage =
        !on && each.coverage() == Coverage.ORDINARY ? Coverage.ALL : each.coverage();
    return new ConsentChange(
        each.purpose(),
        on ? SubjectState.Answer.GRANTED : SubjectState.Answer.WITHDRAWN,
        each.product().value(),
        each.channel().map(ChannelId::value).orElse(null),
        coverage,
        By.SELF,
        evidence);
  }
}
