package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One mapping being read. The keys asked for are the keys there are: {@link #finish} reports every
 * other.
 */
final class Keys {
  private final Optional<Mapping> mapping;
  private final Scalar owner;
  private final String name;
  private final Problems problems;
  private final Set<String> asked = new TreeSet<>();

  /**
   * @param owner where to point when a key is missing
   * @param name what the mapping describes, such as {@code purpose `promotion`}
   */
  Keys(Mapping mapping, Scalar owner, String name, Problems problems) {
    this(Optional.of(mapping), owner, name, problems);
  }

  private Keys(Optional<Mapping> mapping, Scalar owner, String name, Problems problems) {
    this.mapping = mapping;
    this.owner = owner;
    this.name = name;
    this.problems = problems;
  }

  /**
   * The keys under {@code entry}. When its value is not a mapping that is reported, and of the keys
   * nothing more is said.
   */
  static Keys under(Entry entry, String name, Problems problems) {
    return new Keys(mapping(entry.value(), name, problems), entry.key(), name, problems);
  }

  static Optional<Mapping> mapping(Node node, String name, Problems problems) {
    if (node instanceof Mapping mapping) {
      return Optional.of(mapping);
    }
    problems.error(
        node.place(),
        node.excerpt(),
        name + " must be a mapping of keys to values",
        "write `key: value` lines under it, or `{}` where nothing needs to be said");
    return Optional.empty();
  }

  String name() {
    return name;
  }

  Scalar owner() {
    return owner;
  }

  /** The value of {@code key}, which may be missing. */
  Value optional(String key) {
    asked.add(key);
    for (Entry entry : entries()) {
      if (entry.key().text().equals(key)) {
        return new Value(Optional.of(entry), "`" + key + "` of " + name, problems);
      }
    }
    return new Value(Optional.empty(), "`" + key + "` of " + name, problems);
  }

  /** The value of {@code key}; reported when missing, with {@code example} of what to write. */
  Value required(String key, String example) {
    Value value = optional(key);
    if (!value.isPresent() && mapping.isPresent()) {
      problems.error(owner, name + " has no `" + key + "`", "add `" + example + "`");
    }
    return value;
  }

  /** Reports the keys nobody asked for, as far as there is room for problems. */
  void finish() {
    Set<String> free = new TreeSet<>(asked);
    entries().forEach(used -> free.remove(used.key().text()));
    for (Entry entry : entries()) {
      if (!asked.contains(entry.key().text())) {
        problems.unknown(entry.key(), "key", name, free.isEmpty() ? asked : free);
        if (problems.isFull()) {
          return;
        }
      }
    }
  }

  private List<Entry> entries() {
    return mapping.map(Mapping::entries).orElse(List.of());
  }
}
