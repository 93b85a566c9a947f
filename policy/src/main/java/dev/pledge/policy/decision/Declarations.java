package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one policy version declares, names as dense indices and lists as bits, and the rules it is
 * decided by. Immutable; decides nothing by itself.
 */
final class Declarations {
  /** The index of a name that the policy does not declare. */
  static final int UNDECLARED = -1;

  private final Policy source;
  private final int rules;

  private final Field[] fields;
  private final Category[] categoryOf;
  private final List<List<Retention>> retentionOf;
  private final @Nullable Period dormancy;
  private final Purpose[] purposes;
  private final ProductId[] products;
  private final BitSet[] uses;
  private final int[][] purposesUsing;

  /** Per purpose, the channels it may use; a single null where it does not tell them apart. */
  private final List<List<@Nullable ChannelId>> channels = new ArrayList<>();

  private final Map<String, Integer> fieldIndex = new HashMap<>();
  private final Map<String, Integer> purposeIndex = new HashMap<>();
  private final Map<String, Integer> productIndex = new HashMap<>();
  private final Set<String> knownChannels;
  private final Set<String> conditions;

  Declarations(Policy source, Set<Rule> rules) {
    this.source = source;
    this.rules = rules.stream().mapToInt(Declarations::bit).sum();
    List<Field> allFields = new ArrayList<>();
    List<Category> categories = new ArrayList<>();
    for (Category category : source.categories()) {
      for (Field field : category.fields()) {
        fieldIndex.put(field.id().toString(), allFields.size());
        allFields.add(field);
        categories.add(category);
      }
    }
    this.fields = allFields.toArray(Field[]::new);
    this.categoryOf = categories.toArray(Category[]::new);
    this.retentionOf = allFields.stream().map(field -> retention(source, field)).toList();
    this.dormancy = source.dormancy().orElse(null);
    // which ground is found first must not depend on the order of the file
    this.purposes =
        source.purposes().stream()
            .sorted(Comparator.comparing(Purpose::basis).thenComparing(Purpose::id))
            .toArray(Purpose[]::new);
    for (int p = 0; p < purposes.length; p++) {
      purposeIndex.put(purposes[p].id().value(), p);
      List<@Nullable ChannelId> ways = new ArrayList<>(new TreeSet<>(purposes[p].channels()));
      channels.add(ways.isEmpty() ? Collections.singletonList(null) : ways);
    }
    this.products = source.products().toArray(ProductId[]::new);
    for (ProductId product : products) {
      productIndex.put(product.value(), productIndex.size());
    }
    this.uses = new BitSet[purposes.length];
    Arrays.setAll(uses, p -> bits(purposes[p].uses()));
    this.purposesUsing = purposesUsing();
    this.knownChannels =
        source.purposes().stream()
            .flatMap(purpose -> purpose.channels().stream())
            .map(ChannelId::value)
            .collect(Collectors.toUnmodifiableSet());
    this.conditions =
        source.categories().stream()
            .flatMap(category -> category.requires().stream())
            .map(ConditionId::value)
            .collect(Collectors.toUnmodifiableSet());
  }

  private static List<Retention> retention(Policy source, Field field) {
    return source.retention().stream().filter(kept -> kept.of().contains(field.id())).toList();
  }

  private int[][] purposesUsing() {
    int[][] result = new int[fields.length][];
    Arrays.setAll(
        result, f -> IntStream.range(0, purposes.length).filter(p -> uses[p].get(f)).toArray());
    return result;
  }

  /** The fields as bits; an undeclared one has none. */
  BitSet bits(Set<FieldId> ids) {
    BitSet bits = new BitSet(fields.length);
    for (FieldId id : ids) {
      int field = fieldNamed(id.toString());
      if (field != UNDECLARED) {
        bits.set(field);
      }
    }
    return bits;
  }

  /** The purposes as bits; an undeclared one has none. */
  BitSet purposeBits(Set<PurposeId> ids) {
    BitSet bits = new BitSet(purposes.length);
    for (PurposeId id : ids) {
      int purpose = purposeNamed(id.value());
      if (purpose != UNDECLARED) {
        bits.set(purpose);
      }
    }
    return bits;
  }

  Policy source() {
    return source;
  }

  /** Whether decisions are made with the rule; a clause's test leaves one out. */
  boolean keeps(Rule rule) {
    return (rules & bit(rule)) != 0;
  }

  private static int bit(Rule rule) {
    return 1 << rule.ordinal();
  }

  int fieldNamed(String name) {
    return fieldIndex.getOrDefault(name, UNDECLARED);
  }

  int purposeNamed(String name) {
    return purposeIndex.getOrDefault(name, UNDECLARED);
  }

  int productNamed(String name) {
    return productIndex.getOrDefault(name, UNDECLARED);
  }

  boolean knowsChannel(String name) {
    return knownChannels.contains(name);
  }

  boolean knowsCondition(String name) {
    return conditions.contains(name);
  }

  Field field(int field) {
    return fields[field];
  }

  /** Whether the purpose uses the field only with explicit consent, whatever the person's age. */
  boolean asksForSensitive(int purpose, int field) {
    return fields[field].sensitivity() == Sensitivity.SENSITIVE
        && purposes[purpose].sensitiveCondition().isEmpty();
  }

  Category categoryOf(int field) {
    return categoryOf[field];
  }

  /** How long somebody may not use a product before they are dormant for it, or null. */
  @Nullable Period dormancy() {
    return dormancy;
  }

  List<Retention> retentionOf(int field) {
    return retentionOf.get(field);
  }

  ProductId product(int product) {
    return products[product];
  }

  int purposeCount() {
    return purposes.length;
  }

  Purpose purpose(int purpose) {
    return purposes[purpose];
  }

  boolean uses(int purpose, int field) {
    return uses[purpose].get(field);
  }

  /** The fields the purpose lists. */
  IntStream usedBy(int purpose) {
    return uses[purpose].stream();
  }

  /** The purposes that list the field, by basis and name. */
  int[] purposesUsing(int field) {
    return purposesUsing[field];
  }

  /** The channels the purpose may use; a single null where it does not tell them apart. */
  List<@Nullable ChannelId> channels(int purpose) {
    return channels.get(purpose);
  }

  /** Whether the product has the purpose; one that names no products is of all of them. */
  boolean isOf(int purpose, ProductId product) {
    return purposes[purpose].isOf(product);
  }

  /** Whether the purpose waits for nobody's word. */
  boolean isCompelling(int purpose) {
    return purposes[purpose].basis().isCompelling();
  }

  /** The channel asked for, or null if the purpose does not have it. */
  @Nullable ChannelId channelOf(Question question, int purpose) {
    for (ChannelId channel : purposes[purpose].channels()) {
      if (channel.value().equals(question.channel())) {
        return channel;
      }
    }
    return null;
  }

  /**
   * The channel a use of the field is asked over, or all those over which a collected value could
   * be used; none where the field does not open over it.
   */
  List<@Nullable ChannelId> channelsOf(Question question, int purpose, int field) {
    List<@Nullable ChannelId> asked =
        question.act() == Act.COLLECT
            ? channels.get(purpose)
            : Collections.singletonList(channelOf(question, purpose));
    return asked.stream().filter(channel -> opensOver(field, channel)).toList();
  }

  /** Whether the field may be used over the channel (rule {@code PURPOSE}). */
  boolean opensOver(int field, @Nullable ChannelId channel) {
    return !keeps(Rule.PURPOSE) || fields[field].type().opensOver(channel);
  }
}
