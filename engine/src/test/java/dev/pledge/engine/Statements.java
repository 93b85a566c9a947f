package dev.pledge.engine;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SQL of a class, found in the text constants of its class file, and the tables it names. A
 * table must be written out in its statement: one that is put in while the program runs counts as
 * {@link #HIDDEN}.
 */
final class Statements {
  /** Stands for a table that a statement does not name. */
  static final String HIDDEN = "?";

  // \u0001 is the gap in a text that the compiler joins from parts.
  private static final String TABLE = "(?<table>[a-z_][a-z0-9_.]*|[\\u0001%\"]\\S*|$)";

  private static final List<Pattern> WRITES =
      List.of(
          pattern("\\b(?:insert|merge)\\s+into\\s+" + TABLE),
          pattern("\\bupdate\\s+(?!set\\b)" + TABLE + "(?:\\s+(?:as\\s+)?(?!set)\\w+)?\\s+set\\b"),
          pattern("\\bdelete\\s+from\\s+" + TABLE),
          pattern("\\btruncate\\s+(?:table\\s+)?" + TABLE),
          pattern("\\bcopy\\s+" + TABLE + "[^;]*\\bfrom\\b"));

  private static final List<Pattern> READS =
      List.of(
          pattern("\\bselect\\b[^;]*?\\bfrom\\s+(?:only\\s+)?" + TABLE),
          pattern("(?<!delete\\s)\\bfrom\\s+(?:only\\s+)?(?<table>[a-z_][a-z0-9_.]*)"),
          pattern("\\bfrom\\s+[a-z_.]+(?:\\s+(?:as\\s+)?\\w+)?\\s*,\\s*(?<table>[a-z_.]+)"),
          pattern("\\bjoin\\s+(?:only\\s+)?(?<table>[a-z_][a-z0-9_.]*)"));

  private final Set<String> written = new HashSet<>();
  private final Set<String> read = new HashSet<>();

  private Statements(List<String> texts) {
    for (String text : texts) {
      find(WRITES, text, written);
      find(READS, text, read);
    }
  }

  /** The statements in these texts. */
  static Statements in(String... texts) {
    return new Statements(List.of(texts));
  }

  /** The statements in a class. */
  static Statements of(JavaClass type) {
    return new Statements(texts(type));
  }

  /** The words where the name of a table to write stands. */
  Set<String> written() {
    return written;
  }

  /** The words where the name of a table to read stands. */
  Set<String> read() {
    return read;
  }

  private static Pattern pattern(String sql) {
    return Pattern.compile(sql, Pattern.CASE_INSENSITIVE);
  }

  private static void find(List<Pattern> patterns, String text, Set<String> tables) {
    for (Pattern pattern : patterns) {
      Matcher matcher = pattern.matcher(text);
      // From the next word on, not from the end of the match: a query may hold another.
      for (int from = 0; from < text.length() && matcher.find(from); from = matcher.start() + 1) {
        String table = matcher.group("table");
        boolean named = !table.isEmpty() && Character.isLetter(table.charAt(0));
        tables.add(named ? table : HIDDEN);
      }
    }
  }

  private static List<String> texts(JavaClass type) {
    List<String> texts = new ArrayList<>();
    for (PoolEntry entry : ClassFile.of().parse(bytes(type)).constantPool()) {
      if (entry instanceof StringEntry text) {
        texts.add(text.stringValue());
      }
    }
    return texts;
  }

  private static byte[] bytes(JavaClass type) {
    try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the class file of " + type.getName(), e);
    }
  }
}
