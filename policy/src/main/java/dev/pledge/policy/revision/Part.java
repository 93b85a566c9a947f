package dev.pledge.policy.revision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A kind of part of a policy: what it is called, what tells one from another, and its aspects.
 *
 * @param added what it means when there is one more
 * @param removed what it means when there is one less
 */
record Part<T>(
    String kind,
    Class<T> type,
    Function<T, Object> key,
    Weight added,
    Weight removed,
    List<Aspect<T>> aspects) {

  Part {
    aspects = List.copyOf(aspects);
  }

  /** The changes from some parts to others, those of one part together. */
  List<Change> changes(List<T> before, List<T> after) {
    Map<Object, T> then = byKey(before);
    Map<Object, T> now = byKey(after);
    List<Change> changes = new ArrayList<>();
    now.forEach(
        (name, part) -> {
          T was = then.get(name);
          if (was == null) {
            changes.add(new Change(added, called(name), "", "new"));
          } else {
            changes.addAll(changes(called(name), was, part));
          }
        });
    then.forEach(
        (name, _) -> {
          if (!now.containsKey(name)) {
            changes.add(new Change(removed, called(name), "", "gone"));
          }
        });
    return changes;
  }

  /** The changes of one part. */
  List<Change> changes(String called, T before, T after) {
    return aspects.stream()
        .filter(aspect -> !aspect.value().apply(before).equals(aspect.value().apply(after)))
        .map(
            aspect ->
                aspect.change(called, aspect.value().apply(before), aspect.value().apply(after)))
        .toList();
  }

  private String called(Object name) {
    return kind + " `" + Aspect.word(name) + "`";
  }

  private Map<Object, T> byKey(List<T> parts) {
    Map<Object, T> map = new LinkedHashMap<>();
    parts.forEach(part -> map.put(key.apply(part), part));
    return map;
  }
}
