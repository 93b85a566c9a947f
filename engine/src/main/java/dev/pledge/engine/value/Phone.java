package dev.pledge.engine.value;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A phone number in E.164, such as {@code +8613800138000}, if libphonenumber knows its range.
 * Extensions and numbers in letters are refused.
 *
 * <p>A number has one form as far as that library knows its range. Prefixes that went out of use
 * are refused and not rewritten: of Mexico {@code +52 55 1234 5678} is taken and {@code +52 1 55
 * 1234 5678}, as mobiles were dialled until 2019, is not.
 */
final class Phone {
  private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();
  private static final int MAX_LENGTH = 40;

  /** Fewer digits than this behind the country code, and two of them would be a good part. */
  private static final int LONG_ENOUGH_FOR_TAIL = 7;

  private static final Pattern WRITTEN = Pattern.compile("\\+?[\\p{Nd} ()./\\-\u2010-\u2013]++");

  private Phone() {}

  static String read(@Nullable Object json, Optional<String> region) throws Unfit {
    String line = Text.line(json, MAX_LENGTH);
    if (line.indexOf('*') >= 0) {
      throw new Unfit(Complaint.MASKED);
    }
    String written = Normalizer.normalize(line, Normalizer.Form.NFKC);
    if (!WRITTEN.matcher(written).matches()) {
      throw new Unfit(Complaint.PHONE);
    }
    PhoneNumber number = parse(written, region.orElse("ZZ"));
    if (!NUMBERS.isValidNumber(number)) {
      throw new Unfit(Complaint.PHONE);
    }
    return NUMBERS.format(number, PhoneNumberFormat.E164);
  }

  /** {@code +86***00}; of a short number the country code alone. */
  static String masked(String number) {
    // Country codes have one to three digits and none begins another, so that the first fits.
    for (int end = 2; end <= 4 && end < number.length(); end++) {
      int code = Integer.parseInt(number.substring(1, end));
      if (NUMBERS.getSupportedCallingCodes().contains(code)) {
        boolean tail = number.length() - end >= LONG_ENOUGH_FOR_TAIL;
        return "+" + code + Masks.HIDDEN + (tail ? number.substring(number.length() - 2) : "");
      }
    }
    return Masks.HIDDEN;
  }

  private static PhoneNumber parse(String written, String region) throws Unfit {
    try {
      return NUMBERS.parse(written, region);
    } catch (NumberParseException e) {
      boolean country = e.getErrorType() == NumberParseException.ErrorType.INVALID_COUNTRY_CODE;
      throw new Unfit(country ? Complaint.PHONE_COUNTRY : Complaint.PHONE);
    }
  }
}
