package dev.pledge.policy.names;

/**
 * A field of a category, written {@code category.field}, such as {@code contact.email} (I.*).
 *
 * <p>A malformed part throws {@link IllegalArgumentException}.
 */
public record FieldId(CategoryId category, String name) implements Comparable<FieldId> {
  public FieldId {
    Name.requireSimple(name, "field");
  }

  /**
   * Reads {@code category.field}.
   *
   * @throws IllegalArgumentException if there is not exactly one dot, or a part is malformed
   */
  public static FieldId of(String text) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      throw new IllegalArgumentException("malformed field name; write `category.field`");
    }
    return new FieldId(new CategoryId(text.substring(0, dot)), text.substring(dot + 1));
  }

  @Override
  public int compareTo(FieldId other) {
    int byCategory = category.compareTo(other.category);
    return byCategory != 0 ? byCategory : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return category.value() + "." + name;
  }
}
