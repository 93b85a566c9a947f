package dev.pledge.engine.value;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** An age in completed years. */
final class Age {
  /** So few people are older that they are shown as one. */
  static final int POOLED_FROM = 90;

  private static final int MAX = 150;

  private Age() {}

  static Integer read(@Nullable Object json) throws Unfit {
    return switch (json) {
      case null -> throw new Unfit(Complaint.MISSING);
      case Integer age -> inRange(age);
      case Long age -> inRange(age);
      case BigInteger age when age.bitLength() < Long.SIZE -> inRange(age.longValue());
      default -> throw new Unfit(Complaint.AGE);
    };
  }

  /** The ten-year span, such as {@code 30–39}. */
  static String decade(int age) {
    if (age >= POOLED_FROM) {
      return POOLED_FROM + "+";
    }
    int first = age / 10 * 10;
    return first + "–" + (first + 9);
  }

  private static Integer inRange(long age) throws Unfit {
    if (age < 0 || age > MAX) {
      throw new Unfit(Complaint.AGE);
    }
    return (int) age;
  }
}
