package dev.pledge.engine.value;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A point on the Earth (WGS 84), {@code {latitude, longitude, accuracy?}}: degrees to seven
 * decimals, about a centimetre; metres to two.
 */
final class Position {
  private static final Set<String> MEMBERS = Set.of("latitude", "longitude", "accuracy");
  private static final BigDecimal POLE = BigDecimal.valueOf(90);
  private static final BigDecimal DATE_LINE = BigDecimal.valueOf(180);
  private static final BigDecimal CIRCLE = BigDecimal.valueOf(360);
  private static final BigDecimal MAX_ACCURACY = BigDecimal.valueOf(1_000_000);

  private Position() {}

  static Map<String, Object> read(@Nullable Object json) throws Unfit {
    Map<?, ?> given = Json.object(json, MEMBERS, Complaint.POSITION);
    SortedMap<String, Object> position = new TreeMap<>();
    position.put("latitude", within(POLE, degrees(given.get("latitude"))));
    position.put("longitude", within(DATE_LINE, degrees(given.get("longitude"))));
    if (given.get("accuracy") != null) {
      position.put("accuracy", metres(given.get("accuracy")));
    }
    return Json.sealed(position);
  }

  /**
   * The cell the point lies in, of a fixed grid of {@code step} degrees: an area, so that it never
   * equals a point, and points on its edge are hidden like all others. Towards the poles, where
   * meridians meet, cells take in more degrees of longitude, beyond 80° all of them.
   */
  static Map<String, Object> cell(Map<String, Object> position, BigDecimal step) {
    BigDecimal south = floor((BigDecimal) Json.member(position, "latitude"), POLE, step);
    BigDecimal north = south.add(step);
    BigDecimal width = width(south.abs().max(north.abs()), step);
    BigDecimal west = floor((BigDecimal) Json.member(position, "longitude"), DATE_LINE, width);
    SortedMap<String, Object> cell = new TreeMap<>();
    cell.put("south", Json.plain(south));
    cell.put("north", Json.plain(north));
    cell.put("west", Json.plain(west));
    cell.put("east", Json.plain(west.add(width)));
    return Json.sealed(cell);
  }

  private static BigDecimal width(BigDecimal farthest, BigDecimal step) {
    if (farthest.compareTo(BigDecimal.valueOf(60)) <= 0) {
      return step;
    }
    return farthest.compareTo(BigDecimal.valueOf(80)) <= 0
        ? step.multiply(BigDecimal.valueOf(3))
        : CIRCLE;
  }

  /** The edge at or below {@code degrees}, counted from {@code -end}; the last cell has its end. */
  private static BigDecimal floor(BigDecimal degrees, BigDecimal end, BigDecimal step) {
    BigDecimal cells = degrees.add(end).divide(step, 0, RoundingMode.FLOOR);
    BigDecimal last = end.add(end).divide(step, 0, RoundingMode.FLOOR).subtract(BigDecimal.ONE);
    return cells.min(last).multiply(step).subtract(end);
  }

  private static BigDecimal degrees(@Nullable Object json) throws Unfit {
    return Json.decimal(json, 7, Complaint.POSITION);
  }

  private static BigDecimal metres(@Nullable Object json) throws Unfit {
    BigDecimal metres = within(MAX_ACCURACY, Json.decimal(json, 2, Complaint.POSITION));
    if (metres.signum() < 0) {
      throw new Unfit(Complaint.POSITION_RANGE);
    }
    return metres;
  }

  private static BigDecimal within(BigDecimal limit, BigDecimal number) throws Unfit {
    if (number.abs().compareTo(limit) > 0) {
      throw new Unfit(Complaint.POSITION_RANGE);
    }
    return number;
  }
}
