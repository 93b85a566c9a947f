package dev.pledge.engine.rights;

import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.engine.gate.Inventory;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Everything held of a person as a ZIP, written as it is read (V.1, GDPR Art. 15 and 20): {@code
 * data.json}, {@code consents.json} and {@code history.ndjson} for programs, {@code report.html}
 * for people, and {@code README.txt}. The names inside are always these; {@code
 * docs/export-format.md} says what is in them.
 *
 * <p>If it breaks off, the end of the ZIP is missing and no program takes it for whole.
 */
public final class ExportFile {
  /** The form of the files inside. */
  public static final String FORMAT = "pledge-export/1";

  private static final int BUFFER = 16 * 1024;

  private final Inventory.Open inventory;
  private final HoldingWords words;
  private final UnaryOperator<String> origin;

  /**
   * A file of what is held.
   *
   * @param origin the name to the world of a log
   */
  public ExportFile(Inventory.Open inventory, HoldingWords words, UnaryOperator<String> origin) {
    this.inventory = inventory;
    this.words = words;
    this.origin = origin;
  }

  /**
   * Writes the whole file; the stream stays open.
   *
   * @throws UncheckedIOException if the stream takes no more
   * @throws Inventory.ErasedMeanwhile if the person is erased while it is written
   */
  public void write(OutputStream out) {
    try {
      Zip zip = new Zip(out);
      try {
        write(zip);
        zip.finish();
      } finally {
        zip.release();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the export", e);
    }
  }

  private void write(Zip zip) throws IOException {
    begin(zip, "README.txt");
    zip.write(readme().getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();

    begin(zip, "data.json");
    new ExportData(inventory, words, origin).write(zip);
    zip.closeEntry();

    begin(zip, "consents.json");
    new ExportChoices(inventory, words).write(zip);
    zip.closeEntry();

    begin(zip, "history.ndjson");
    ExportHistory history = new ExportHistory(origin);
    ExportJson lines = ExportJson.to(zip);
    inventory.history((AccessHistory.Line line) -> unchecked(() -> history.write(lines, line)));
    history.end(lines);
    zip.closeEntry();

    begin(zip, "report.html");
    BufferedWriter writer =
        new BufferedWriter(new OutputStreamWriter(zip, StandardCharsets.UTF_8), BUFFER);
    new ExportReport(inventory, words, history, new ExportHtml(writer)).write();
    writer.flush();
    zip.closeEntry();
  }

  private void begin(Zip zip, String name) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    Instant at = inventory.state().now();
    entry.setTime(at.toEpochMilli());
    zip.putNextEntry(entry);
  }

  private String readme() {
    String who = inventory.policy().source().controller().name();
    String mail = inventory.policy().source().controller().email();
    return """
        Your data at %1$s
        As of %2$s

        report.html     To read: open it in any browser. It needs no network.
        data.json       Every value with where it came from and when it goes, for programs.
        consents.json   What you agreed to and took back, and which policy you accepted.
        history.ndjson  Who did what with your data, one JSON object a line, newest first.

        Questions: %3$s

        您在 %1$s 的数据
        截至 %2$s

        report.html     供阅读：用任何浏览器打开，无需联网。
        data.json       每项数据及其来源、何时删除，供程序使用。
        consents.json   您同意过、撤回过的事项，以及您接受的政策版本。
        history.ndjson  谁对您的数据做过什么，每行一个 JSON 对象，最新的在前。

        有疑问请联系：%3$s
        """
        .formatted(who, words.minute(inventory.state().now()), mail);
  }

  /** Writing that may fail. */
  interface Writing {
    void run() throws IOException;
  }

  static void unchecked(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the export", e);
    }
  }

  /** A ZIP that can be left without its end; what it wrote to is not closed either way. */
  private static final class Zip extends ZipOutputStream {
    Zip(OutputStream out) {
      super(out, StandardCharsets.UTF_8);
      setLevel(Deflater.BEST_SPEED);
    }

    /** Frees its memory, and writes nothing. */
    void release() {
      def.end();
    }

    @Override
    public void flush() {
      // What is given on is given on when it is full.
    }
  }
}
