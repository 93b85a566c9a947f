package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A mapping of a file of settings, such as the thresholds of alarms, read as a policy is: plain
 * YAML, and every mistake told with its place and what to write instead. What is missing has the
 * usual value, which whoever reads names. Not for use by several threads.
 */
public final class Settings {
  private static final int LONGEST_NAME = 64;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  private final Optional<Keys> keys;
  private final List<Keys> opened;
  private final Problems problems;

  private Settings(Optional<Keys> keys, List<Keys> opened, Problems problems) {
    this.keys = keys;
    this.opened = opened;
    this.problems = problems;
    keys.ifPresent(opened::add);
  }

  /**
   * What was read, or everything that is wrong.
   *
   * @param value empty if there are problems
   */
  public record Read<T>(Optional<T> value, List<Problem> problems) {
    public Read {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads a file's bytes.
   *
   * @param file its name, for messages
   * @param name what the settings are, such as {@code the watch}
   */
  public static <T> Read<T> read(
      String file, byte[] bytes, String name, Function<Settings, T> reader) {
    Problems problems = new Problems();
    Optional<Mapping> top =
        SourceText.decode(file, ByteBuffer.wrap(bytes), problems)
            .flatMap(source -> YamlTree.read(source, problems));
    List<Keys> opened = new ArrayList<>();
    Optional<Keys> keys =
        top.map(all -> new Keys(all, new Scalar(all.place(), "", false), name, problems));
    T value = reader.apply(new Settings(keys, opened, problems));
    opened.forEach(Keys::finish);
    return new Read<>(
        problems.hasErrors() ? Optional.empty() : Optional.of(value), problems.sorted());
  }

  /** The mapping under {@code key}; where there is none, one in which everything is as usual. */
  public Settings section(String key) {
    return new Settings(value(key).flatMap(Value::keys), opened, problems);
  }

  /** A whole number from {@code least} to {@code most}. */
  public int number(String key, int least, int most, int usual) {
    return value(key).flatMap(value -> value.number(least, most)).orElse(usual);
  }

  /** A time of hours and minutes, at least {@code least} and at most {@code most}. */
  public Duration time(String key, Duration least, Duration most, Duration usual) {
    Optional<Value> value = value(key);
    Optional<Duration> time = value.flatMap(Value::hours);
    if (time.isPresent() && (time.get().compareTo(least) < 0 || time.get().compareTo(most) > 0)) {
      problems.error(
          value.flatMap(Value::word),
          value.orElseThrow().what() + " is out of range",
          "write a time from `" + least + "` to `" + most + "`");
    }
    return time.orElse(usual);
  }

  /**
   * A word that {@code parse} takes; it throws {@link RuntimeException} for any other.
   *
   * @param remedy what to write instead of any other
   */
  public <T> T word(String key, Function<String, T> parse, String remedy, T usual) {
    Optional<Value> value = value(key);
    Optional<Scalar> word = value.flatMap(Value::word);
    if (word.isEmpty()) {
      return usual;
    }
    try {
      return parse.apply(word.get().text());
    } catch (RuntimeException malformed) {
      problems.error(
          word.get(),
          value.orElseThrow().what() + " is " + Quoted.of(word.get().text()),
          Names.remedy(word.get().text(), remedy));
      return usual;
    }
  }

  /** At least one of the constants of an enum, by their names in lower case. */
  public <E extends Enum<E>> Set<E> some(String key, String kind, Class<E> type, Set<E> usual) {
    Optional<Value> value = value(key);
    if (value.isEmpty()) {
      return usual;
    }
    List<E> some = value.get().someOf(Vocabulary.of(kind, type.getEnumConstants()));
    if (value.get().isEmptyCollection()) {
      problems.error(value.get().key(), value.get().what() + " lists nothing", "list at least one");
    }
    return some.isEmpty() ? usual : EnumSet.copyOf(some);
  }

  /** The mappings under {@code key} by their names, in the order of the file. */
  public Map<String, Settings> sections(String key, String kind) {
    Map<String, Settings> sections = new LinkedHashMap<>();
    for (Node.Entry entry : value(key).map(Value::entries).orElse(List.of())) {
      String name = entry.key().text();
      if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
        problems.error(
            entry.key(),
            "malformed name " + Quoted.of(name),
            Names.remedy(
                name, "use lower-case letters, digits and single hyphens, starting with a letter"));
      } else {
        Keys section = Keys.under(entry, kind + " " + Quoted.of(name), problems);
        sections.put(name, new Settings(Optional.of(section), opened, problems));
      }
    }
    return sections;
  }

  /** Says nothing of keys that nobody asked for, since what is wrong leaves open what they mean. */
  public void leave() {
    keys.ifPresent(opened::remove);
  }

  /** {@code true} or {@code false}; {@code false} when missing. */
  public boolean flag(String key) {
    return value(key).map(value -> value.flag(false)).orElse(false);
  }

  /**
   * A word that has to be there, and that {@code parse} takes; it throws {@link RuntimeException}
   * for any other.
   *
   * @param example what to write where it is missing or is another
   * @return empty after reporting what is wrong
   */
  public <T> Optional<T> required(String key, Function<String, T> parse, String example) {
    keys.ifPresent(all -> all.required(key, key + ": " + example));
    return word(
        key,
        text -> Optional.of(parse.apply(text)),
        "write it as `" + example + "`",
        Optional.empty());
  }

  /**
   * At least one word that {@code parse} takes; others are reported and left out.
   *
   * @param remedy what to write instead of any other
   * @param example of what to write where there is none
   */
  public <T> List<T> words(String key, Function<String, T> parse, String remedy, String example) {
    keys.ifPresent(all -> all.required(key, key + ": [" + example + "]"));
    Optional<Value> value = value(key);
    if (value.filter(Value::isEmptyCollection).isPresent()) {
      problems.error(value.get().key(), value.get().what() + " lists nothing", "list at least one");
    }
    List<T> parsed = new ArrayList<>();
    for (Scalar word : value.map(Value::words).orElse(List.of())) {
      try {
        parsed.add(parse.apply(word.text()));
      } catch (RuntimeException malformed) {
        problems.error(
            word,
            "an entry of " + value.orElseThrow().what() + " is " + Quoted.of(word.text()),
            Names.remedy(word.text(), remedy));
      }
    }
    return parsed;
  }

  /** Reports what is wrong with the value of a key, or with what is missing where it would be. */
  public void refuse(String key, String message, String remedy) {
    Optional<Scalar> at = value(key).flatMap(Value::key);
    problems.error(at.isPresent() ? at : keys.map(Keys::owner), message, remedy);
  }

  private Optional<Value> value(String key) {
    return keys.map(all -> all.optional(key)).filter(Value::isPresent);
  }
}
