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
  /** Every key of the language: none of them is another one misspelt. */
  static final Set<String> EVERY =
      Set.of(
          """
          about acts-as age-from agreement announce-above answer-within approver assessment
          basis before-acceptance before-guardian binds-to break-glass case categories
          channels choices clause closing closing-within collects companies company complaints-within
          conditions confirm-within consent consideration contact continued-use-accepts
          control controlled-by controller critical-infrastructure data destinations dormancy
          effective email exception extend-by fields from grace handed-over-by held-by how id
          incidents jurisdictions keep kind languages leaving lookup mask maximum may-reveal method
          minimum minors name nature notice notify of only-fields-named opt-out-within
          outside-causes override people pledge pooling products programme publication purposes
          recipients recovery regulator requests requires retention review-within reviewer revision
          roles safeguards scope sees sensitive sensitive-because sensitive-under sources tell-person
          then transfer type under undertaking undertakings unknown-age until uses version
          view
          """
              .strip()
              .split("\\s+", -1));

  /** Mappings written by people are smaller. */
  private static final int MOST_GUESSED_AMONG = 64;

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
    return new Value(find(entries(), key), "`" + key + "` of " + name, problems);
  }

  /**
   * The entry of {@code key}; where there is none, one that is no key at all and was probably meant
   * to be this: that it is unknown is told by {@link #finish}, and nothing else follows from it.
   */
  static Optional<Entry> find(List<Entry> entries, String key) {
    Optional<Entry> exact =
        entries.stream().filter(entry -> entry.key().text().equals(key)).findFirst();
    return exact.isPresent() || entries.size() > MOST_GUESSED_AMONG
        ? exact
        : entries.stream()
            .filter(entry -> !EVERY.contains(entry.key().text()))
            .filter(entry -> Nearest.to(entry.key().text(), Set.of(key)).isPresent())
            .findFirst();
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
        String text = entry.key().text();
        boolean written = Nearest.to(text, free).isEmpty() && Nearest.to(text, asked).isPresent();
        problems.unknown(entry.key(), "key", name, written || free.isEmpty() ? asked : free);
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
