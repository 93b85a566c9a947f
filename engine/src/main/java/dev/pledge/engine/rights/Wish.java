package dev.pledge.engine.rights;

import dev.pledge.engine.request.RequestKind;
import dev.pledge.engine.value.Tree;
import dev.pledge.engine.value.UnusableInput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What somebody asks for, in names and words as they wrote them. Kept sealed.
 *
 * @param product which product it is about; a closing needs one, and a correction too
 * @param text in their own words; a complaint, an appeal and a restriction need it
 * @param fields of a deletion: which; none for everything there is
 * @param values of a correction: a JSON tree for each field
 * @param purpose of an objection: which; {@code pooling} is one
 * @param channel of an objection: over which; empty for all
 */
public record Wish(
    RequestKind kind,
    Optional<String> product,
    Optional<String> text,
    List<String> fields,
    Map<String, Object> values,
    Optional<String> purpose,
    Optional<String> channel) {
  /** The longest text, in characters. */
  public static final int LONGEST = 4_000;

  /** The most fields and values. */
  public static final int MOST_FIELDS = 64;

  public Wish {
    fields = List.copyOf(fields);
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    text.ifPresent(words -> Wording.require(words, "text", LONGEST));
    allow(kind == RequestKind.CORRECTION, !values.isEmpty(), "values");
    allow(kind == RequestKind.DELETION, !fields.isEmpty(), "fields");
    allow(kind == RequestKind.OBJECTION, purpose.isPresent(), "purpose");
    allow(kind == RequestKind.OBJECTION, channel.isPresent(), "channel");
    allow(kind != RequestKind.DELETION, product.isPresent(), "product");
    boolean needsText =
        switch (kind) {
          case COMPLAINT, APPEAL, RESTRICTION -> true;
          case ACCESS, CORRECTION, DELETION, OBJECTION, CLOSING -> false;
        };
    require(!needsText || text.isPresent(), "text");
    require(kind != RequestKind.CORRECTION || !values.isEmpty(), "values");
    require(kind != RequestKind.CORRECTION || product.isPresent(), "product");
    require(kind != RequestKind.CLOSING || product.isPresent(), "product");
    require(kind != RequestKind.OBJECTION || purpose.isPresent(), "purpose");
    if (fields.size() > MOST_FIELDS || new HashSet<>(fields).size() < fields.size()) {
      throw new UnusableInput(
          "fields",
          "name at most " + MOST_FIELDS + " fields, each once",
          "最多指明 " + MOST_FIELDS + " 个信息项，且不得重复");
    }
  }

  /**
   * What somebody wrote, if it can be kept.
   *
   * @param member its name, as callers know it
   * @throws UnusableInput if it is empty, too long, or holds control characters
   */
  public static String words(String text, String member) {
    Wording.require(text, member, LONGEST);
    return text;
  }

  private static void allow(boolean allowed, boolean there, String member) {
    if (there && !allowed) {
      throw new UnusableInput(
          member, "this kind of request has none; leave it out", "此类请求没有该成员，请删去");
    }
  }

  private static void require(boolean there, String member) {
    if (!there) {
      throw new UnusableInput(member, "this kind of request needs it", "此类请求需要该成员");
    }
  }

  /** An appeal in these words. */
  static Wish appeal(String text) {
    return new Wish(
        RequestKind.APPEAL,
        Optional.empty(),
        Optional.of(text),
        List.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty());
  }

  byte[] bytes() {
    Map<String, Object> tree = new TreeMap<>();
    product.ifPresent(name -> tree.put("product", name));
    text.ifPresent(words -> tree.put("text", words));
    tree.put("fields", fields);
    tree.put("values", values);
    purpose.ifPresent(name -> tree.put("purpose", name));
    channel.ifPresent(name -> tree.put("channel", name));
    return Tree.write(tree);
  }

  @SuppressWarnings("unchecked") // what `bytes` wrote
  static Wish of(RequestKind kind, byte[] bytes) {
    Map<String, Object> tree = Tree.read(bytes);
    List<String> fields = new ArrayList<>();
    ((List<Object>) Objects.requireNonNull(tree.get("fields")))
        .forEach(field -> fields.add((String) field));
    return new Wish(
        kind,
        Optional.ofNullable((String) tree.get("product")),
        Optional.ofNullable((String) tree.get("text")),
        fields,
        (Map<String, Object>) Objects.requireNonNull(tree.get("values")),
        Optional.ofNullable((String) tree.get("purpose")),
        Optional.ofNullable((String) tree.get("channel")));
  }

  /** Nothing that the person wrote. */
  @Override
  public String toString() {
    return "Wish[" + kind + ", [redacted]]";
  }
}
