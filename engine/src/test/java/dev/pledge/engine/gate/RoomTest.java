package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.audit.Overloaded;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoomTest {
  private static final long SEALED = 5 * 1024;
  private static final long ONE_VALUE = 8 * SEALED;

  private final Room room = new Room(10 * ONE_VALUE, Duration.ZERO);

  @Test
  void howeverMuchIsAskedForItIsTakenOnceAllIsFree() {
    try (Room.Held all = room.take(1_000)) {
      assertThatThrownBy(() -> room.take(1)).isInstanceOf(Overloaded.class);
      all.resizeFor(10 * SEALED);
      assertThatThrownBy(() -> all.resizeFor(11 * SEALED)).isInstanceOf(Overloaded.class);
    }
    assertFree(10);
  }

  @Test
  void whatWasNotNeededIsGivenBack() {
    try (Room.Held held = room.take(10)) {
      held.resizeFor(SEALED);
      assertFree(9);
    }
    assertFree(10);
  }

  @Test
  void valuesThatAreLargerTakeMore() {
    try (Room.Held held = room.take(1)) {
      held.resizeFor(3 * SEALED);
      assertFree(7);
      assertThatThrownBy(() -> held.resizeFor(11 * SEALED)).isInstanceOf(Overloaded.class);
      assertFree(7);
    }
    assertFree(10);
  }

  private void assertFree(int values) {
    try (Room.Held held = room.take(values)) {
      assertThatThrownBy(() -> room.take(1)).isInstanceOf(Overloaded.class);
      held.resizeFor(0);
    }
  }
}
