package dev.pledge.engine.keys;

import static dev.pledge.engine.keys.Deployment.RANDOM;
import static dev.pledge.engine.keys.Deployment.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.keys.ReplyKeys.Request;
import dev.pledge.policy.names.ActorId;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReplyKeysTest {
  private static final byte[] ANSWER = utf8("answer");
  private static final UUID DEPLOYMENT = UUID.randomUUID();

  private final Primitives primitives = Primitives.with(RANDOM);
  private final EpochBundle first = EpochBundle.random(RANDOM);
  private final EpochBundle second = EpochBundle.random(RANDOM);
  private final ReplyKeys before = keys(DEPLOYMENT, 1, 1);
  private final ReplyKeys rotating = keys(DEPLOYMENT, 2, 1, 2);
  private final ReplyKeys after = keys(DEPLOYMENT, 2, 2);

  private ReplyKeys keys(UUID deployment, int current, int... living) {
    var bundles = new TreeMap<Integer, EpochBundle>();
    for (int epoch : living) {
      bundles.put(epoch, epoch == 1 ? first : second);
    }
    return new ReplyKeys(deployment, Deployment.epochs(current, bundles), primitives);
  }

  private static Request request(String actor, String key, String asked) {
    return new Request(new ActorId(actor), key, utf8(asked));
  }

  @Test
  void onlyTheSameRequestOpensItsAnswer() {
    Request request = request("crm", "key", "asked");
    byte[] sealed = before.keep(request, ANSWER).sealed();
    assertThat(before.open(request("crm", "key", "asked"), 1, sealed)).isEqualTo(ANSWER);
    for (Request other :
        List.of(
            request("crm", "key", "asked else"),
            request("crm", "key2", "asked"),
            request("crm2", "key", "asked"),
            request("crm", "keyasked", ""))) {
      assertThatThrownBy(() -> before.open(other, 1, sealed)).isInstanceOf(UnsealException.class);
    }
    assertThatThrownBy(() -> keys(UUID.randomUUID(), 1, 1).open(request, 1, sealed))
        .isInstanceOf(UnsealException.class);
    sealed[20] ^= 1;
    assertThatThrownBy(() -> before.open(request, 1, sealed)).isInstanceOf(UnsealException.class);
  }

  @Test
  void theNameIsTheActorsAndKeysWhateverWasAsked() {
    byte[] name = before.keep(request("crm", "key", "asked"), ANSWER).name();
    assertThat(name)
        .hasSize(32)
        .isEqualTo(before.keep(request("crm", "key", "asked else"), ANSWER).name());
    assertThat(name)
        .isNotEqualTo(before.keep(request("crm", "key2", "asked"), ANSWER).name())
        .isNotEqualTo(before.keep(request("crmk", "ey", "asked"), ANSWER).name())
        .isNotEqualTo(
            keys(UUID.randomUUID(), 1, 1).keep(request("crm", "key", "asked"), ANSWER).name())
        .isNotEqualTo(after.keep(request("crm", "key", "asked"), ANSWER).name());
  }

  @Test
  void whatWasKeptIsFoundWhileItsEpochLives() {
    Request request = request("crm", "key", "asked");
    byte[] name = before.keep(request, ANSWER).name();
    byte[] sealed = before.keep(request, ANSWER).sealed();
    assertThat(rotating.keep(request, ANSWER).epoch()).isEqualTo(2);
    assertThat(rotating.names(request)).containsExactly(name, after.keep(request, ANSWER).name());
    assertThat(rotating.open(request, 1, sealed)).isEqualTo(ANSWER);
    assertThat(after.names(request)).doesNotContain(name);
    assertThatThrownBy(() -> after.open(request, 1, sealed)).isInstanceOf(UnsealException.class);
  }

  @Test
  void nothingPrintsTheRequest() {
    assertThat(request("crm", "key", "asked") + " " + before).isEqualTo("[redacted] [redacted]");
  }
}
