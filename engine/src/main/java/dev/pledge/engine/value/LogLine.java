package dev.pledge.engine.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of a log, {@code {event, attributes}}: what happened, and small facts about it. Event
 * and attributes are named by words a programmer chose, not by what a person typed; where they are
 * not, {@link MachineText} is what keeps them from being shown de-identified.
 */
final class LogLine {
  private static final Set<String> MEMBERS = Set.of("event", "attributes");
  private static final int MAX_BYTES = 4 * 1024;
  private static final int MAX_ATTRIBUTES = 32;
  private static final int MAX_TEXT = 256;
  private static final BigDecimal MAX_NUMBER = BigDecimal.TEN.pow(15);
  private static final MathContext COARSE = new MathContext(2, RoundingMode.HALF_UP);
  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");

  private LogLine() {}

  static Map<String, Object> read(@Nullable Object json) throws Unfit {
    Map<?, ?> given = Json.object(json, MEMBERS, Complaint.LOG_LINE);
    Map<String, Object> line = line(word(given.get("event")), attributes(given.get("attributes")));
    if (Json.write(line).length > MAX_BYTES) {
      throw new Unfit(Complaint.LOG_LINE_SIZE);
    }
    return line;
  }

  /**
   * The line without its texts, which may say anything, and with two significant digits of its
   * numbers, which may be somebody's. Attributes whose name points at somebody are left out; of a
   * line whose event does, nothing remains.
   */
  static Optional<Object> deidentified(Map<String, Object> line) {
    String event = (String) Json.member(line, "event");
    if (!MachineText.pointsAtNobody(event)) {
      return Optional.empty();
    }
    SortedMap<String, Object> kept = new TreeMap<>();
    ((Map<?, ?>) Json.member(line, "attributes"))
        .forEach((name, fact) -> keep((String) name, fact, kept));
    return Optional.of(line(event, kept));
  }

  private static void keep(String name, Object fact, SortedMap<String, Object> kept) {
    if (!MachineText.pointsAtNobody(name)) {
      return;
    }
    if (fact instanceof BigDecimal number) {
      kept.put(name, Json.plain(number.round(COARSE)));
    } else if (fact instanceof Boolean) {
      kept.put(name, fact);
    }
  }

  private static Map<String, Object> line(String event, SortedMap<String, Object> attributes) {
    SortedMap<String, Object> line = new TreeMap<>();
    line.put("event", event);
    line.put("attributes", Json.sealed(attributes));
    return Json.sealed(line);
  }

  private static SortedMap<String, Object> attributes(@Nullable Object json) throws Unfit {
    SortedMap<String, Object> attributes = new TreeMap<>();
    if (json == null) {
      return attributes;
    }
    if (!(json instanceof Map<?, ?> given) || given.size() > MAX_ATTRIBUTES) {
      throw new Unfit(Complaint.LOG_LINE);
    }
    for (Map.Entry<?, ?> attribute : given.entrySet()) {
      attributes.put(word(attribute.getKey()), fact(attribute.getValue()));
    }
    return attributes;
  }

  private static Object fact(@Nullable Object json) throws Unfit {
    return switch (json) {
      case Boolean truth -> truth;
      case String text -> Text.line(text, MAX_TEXT);
      case null, default -> number(json);
    };
  }

  private static BigDecimal number(@Nullable Object json) throws Unfit {
    BigDecimal number = Json.decimal(json, 9, Complaint.LOG_LINE);
    if (number.abs().compareTo(MAX_NUMBER) >= 0) {
      throw new Unfit(Complaint.LOG_LINE);
    }
    return number;
  }

  private static String word(@Nullable Object json) throws Unfit {
    if (json instanceof String word && WORD.matcher(word).matches()) {
      return word;
    }
    throw new Unfit(Complaint.LOG_LINE);
  }
}
