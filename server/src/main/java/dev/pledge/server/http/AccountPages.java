package dev.pledge.server.http;

import dev.pledge.engine.Pledge;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.gate.Closed;
import dev.pledge.engine.signin.Session;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.ProductId;
import dev.pledge.server.centre.Centre;
import dev.pledge.server.centre.Confirm;
import dev.pledge.server.centre.Frame;
import dev.pledge.server.centre.Gone;
import dev.pledge.server.centre.Leaving;
import dev.pledge.server.centre.SignedIn;
import dev.pledge.server.centre.Speech;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Where somebody is signed in, and how to leave (V.3). */
final class AccountPages {
  private final Pledge pledge;
  private final CentreDoor door;

  AccountPages(CentreDoor door, Pledge pledge) {
    this.door = door;
    this.pledge = pledge;
  }

  Answer show(Call call) {
    return door.signedIn(
        call,
        visitor -> {
          Frame frame = door.frame(call, visitor);
          Speech speech = frame.speech();
          SubjectState state = door.choices(visitor).state();
          return CentreDoor.page(
              200,
              Centre.account(
                  frame,
                  new SignedIn(
                      pledge.sessions(visitor.session().subject()).stream()
                          .map(session -> place(session, visitor, speech))
                          .toList()),
                  new Leaving(
                      CentreDoor.open(state).stream()
                          .map(
                              product ->
                                  new Leaving.Account(
                                      product.value(), speech.product(product.value())))
                          .toList())));
        });
  }

  private static SignedIn.Place place(Session session, CentreDoor.Visitor visitor, Speech speech) {
    return new SignedIn.Place(
        session.id().toString(),
        session.device().isEmpty() ? speech.of("A browser", "浏览器") : session.device(),
        moment(session.createdAt(), speech),
        moment(session.usedAt(), speech),
        session.id().equals(visitor.session().id()));
  }

  private static String moment(Instant at, Speech speech) {
    return speech.day(at) + " " + speech.time(at);
  }

  Answer endSession(Call call) {
    return door.form(
        call,
        (visitor, form) -> {
          UUID session;
          try {
            session = UUID.fromString(form.text("session"));
          } catch (IllegalArgumentException none) {
            throw Call.NOT_FOUND.found();
          }
          boolean found =
              door.change(changes -> changes.endSession(visitor.session().subject(), session));
          if (!found) {
            throw Call.NOT_FOUND.found();
          }
          return CentreDoor.seeOther("/me/account?said=ended");
        });
  }

  Answer endOtherSessions(Call call) {
    return door.form(
        call,
        (visitor, form) -> {
          var _ =
              door.change(
                  changes ->
                      changes.endOtherSessions(
                          visitor.session().subject(), visitor.session().id()));
          return CentreDoor.seeOther("/me/account?said=ended");
        });
  }

  Answer askToClose(Call call) {
    return door.signedIn(
        call,
        visitor -> {
          Frame frame = door.frame(call, visitor);
          Speech speech = frame.speech();
          ProductId product = product(call.query("product"), visitor);
          return CentreDoor.page(
              200,
              Centre.confirm(
                  frame,
                  new Confirm(
                      speech.of("Close this account: ", "注销此账号：") + speech.product(product.value()),
                      List.of(
                          speech.of(
                              "This product stops using your data at once, and all you said yes to"
                                  + " in it is over.",
                              "该产品立即停止使用您的数据，您的同意随之终止。"),
                          speech.of(
                              "What was kept for it alone goes within the time the policy states;"
                                  + " what the law orders to be kept stays for as long as it says.",
                              "仅为其保留的信息将在政策规定的期限内删除；法律要求保留的除外。"),
                          speech.of(
                              "What other products of ours hold about you stays.",
                              "我们的其他产品持有的信息不受影响。")),
                      "/me/account/close",
                      product.value(),
                      Optional.empty(),
                      speech.of("Close it", "注销"),
                      "/me/account")));
        });
  }

  private ProductId product(String name, CentreDoor.Visitor visitor) {
    return CentreDoor.open(door.choices(visitor).state()).stream()
        .filter(product -> product.value().equals(name))
        .findFirst()
        .orElseThrow(Call.NOT_FOUND::found);
  }

  Answer close(Call call) {
    return door.form(
        call,
        (visitor, form) -> {
          ProductId product = product(form.text("what"), visitor);
          Closed closed =
              door.change(
                  changes -> changes.close(visitor.session().subject(), product.value(), Set.of()));
          if (!closed.unmet().isEmpty()) {
            throw Problem.of(
                    ProblemType.CLOSING_CONDITIONS,
                    "Something is still open in the product; close the account there, where it says"
                        + " what.",
                    "产品中仍有未了事项，请在产品内注销，其中会说明原因。")
                .because("V.3")
                .found();
          }
          CentreDoor.require(closed.outcome());
          return CentreDoor.seeOther("/me/account?said=closed");
        });
  }

  Answer askToErase(Call call) {
    return door.signedIn(
        call,
        visitor -> {
          Frame frame = door.frame(call, visitor);
          Speech speech = frame.speech();
          return CentreDoor.page(
              200,
              Centre.confirm(
                  frame,
                  new Confirm(
                      speech.of("Erase everything", "删除全部信息"),
                      List.of(
                          speech.of(
                              "All our products lose your data at once. Nobody can read them any"
                                  + " more, we ourselves included.",
                              "我们的所有产品立即失去您的数据，包括我们自己在内，任何人都无法再读取。"),
                          speech.of(
                              "What you objected to stays known, without your name, so that nobody"
                                  + " brings you back onto a list.",
                              "您拒绝过的事项会以不含姓名的方式保留，以免您再次被列入名单。"),
                          speech.of(
                              "You get a certificate that says what is gone since when, and what"
                                  + " the law keeps, if anything.",
                              "您会得到一份证书，载明删除时间以及法律要求保留的内容（如有）。")),
                      "/me/account/erase",
                      "everything",
                      Optional.of(
                          speech.of("I want everything about me to be erased", "我要删除关于我的全部信息")),
                      speech.of("Erase everything", "删除全部信息"),
                      "/me/account")));
        });
  }

  Answer erase(Call call) {
    return door.form(
        call,
        (visitor, form) -> {
          if (!form.optional("tick").filter("yes"::equals).isPresent()) {
            return CentreDoor.seeOther("/me/account/erase");
          }
          door.requireSteppedUp(visitor);
          Frame frame = door.frame(call, null);
          Erased erased = door.change(changes -> changes.erase(visitor.session().subject()));
          Gone gone =
              switch (erased) {
                case Erased.Certificate certificate ->
                    new Gone(
                        certificate.recoverableUntil().map(frame.speech()::day),
                        certificate.signed());
                case Erased.Unknown _ -> throw Call.NOT_FOUND.found();
              };
          return CentreDoor.page(200, Centre.gone(frame, gone))
              .with("Set-Cookie", door.sessionCookie("", 0));
        });
  }
}
