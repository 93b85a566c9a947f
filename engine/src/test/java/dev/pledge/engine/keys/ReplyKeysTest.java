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
    return new ReplyKeys(deployment, new Epochs(current, bundles), primitives);
  }

  private static Request request(String actor, String key, String asked) {
    return new Request(new ActorId(actor), key, utf8(asked));
  }

  @Test
  void onlyTheSameRequestOpensItsAnswer() {
    Request request = request("crm", "key", "asked");
    byte[] sealed = before.seal(request, ANSWER);
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
    byte[] name = before.name(request("crm", "key", "asked"));
    assertThat(name).hasSize(32).isEqualTo(before.name(request("crm", "key", "asked else")));
    assertThat(name)
        .isNotEqualTo(before.name(request("crm", "key2", "asked")))
        .isNotEqualTo(before.name(request("crmk", "ey", "asked")))
        .isNotEqualTo(keys(UUID.randomUUID(), 1, 1).name(request("crm", "key", "asked")))
        .isNotEqualTo(after.name(request("crm", "key", "asked")));
  }

  @Test
  void whatWasKeptIsFoundWhileItsEpochLives() {
    Request request = request("crm", "key", "asked");
    byte[] name = before.name(request);
    byte[] sealed = before.seal(request, ANSWER);
    assertThat(rotating.epoch()).isEqualTo(2);
    assertThat(rotating.names(request)).containsExactly(name, after.name(request));
    assertThat(rotating.open(request, 1, sealed)).isEqualTo(ANSWER);
    assertThat(after.names(request)).doesNotContain(name);
    assertThatThrownBy(() -> after.open(request, 1, sealed)).isInstanceOf(UnsealException.class);
  }

  @Test
  void nothingPrintsTheRequest() {
    assertThat(request("crm", "key", "asked") + " " + before).isEqualTo("[redacted] [redacted]");
  }
}
