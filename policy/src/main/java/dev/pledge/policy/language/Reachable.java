package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy.About;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Kind;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks that what a purpose uses fits its channels (II.I.5): each channel has something to use, an
 * address of the person's own where it reaches people by one; and no address is listed that none of
 * the channels is for.
 */
final class Reachable {
  private final Problems problems;
  private final Declared declared;
  private final Map<FieldId, Field> fields = new HashMap<>();
  private final Map<FieldId, Category> categories = new HashMap<>();

  Reachable(Reading reading, List<Category> categories) {
    this.problems = reading.problems();
    this.declared = reading.declared();
    for (Category category : categories) {
      for (Field field : category.fields()) {
        this.fields.put(field.id(), field);
        this.categories.put(field.id(), category);
      }
    }
  }

  /** Looks at a purpose whose channels and fields could all be read. */
  void check(Keys keys, Value channels, Set<ChannelId> read, Value uses) {
    List<Scalar> ways = channels.words();
    List<Scalar> names = uses.words();
    boolean wellRead =
        ways.stream().allMatch(w -> PurposeReader.CHANNELS.words().containsKey(w.text()))
            && names.stream().allMatch(n -> declared.fieldsMeantBy(n.text()).isPresent());
    if (read.isEmpty() || names.isEmpty() || !wellRead) {
      return;
    }
    List<Field> used = names.stream().flatMap(this::fields).toList();
    ways.forEach(way -> checkChannel(keys, way, used));
    names.forEach(name -> fields(name).forEach(field -> checkAddress(keys, name, field, read)));
  }

  private Stream<Field> fields(Scalar name) {
    return declared.fieldsMeantBy(name.text()).orElse(Set.of()).stream()
        .sorted()
        .flatMap(id -> Optional.ofNullable(fields.get(id)).stream());
  }

  private void checkChannel(Keys keys, Scalar way, List<Field> used) {
    ChannelId channel = new ChannelId(way.text());
    boolean byAddress = FieldType.isReachedByAddress(channel);
    boolean reaches =
        used.stream()
            .map(field -> field.type().channels())
            .anyMatch(of -> byAddress ? of.contains(channel) : of.isEmpty());
    if (!reaches) {
      problems.error(
          way,
          "channel `" + channel + "` of " + keys.name() + " reaches nobody (II.I.5)",
          "list "
              + (byAddress ? "a field of type " + types(channel) : "a field that is no address")
              + " in `uses`, or remove the channel");
    }
  }

  private static String types(ChannelId channel) {
    return words(
        Stream.of(FieldType.values())
            .filter(type -> type.channels().contains(channel))
            .map(FieldType::word)
            .toList());
  }

  private void checkAddress(Keys keys, Scalar name, Field field, Set<ChannelId> channels) {
    Set<ChannelId> over = field.type().channels();
    Category category = categories.get(field.id());
    if (over.isEmpty() || category == null) {
      return;
    }
    String what = "`" + field.id() + "` in " + keys.name() + ", which has channels, ";
    if (channels.stream().noneMatch(over::contains)) {
      problems.error(
          name,
          what + "is an address for none of them (II.I.5)",
          "add channel " + words(over) + ", or list fields without it");
    } else if (category.about() == About.ANOTHER) {
      problems.error(
          name, what + "is somebody else's address", "list an address of the person's own");
    } else if (category.kind() == Kind.EVENT_SERIES) {
      problems.error(
          name, what + "is many addresses", "list a field of a category of kind `profile`");
    }
  }

  private static String words(Collection<?> words) {
    return words.stream()
        .map(word -> "`" + word + "`")
        .sorted()
        .collect(Collectors.joining(" or "));
  }
}
