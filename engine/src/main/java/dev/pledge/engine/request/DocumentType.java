package dev.pledge.engine.request;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What documents may be, told by their first bytes alone; nothing looks further into one. A file
 * that is something else besides is nothing but this wherever it is given out.
 */
public enum DocumentType {
  PDF("application/pdf", "pdf", "%PDF-"),
  PNG("image/png", "png", "\u0089PNG\r\n\u001a\n"),
  JPEG("image/jpeg", "jpg", "\u00ff\u00d8\u00ff");

  private final String media;
  private final String ending;

  /** A character for each byte. */
  private final String first;

  DocumentType(String media, String ending, String first) {
    this.media = media;
    this.ending = ending;
    this.first = first;
  }

  /** The media type. */
  public String media() {
    return media;
  }

  /** How the name of such a file ends. */
  public String ending() {
    return ending;
  }

  /** What the bytes begin like, or empty if it is none of these. */
  public static Optional<DocumentType> of(byte[] content) {
    return Arrays.stream(values()).filter(type -> type.begins(content)).findFirst();
  }

  /** The type whose media type that is, exactly. */
  public static Optional<DocumentType> ofMedia(String media) {
    return Arrays.stream(values()).filter(type -> type.media.equals(media)).findFirst();
  }

  private boolean begins(byte[] content) {
    if (content.length <= first.length()) {
      return false;
    }
    for (int i = 0; i < first.length(); i++) {
      if ((content[i] & 0xff) != first.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
