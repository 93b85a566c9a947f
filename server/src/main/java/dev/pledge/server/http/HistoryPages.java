package dev.pledge.server.http;

import dev.pledge.engine.audit.HistoryFilter;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.log.Kind;
import dev.pledge.server.centre.Centre;
import dev.pledge.server.centre.Frame;
import dev.pledge.server.centre.Histories;
import dev.pledge.server.centre.Sentences;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** Who used somebody's data (V.1). */
final class HistoryPages {
  private static final int PAGE = 30;
  private final CentreDoor door;

  HistoryPages(CentreDoor door) {
    this.door = door;
  }

  Answer show(Call call) {
    return door.signedIn(
        call,
        visitor -> {
          Frame frame = door.frame(call, visitor);
          String kind = Objects.requireNonNullElse(call.optionalQuery("kind"), "all");
          HistoryFilter filter =
              switch (kind) {
                case "read" -> only(Optional.of(Kind.READ), Optional.empty());
                case "refused" ->
                    only(Optional.empty(), Optional.of(dev.pledge.log.Outcome.REFUSED));
                default -> HistoryFilter.NONE;
              };
          AccessHistory.Page page =
              door.history(visitor, filter, call.optionalQuery("cursor"), PAGE);
          Sentences sentences = new Sentences(frame.speech());
          Predicate<AccessHistory.Line> ownLook = Sentences::isOwnLook;
          return CentreDoor.page(
              200,
              Centre.history(
                  frame,
                  new Histories(
                      kind,
                      page.lines().stream().filter(ownLook.negate()).map(sentences::of).toList(),
                      page.next()
                          .map(
                              next ->
                                  "/me/history?kind="
                                      + URLEncoder.encode(kind, StandardCharsets.UTF_8)
                                      + "&cursor="
                                      + URLEncoder.encode(next, StandardCharsets.UTF_8)))));
        });
  }

  private static HistoryFilter only(Optional<Kind> kind, Optional<dev.pledge.log.Outcome> outcome) {
    return new HistoryFilter(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), kind, outcome);
  }
}
