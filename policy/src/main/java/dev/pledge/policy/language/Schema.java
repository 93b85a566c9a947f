package dev.pledge.policy.language;

/**
 * The JSON Schemas (draft 2020-12) by which editors complete, explain and check the files of a
 * policy. They say what a file may look like, key by key; whether it is sound, only {@link
 * PolicyCheck} says.
 */
public enum Schema {
  /** Of {@code policy.yaml}. */
  POLICY("policy.schema.json"),
  /** Of {@code labels.<language>.yaml}. */
  LABELS("labels.schema.json"),
  /** Of the files with what is different in one product. */
  TERMS("terms.schema.json");

  private final String file;

  Schema(String file) {
    this.file = file;
  }

  /** The name of the file it is published as. */
  public String file() {
    return file;
  }

  /** The schema, as JSON. */
  public String text() {
    return Resource.text(Resource.class, file);
  }
}
