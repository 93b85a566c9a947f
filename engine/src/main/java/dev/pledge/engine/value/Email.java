package dev.pledge.engine.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.IDN;
import java.text.Normalizer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An e-mail address as people have them: one {@code @}, a local part of letters of any script,
 * digits and the signs of RFC 5322's atoms, and a domain of at least two labels. Quoted local parts
 * and addresses of machines ({@code user@[192.0.2.1]}) are refused, and {@code *}, which only a
 * masked address has.
 *
 * <p>The local part is kept as written (its mail server alone knows what it means), the domain in
 * lower-case ASCII: then it has one form, and a domain in look-alike letters shows as what it is.
 */
final class Email {
  private static final int MAX_BYTES = 254;
  private static final int MAX_LOCAL_BYTES = 64;
  private static final int MAX_DOMAIN = 253;

  private static final String ATOM = "[\\p{L}\\p{M}\\p{Nd}\\p{Nl}!#$%&'+/=?^_`{|}~-]+";
  private static final Pattern LOCAL = Pattern.compile(ATOM + "(?:\\." + ATOM + ")*+");
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern DOMAIN =
      Pattern.compile("(?:" + LABEL + "\\.)++(?=[a-z0-9-]*[a-z])" + LABEL);

  private Email() {}

  static String read(@Nullable Object json) throws Unfit {
    String text = Text.line(json, MAX_BYTES);
    if (text.indexOf('*') >= 0) {
      throw new Unfit(Complaint.MASKED);
    }
    int at = text.indexOf('@');
    String local = text.substring(0, Math.max(at, 0));
    if (!LOCAL.matcher(local).matches() || local.getBytes(UTF_8).length > MAX_LOCAL_BYTES) {
      throw new Unfit(Complaint.EMAIL);
    }
    String address = local + "@" + domain(text.substring(at + 1));
    if (address.getBytes(UTF_8).length > MAX_BYTES) {
      throw new Unfit(Complaint.TOO_LONG);
    }
    return address;
  }

  /** {@code a***@example.org}; of a local part of one character nothing is left. */
  static String masked(String address) {
    int at = address.indexOf('@');
    int first = address.codePointAt(0);
    boolean one = PersonName.isOneGrapheme(address.substring(0, at));
    return (one ? "" : Character.toString(first)) + Masks.HIDDEN + address.substring(at);
  }

  /**
   * One form for all spellings of an address that people take for the same: NFKC, each letter in
   * its lower case, final sigma as sigma, NFKC again.
   *
   * <p>In practice no two people's addresses differ by case or by compatibility forms alone (ﬁ and
   * fi, full-width letters); were there such two, the second could not register, and codes and
   * letters still go to the address that is stored, never to the one typed, so that folding gives
   * nobody another's account. Nothing beyond that is folded: ı and İ are not i, ß is not ss,
   * Cyrillic а is not Latin a, dots and {@code +tags} count. Those are different mailboxes of
   * perhaps different people, and an exact index keeps a look-alike from finding its model.
   */
  static String lookupForm(String address) {
    StringBuilder folded = new StringBuilder(address.length());
    for (int cp : compatible(address).codePoints().toArray()) {
      folded.append(lowerCase(cp));
    }
    return compatible(folded.toString());
  }

  private static String lowerCase(int cp) {
    return switch (cp) {
      case 'ς' -> "σ";
      // The one letter whose simple lower case is that of another letter: i, which I has.
      case 'İ' -> "i\u0307";
      default -> Character.toString(Character.toLowerCase(cp));
    };
  }

  private static String compatible(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC);
  }

  private static String domain(String written) throws Unfit {
    StringBuilder lower = new StringBuilder(written.length());
    written.codePoints().map(Character::toLowerCase).forEach(lower::appendCodePoint);
    String domain = ascii(lower.toString());
    if (domain.length() > MAX_DOMAIN || !DOMAIN.matcher(domain).matches()) {
      throw new Unfit(Complaint.EMAIL_DOMAIN);
    }
    return domain;
  }

  // The JDK knows IDNA 2003. Where IDNA 2008 means another domain (ß, ς, joiners) or knows letters
  // that are newer, guessing would send letters to strangers: we ask for the ASCII form instead.
  private static String ascii(String domain) throws Unfit {
    if (domain.chars().allMatch(c -> c < 128)) {
      return domain;
    }
    if (domain.codePoints().anyMatch(cp -> cp == 'ß' || cp == 'ς' || Text.isJoiner(cp))) {
      throw new Unfit(Complaint.EMAIL_DOMAIN_SCRIPT);
    }
    try {
      return IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES);
    } catch (IllegalArgumentException e) {
      throw new Unfit(Complaint.EMAIL_DOMAIN_SCRIPT);
    }
  }
}
