package dev.pledge.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KindTest {
  @Test
  void everyConstantIsKnown() throws IllegalAccessException {
    List<Kind> constants = new ArrayList<>();
    for (Field field : Kind.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == Kind.class) {
        constants.add((Kind) field.get(null));
      }
    }
    assertThat(constants).hasSizeGreaterThan(30);
    assertThat(Kind.KNOWN).containsExactlyInAnyOrderElementsOf(constants);
  }
}
