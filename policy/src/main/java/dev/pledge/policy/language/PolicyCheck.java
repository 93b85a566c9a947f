package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.NoticeReader.Read;
import dev.pledge.policy.language.PolicySource.Content.Bytes;
import dev.pledge.policy.language.PolicySource.Content.Unreadable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads and checks the files of a policy. Finds all problems at once and never throws, whatever the
 * files hold; time and memory are bounded by their size, which is at most 1 MiB each. At most 1,000
 * problems are reported.
 *
 * <p>A sound policy says what its author could check, not that it is lawful: the law it is checked
 * against is a short list with sources.
 */
public final class PolicyCheck {
  private PolicyCheck() {}

  /** The policy, or everything that is wrong with it. */
  public static Checked check(PolicySource source) {
    Problems problems = new Problems();
    List<Draft> layers = LayerReader.read(source, problems);
    Map<String, Read> notices = notices(source, problems);
    if (layers.isEmpty()) {
      return new Checked.Unsound(problems.sorted());
    }
    new Connections(layers, problems).check();
    Draft draft = layers.getFirst();
    Mentions mentions = Mentions.of(layers);
    missingNotices(draft, source, problems);
    new Words(draft, mentions, notices, problems).check();
    Map<String, Labels> labels = labels(draft, source, problems);
    if (problems.hasErrors()) {
      return new Checked.Unsound(problems.sorted());
    }
    List<Notice> words =
        draft.languages().keySet().stream()
            .flatMap(language -> Optional.ofNullable(notices.get(language)).stream())
            .map(Read::notice)
            .toList();
    List<Labels> called =
        draft.languages().keySet().stream()
            .map(language -> labels.getOrDefault(language, Labels.none()))
            .toList();
    return new Checked.Sound(
        draft.policy(), words, called, mentions(draft, mentions, notices), problems.sorted());
  }

  private static List<Mention> mentions(Draft draft, Mentions inRules, Map<String, Read> notices) {
    List<Mention> mentions = new ArrayList<>(inRules.all());
    draft.languages().keySet().stream()
        .map(notices::get)
        .filter(Objects::nonNull)
        .forEach(read -> mentions.addAll(read.mentions()));
    return mentions;
  }

  /** The labels of each language: of all of them, or of none. */
  private static Map<String, Labels> labels(Draft draft, PolicySource source, Problems problems) {
    Map<String, Labels> labels = new LinkedHashMap<>();
    source
        .labels()
        .forEach(
            (language, content) -> {
              Optional<SourceText> text =
                  decode(PolicySource.labelsFile(language), content, problems);
              if (text.isPresent() && !draft.languages().containsKey(language)) {
                Words.unlisted(language, text.get(), problems);
              } else if (text.isPresent()) {
                LabelsReader.read(text.get(), language, draft.policy(), problems)
                    .ifPresent(read -> labels.put(language, read));
              }
            });
    draft.languages().forEach((language, at) -> requireLabels(language, at, source, problems));
    draft.languages().forEach((language, at) -> warnOfEnglish(language, at, problems));
    return labels;
  }

  private static void requireLabels(
      String language, Scalar at, PolicySource source, Problems problems) {
    String remedy = "write `" + PolicySource.labelsFile(language) + "` beside the policy";
    if (source.labels().isEmpty()) {
      if (!language.equals(Labels.ENGLISH) && !problems.hasErrors()) {
        problems.warning(
            at,
            "people read the names of the rules in English in language " + Quoted.of(language),
            remedy);
      }
    } else if (!source.labels().containsKey(language) && source.notices().containsKey(language)) {
      problems.error(
          at, "names have labels in another language and not in " + Quoted.of(language), remedy);
    }
  }

  private static void warnOfEnglish(String language, Scalar at, Problems problems) {
    if (!Labels.areTold(language)) {
      problems.warning(
          at,
          "people read the tables behind the notice in English in language " + Quoted.of(language),
          "there are words for them in `" + String.join("`, `", Labels.LANGUAGES) + "`");
    }
  }

  private static Map<String, Read> notices(PolicySource source, Problems problems) {
    Map<String, Read> notices = new LinkedHashMap<>();
    source
        .notices()
        .forEach(
            (language, content) ->
                decode(PolicySource.noticeFile(language), content, problems)
                    .ifPresent(
                        text ->
                            notices.put(language, NoticeReader.read(text, language, problems))));
    return notices;
  }

  private static void missingNotices(Draft draft, PolicySource source, Problems problems) {
    draft
        .languages()
        .forEach(
            (language, place) -> {
              if (!source.notices().containsKey(language)) {
                problems.error(
                    place,
                    "there are no words for people in language `" + language + "`",
                    "write `"
                        + PolicySource.noticeFile(language)
                        + (source.labels().isEmpty() || source.labels().containsKey(language)
                            ? ""
                            : "` and `" + PolicySource.labelsFile(language))
                        + "` beside the policy");
              }
            });
  }

  /** The text of a file, or empty after reporting why there is none. */
  static Optional<SourceText> decode(String file, PolicySource.Content content, Problems problems) {
    return switch (content) {
      case Bytes(ByteBuffer bytes) -> SourceText.decode(file, bytes, problems);
      case Unreadable(String message, String remedy) -> {
        problems.error(SourceText.missing(file), "", message, remedy);
        yield Optional.empty();
      }
    };
  }
}
