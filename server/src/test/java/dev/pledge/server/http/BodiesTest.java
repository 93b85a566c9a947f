package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a body costs is known before it is taken, however it is made. */
class BodiesTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What comes in is copied into ever larger buffers, and once more when it is whole. */
  private static final int COPIES = 4;

  private static byte[] body(String element, int bytes) {
    StringBuilder text = new StringBuilder(bytes).append("{\"values\":{\"a.b\":[").append(element);
    while (text.length() + element.length() + 10 < bytes) {
      text.append(',').append(element);
    }
    return text.append("]}}").toString().getBytes(UTF_8);
  }

  /** Reads a body as the endpoints do; how many bytes that took from the heap. */
  private static long taken(byte[] body) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      Members.of(Json.read(body), "", Set.of("values")).values("values", 1);
    } catch (ProblemFound tooMuch) {
      assertThat(tooMuch.problem().detail().english()).contains("20000");
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "[[[[]]]]",
        "{\"a\":1}",
        "{\"a\":{\"b\":{\"c\":1}}}",
        "1",
        "1.1",
        "123456789012345678901234567890",
        "\"\"",
        "\"zh\u4e2d\u6587\"",
        "true"
      })
  void bodyTakesNoMoreMemoryThanItIsCharged(String element) {
    taken(body(element, 1 << 16)); // loads what it needs once
    for (int bytes : new int[] {100, 1_000, 30_000, 300_000, 1 << 20}) {
      byte[] body = body(element, bytes);
      long taken = taken(body) + (long) COPIES * body.length;
      // The buffers of the parser are there once, for whoever comes next.
      assertThat(taken)
          .as("%d bytes of %s", body.length, element)
          .isLessThan(100_000L + Bodies.cost(body.length));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\u4e2d", "\\u4e2d"})
  void longTextTakesNoMoreMemoryThanItIsCharged(String letter) {
    byte[] body = body('"' + letter.repeat(400_000 / letter.length()) + '"', 1 << 20);
    taken(body);
    assertThat(taken(body) + (long) COPIES * body.length).isLessThan(Bodies.cost(body.length));
  }

  @Test
  void differentNamesTakeNoMoreMemoryThanTheyAreCharged() {
    StringBuilder text = new StringBuilder("{\"values\":{\"a.b\":{");
    for (int i = 0; i < 9_000; i++) {
      text.append(String.format(Locale.ROOT, "\"%05d\":{},", i));
    }
    byte[] body = text.append("\"x\":1}}}").toString().getBytes(UTF_8);
    taken(body);
    assertThat(taken(body) + (long) COPIES * body.length).isLessThan(Bodies.cost(body.length));
  }

  @Test
  void allBodiesTogetherTakeAQuarterOfTheHeapTheLauncherGives() {
    Limits limits = Limits.usual();
    assertThat((long) limits.memory()).isLessThanOrEqualTo((512L << 20) / 4);
    Admission admission = new Admission(limits);
    int largest = Bodies.cost(limits.bodyBytes());
    for (int i = 0; i < limits.memory() / largest; i++) {
      admission.memory("caller " + i).growTo(largest);
    }
    Admission.Memory oneTooMany = admission.memory("one more");
    assertThatThrownBy(() -> oneTooMany.growTo(largest)).hasMessage("overloaded");
  }

  @Test
  void memoryIsTakenAsTheBodyComesInAndGivenBack() {
    Limits limits = Limits.usual();
    Admission admission = new Admission(limits);
    int half = limits.memory() / 2;
    try (Admission.Memory memory = admission.memory("somebody");
        Admission.Memory rest = admission.memory("somebody else")) {
      memory.growTo(half);
      memory.growTo(1);
      rest.growTo(limits.memory() - half);
      Admission.Memory another = admission.memory("a third");
      assertThatThrownBy(() -> another.growTo(1)).hasMessage("overloaded");
    }
    admission.memory("a third").growTo(half);
  }

  @Test
  void nobodyTakesMoreThanHalfOfTheMemory() {
    Limits limits = Limits.usual();
    Admission admission = new Admission(limits);
    int half = limits.memory() / 2;
    try (Admission.Memory one = admission.memory("somebody");
        Admission.Memory two = admission.memory("somebody")) {
      one.growTo(half);
      assertThatThrownBy(() -> two.growTo(1)).hasMessage("too-many-at-once");
      admission.memory("somebody else").growTo(half);
    }
    admission.memory("somebody").growTo(half);
  }
}
