package dev.pledge.engine.value;

import java.util.Base64;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values that machines make and machines read, each a short ASCII word of its own form. */
final class Codes {
  private static final int MAX_ID = 128;
  private static final int MAX_LANGUAGE = 64;
  private static final int MAX_TEMPLATE = 16 * 1024;
  private static final int MAX_PIXELS = 100_000;

  private static final Pattern EXTERNAL_ID = Pattern.compile("[!-~]{1,128}");
  private static final Pattern DEVICE_ID = Pattern.compile("[A-Za-z0-9:._-]{1,128}");
  private static final Pattern RESOLUTION =
      Pattern.compile("([1-9][0-9]{0,5})[xX×]([1-9][0-9]{0,5})");
  private static final Pattern PLMN = Pattern.compile("[0-9]{5,6}");

  private Codes() {}

  static String externalId(@Nullable Object json) throws Unfit {
    String id = matching(EXTERNAL_ID, Text.code(json, MAX_ID), Complaint.EXTERNAL_ID);
    if (Text.isStars(id)) {
      throw new Unfit(Complaint.MASKED);
    }
    return id;
  }

  static String deviceId(@Nullable Object json) throws Unfit {
    return matching(DEVICE_ID, Text.code(json, MAX_ID), Complaint.DEVICE_ID);
  }

  static String plmn(@Nullable Object json) throws Unfit {
    return matching(PLMN, Text.code(json, 6), Complaint.PLMN);
  }

  static String resolution(@Nullable Object json) throws Unfit {
    Matcher matcher = RESOLUTION.matcher(Text.code(json, 13));
    if (!matcher.matches()) {
      throw new Unfit(Complaint.RESOLUTION);
    }
    int width = Integer.parseInt(matcher.group(1));
    int height = Integer.parseInt(matcher.group(2));
    if (width > MAX_PIXELS || height > MAX_PIXELS) {
      throw new Unfit(Complaint.RESOLUTION);
    }
    return width + "x" + height;
  }

  static boolean isExternalId(String text) {
    return EXTERNAL_ID.matcher(text).matches();
  }

  static boolean isDeviceId(String text) {
    return DEVICE_ID.matcher(text).matches();
  }

  /** The canonical tag; {@code zh_CN}, as many devices write it, is {@code zh-CN}. */
  static String language(@Nullable Object json) throws Unfit {
    String tag = Text.code(json, MAX_LANGUAGE).replace('_', '-');
    try {
      Locale locale = new Locale.Builder().setLanguageTag(tag).build();
      if (!locale.getLanguage().isEmpty()) {
        return locale.toLanguageTag();
      }
    } catch (IllformedLocaleException e) {
      // Falls through to the complaint.
    }
    throw new Unfit(Complaint.LANGUAGE);
  }

  static String biometric(@Nullable Object json) throws Unfit {
    String written = Text.code(json, (MAX_TEMPLATE + 2) / 3 * 4);
    try {
      byte[] template = Base64.getDecoder().decode(written);
      if (template.length > 0 && template.length <= MAX_TEMPLATE) {
        return Base64.getEncoder().encodeToString(template);
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the complaint.
    }
    throw new Unfit(Complaint.BIOMETRIC);
  }

  /** {@code …} and the last four characters of twelve or more; nothing of a shorter one. */
  static String tail(String id) {
    return id.length() < 12 ? Masks.HIDDEN : "…" + id.substring(id.length() - 4);
  }

  static String primaryLanguage(String tag) {
    return Locale.forLanguageTag(tag).getLanguage();
  }

  private static String matching(Pattern form, String text, Complaint otherwise) throws Unfit {
    if (!form.matcher(text).matches()) {
      throw new Unfit(otherwise);
    }
    return text;
  }
}
