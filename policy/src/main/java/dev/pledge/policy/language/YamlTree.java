package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Node.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Builds the tree of a policy file from the events of a YAML 1.2 parser. One document, at most
 * {@value #MAX_DEPTH} levels and {@value #MAX_PARTS} parts, no anchors, aliases, tags or
 * directives, every key a word written once: what is left is what an author can see.
 *
 * <p>Without recursion, so that no input exhausts the stack.
 */
final class YamlTree {
  static final int MAX_DEPTH = 32;

  /** A tree takes a hundred times as much memory as the shortest text it can be written in. */
  static final int MAX_PARTS = 200_000;

  private final SourceText source;
  private final Problems problems;
  private final Deque<Open> open = new ArrayDeque<>();
  private Optional<Node> root = Optional.empty();

  private int parts;

  /** Whether the tree would not be what the author wrote. */
  private boolean broken;

  /** Whether there is no sense in reading on. */
  private boolean stopped;

  /** A list or mapping whose end has not been reached; a mapping's keys and values alternate. */
  private record Open(Place place, boolean mapping, List<Node> parts) {}

  private YamlTree(SourceText source, Problems problems) {
    this.source = source;
    this.problems = problems;
  }

  /** The top-level mapping, or empty after reporting why there is none. */
  static Optional<Mapping> read(SourceText source, Problems problems) {
    YamlTree tree = new YamlTree(source, problems);
    tree.readAll();
    return tree.broken ? Optional.empty() : tree.top();
  }

  private void readAll() {
    LoadSettings settings = LoadSettings.builder().setLabel(source.file()).build();
    try {
      Iterator<Event> events = new Parse(settings).parseString(source.text()).iterator();
      while (!stopped && events.hasNext()) {
        accept(events.next());
      }
    } catch (MarkedYamlEngineException wrong) {
      Place at = wrong.getProblemMark().map(this::place).orElseGet(source::start);
      notYaml(at, wrong.getProblem() == null ? "" : ": " + Quoted.visible(wrong.getProblem()));
    } catch (RuntimeException wrong) {
      // The parser is not ours and its failures are not all declared; whatever it throws, this
      // text is not a policy.
      notYaml(source.start(), "");
    }
  }

  private Optional<Mapping> top() {
    if (root.isPresent() && root.get() instanceof Mapping mapping) {
      return Optional.of(mapping);
    }
    boolean policy = source.file().equals(PolicySource.POLICY);
    String it = policy ? "the policy" : "the file";
    problems.error(
        root.map(Node::place).orElseGet(source::start),
        root.map(Node::excerpt).orElse(""),
        it + (root.isPresent() ? " is no mapping of keys to values" : " is empty"),
        policy ? "start with `pledge: 1`" : "write `key: value` lines");
    return Optional.empty();
  }

  private void notYaml(Place at, String detail) {
    broken = true;
    problems.error(
        at,
        "",
        "not valid YAML" + detail,
        "check the indentation, brackets and quotes before here");
  }

  private void accept(Event event) {
    if (event instanceof NodeEvent && ++parts > MAX_PARTS) {
      stopped = true;
      broken = true;
      refuse(event, "more than " + MAX_PARTS + " words, lists and mappings", "shorten the file");
      return;
    }
    switch (event) {
      case DocumentStartEvent start -> start(start);
      case AliasEvent alias -> alias(alias);
      case ScalarEvent scalar -> scalar(scalar);
      case CollectionStartEvent start -> begin(start);
      case CollectionEndEvent _ -> end();
      default -> {}
    }
  }

  private void start(DocumentStartEvent start) {
    if (root.isPresent()) {
      stopped = true;
      refuse(start, "a second document (`---`)", "put one policy in a file");
    } else if (start.getSpecVersion().isPresent() || !start.getTags().isEmpty()) {
      refuse(start, "a directive (`%`)", "remove it");
    }
  }

  private void alias(AliasEvent event) {
    refuse(event, "an alias (`*`)", "write the value out");
    broken = true;
    add(new Scalar(place(event), "*", true));
  }

  private void scalar(ScalarEvent event) {
    event.getTag().ifPresent(tag -> refuse(event, "a tag (`!`)", "remove it"));
    refuseAnchor(event);
    Place at = place(event);
    String text = event.getValue();
    if (text.codePoints().anyMatch(c -> c != '\n' && c != '\t' && Quoted.isForbidden(c))) {
      refuse(event, "an escaped character that cannot be seen", "remove it");
    }
    add(new Scalar(at, text, event.isPlain()));
  }

  private void begin(CollectionStartEvent event) {
    event.getTag().ifPresent(tag -> refuse(event, "a tag (`!`)", "remove it"));
    refuseAnchor(event);
    if (open.size() == MAX_DEPTH) {
      stopped = true;
      broken = true;
      refuse(event, "more than " + MAX_DEPTH + " levels", "nest less deeply");
    }
    open.push(new Open(place(event), event instanceof MappingStartEvent, new ArrayList<>()));
  }

  private void refuseAnchor(NodeEvent event) {
    if (event.getAnchor().isPresent()) {
      refuse(event, "an anchor (`&`)", "remove it and write each value out");
    }
  }

  private void end() {
    Open closed = open.pop();
    add(
        closed.mapping()
            ? new Mapping(closed.place(), entries(closed.parts()))
            : new Sequence(closed.place(), List.copyOf(closed.parts())));
  }

  private List<Entry> entries(List<Node> parts) {
    List<Entry> entries = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i + 1 < parts.size(); i += 2) {
      if (!(parts.get(i) instanceof Scalar key) || key.isEmpty()) {
        problems.error(
            parts.get(i).place(), parts.get(i).excerpt(), "a key must be a word", "name the key");
      } else if (!seen.add(key.text())) {
        problems.error(
            key,
            "key " + Quoted.of(key.text()) + " stands here a second time",
            "keep one of the two");
      } else {
        entries.add(new Entry(key, parts.get(i + 1)));
      }
    }
    return List.copyOf(entries);
  }

  private void add(Node node) {
    if (open.isEmpty()) {
      root = Optional.of(node);
    } else {
      open.peek().parts().add(node);
    }
  }

  private void refuse(Event at, String what, String remedy) {
    problems.error(place(at), "", what + " is not allowed in a policy", remedy);
  }

  private Place place(Event event) {
    return event.getStartMark().map(this::place).orElseGet(source::start);
  }

  private Place place(Mark mark) {
    return new Place(source, mark.getLine() + 1, mark.getColumn() + 1);
  }
}
