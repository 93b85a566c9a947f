package dev.pledge.engine.value;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * Whether a short text that a machine made, such as a model, a version or the name of an event, may
 * be shown de-identified (II.II.2). What people put into such texts all the same is told by its
 * form: addresses by their sign, owners by the mark or word of belonging ({@code Wei's iPhone},
 * {@code 张伟的手机}, {@code iPhone de Marie}), numbers of people and devices by their length, whatever
 * groups them, and addresses of networks and devices.
 *
 * <p>Errs on the side of withholding: a version of six digits ({@code 10.0.22631}) is withheld too.
 * What it cannot tell is a bare name ({@code Marie}) from a bare model ({@code Galaxy}): what
 * people write themselves, such as the name of a device, is a field of type {@code text}, which is
 * never shown de-identified.
 */
final class MachineText {
  private static final String SIGNS = "[@'\"`´‘’‚‛“”„′ʼ«»的の의]";
  private static final String WORDS = " (?i:de|di|do|of|van|von) ";
  private static final String NUMBER = "(?:\\p{Nd}[^\\p{L}\\p{Nd}]*+){6}";
  private static final String HEXADECIMAL = "(?=[A-Fa-f]{0,7}[0-9])[0-9A-Fa-f]{8}";
  private static final String MAC = "(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}";
  private static final String IP4 = "(?:[0-9]{1,3}\\.){3}[0-9]{1,3}";
  private static final String IP6 = "::|(?:[0-9A-Fa-f]{1,4}:){3}";
  private static final Pattern TELLING =
      Pattern.compile(String.join("|", SIGNS, WORDS, NUMBER, HEXADECIMAL, MAC, IP4, IP6));

  private MachineText() {}

  /** Whether nothing in the text has the form of what points at a person. Total. */
  static boolean pointsAtNobody(String text) {
    // As written too: some signs have another form only in another writing.
    return !TELLING.matcher(text).find()
        && !TELLING.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC)).find();
  }
}
