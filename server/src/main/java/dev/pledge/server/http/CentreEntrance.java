package dev.pledge.server.http;

import dev.pledge.engine.Changes;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.audit.HistoryFilter;
import dev.pledge.engine.gate.SubjectView;
import dev.pledge.engine.signin.Session;
import dev.pledge.engine.signin.Sessions.Begun;
import dev.pledge.engine.signin.Sessions.HandOver;
import dev.pledge.policy.decision.Switch;
import dev.pledge.server.centre.Centre;
import dev.pledge.server.centre.Frame;
import dev.pledge.server.centre.Happening;
import dev.pledge.server.centre.Home;
import dev.pledge.server.centre.Sentences;
import dev.pledge.server.centre.Speech;
import dev.pledge.server.http.CentreSettings.Invited;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** How people come into the Privacy Centre and leave it, and what stands at its entrance. */
final class CentreEntrance {
  private static final int LATELY = 4;
  private static final int LOOKED_THROUGH = 40;
  private static final Set<String> ICONS =
      Set.of("data.svg", "choices.svg", "history.svg", "account.svg");

  private final Pledge pledge;
  private final Supplier<List<Invited>> invited;
  private final ChoicePages choosing;
  private final CentreDoor door;

  CentreEntrance(
      CentreDoor door, Pledge pledge, Supplier<List<Invited>> invited, ChoicePages choosing) {
    this.door = door;
    this.pledge = pledge;
    this.invited = invited;
    this.choosing = choosing;
  }

  Answer home(Call call) {
    Optional<CentreDoor.Visitor> visitor = door.visitor(call);
    if (visitor.isEmpty()) {
      boolean ended = "ended".equals(call.optionalQuery("said"));
      return CentreDoor.page(200, Centre.welcome(door.frame(call, null), ended));
    }
    Frame frame = door.frame(call, visitor.get());
    SubjectView.Choices choices = door.choices(visitor.get());
    List<Switch> switches = choosing.switches(choices.state());
    return CentreDoor.page(
        200,
        Centre.home(
            frame,
            new Home(
                choosing.offers(switches),
                (int) switches.stream().filter(Switch::isOn).count(),
                switches.size(),
                lately(visitor.get(), frame.speech()))));
  }

  private List<Happening> lately(CentreDoor.Visitor visitor, Speech speech) {
    Sentences sentences = new Sentences(speech);
    return door.history(visitor, HistoryFilter.NONE, null, LOOKED_THROUGH).lines().stream()
        .filter(line -> !Sentences.isOwnLook(line))
        .limit(LATELY)
        .map(sentences::of)
        .toList();
  }

  /** Nothing is used up by looking: whoever scans links for viruses signs nobody in. */
  Answer handedOver(Call call) {
    String token = call.optionalQuery("token");
    if (token == null || pledge.whoseLink(token).isEmpty()) {
      throw linkIsOver();
    }
    return CentreDoor.page(200, Centre.handOver(door.frame(call, null), token));
  }

  private static ProblemFound linkIsOver() {
    return Problem.of(
            ProblemType.NOT_FOUND,
            "This link was used, or is older than five minutes. Open the Privacy Centre from the"
                + " product again.",
            "此链接已被使用或已超过五分钟。请从产品中重新打开隐私中心。")
        .found();
  }

  Answer signIn(Call call) {
    if (!call.visit().isOurs()) {
      throw CentreDoor.notOurs();
    }
    String token = FormBody.read(call.body()).text("token");
    Begun begun =
        pledge.signIn(token, call.visit().device()).orElseThrow(CentreEntrance::linkIsOver);
    // Whoever was signed in with this browser before is so no more.
    door.visitor(call)
        .ifPresent(before -> door.end(before.session().subject(), before.session().id()));
    return CentreDoor.seeOther(begun.place())
        .with("Set-Cookie", door.sessionCookie(begun.secret(), (int) Session.LONGEST.toSeconds()));
  }

  Answer demo(Call call) {
    List<Invited> people = invited.get();
    if (people.isEmpty()) {
      throw Call.NOT_FOUND.found();
    }
    Frame frame = door.frame(call, null);
    return CentreDoor.page(
        200,
        Centre.demo(
            frame,
            people.stream()
                .map(each -> frame.speech().of(each.english(), each.chinese()))
                .toList()));
  }

  /** As a product would hand them over. */
  Answer enterDemo(Call call) {
    if (!call.visit().isOurs()) {
      throw CentreDoor.notOurs();
    }
    List<Invited> people = invited.get();
    String who = FormBody.read(call.body()).text("who");
    if (!who.matches("[0-9]{1,2}") || Integer.parseInt(who) >= people.size()) {
      throw Call.NOT_FOUND.found();
    }
    Invited person = people.get(Integer.parseInt(who));
    String link =
        door.change(
            changes ->
                switch (changes.handOver(
                    person.subject(),
                    new HandOver(
                        door.policy().source().products().stream().sorted().toList().getLast(),
                        CentreDoor.HOME,
                        true))) {
                  case Changes.HandedOver.Done(var made, var _) -> made.secret();
                  case Changes.HandedOver.Unknown _ -> throw Call.NOT_FOUND.found();
                });
    return CentreDoor.seeOther("/me/hand-over?token=" + link);
  }

  Answer signOut(Call call) {
    return door.form(
        call,
        (visitor, form) -> {
          door.end(visitor.session().subject(), visitor.session().id());
          return CentreDoor.seeOther(CentreDoor.HOME + "?said=ended")
              .with("Set-Cookie", door.sessionCookie("", 0));
        });
  }

  Answer language(Call call) {
    String to = "zh".equals(call.optionalQuery("to")) ? "zh" : "en";
    String back = call.optionalQuery("back");
    return CentreDoor.seeOther(
            back != null && CentreDoor.PLACES.contains(back) ? back : CentreDoor.HOME)
        .with("Set-Cookie", door.languageCookie(to));
  }

  Answer style(Call call) {
    return new Answer.Whole(200, "text/css; charset=utf-8", Map.of(), Pages.resource("centre.css"))
        .with("Cache-Control", "public, max-age=300");
  }

  Answer icon(Call call) {
    String name = call.path().get("icon");
    if (!ICONS.contains(name)) {
      throw Call.NOT_FOUND.found();
    }
    return new Answer.Whole(200, "image/svg+xml", Map.of(), Pages.resource("icons/" + name))
        .with("Cache-Control", "public, max-age=86400");
  }

  Answer gpc(Call call) {
    return Answer.json(200, Json.object().put("gpc", true).put("lastUpdate", "2026-11-28"));
  }
}
