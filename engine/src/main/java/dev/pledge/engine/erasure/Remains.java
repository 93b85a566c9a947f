package dev.pledge.engine.erasure;

import dev.pledge.engine.store.Database;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Looks for what is left of a person: rows that name them, and places in files that do, as a row
 * that was deleted leaves them until it is vacuumed, an index until it is cleaned, and the
 * write-ahead log until it is written over. A person is named by their id, as 16 bytes or in text;
 * nothing of theirs is kept without it but what names nobody.
 *
 * <p>Source: II.II.3, V.1.
 */
public final class Remains {
  private static final int CHUNK = 1 << 20;

  private final byte[] bytes;
  private final byte[] text;

  /** As it may stand in a row that is written as text, in which bytes are in hexadecimal. */
  private final List<String> forms;

  /** What is left of {@code subject}. */
  public Remains(SubjectId subject) {
    String id = subject.value().toString();
    this.bytes =
        ByteBuffer.allocate(16)
            .putLong(subject.value().getMostSignificantBits())
            .putLong(subject.value().getLeastSignificantBits())
            .array();
    this.text = id.getBytes(StandardCharsets.US_ASCII);
    String hex = id.replace("-", "");
    this.forms = List.of(id, hex, hexOf(id), hexOf(hex));
  }

  private static String hexOf(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * How many rows of each table name the person, in whatever column; of those that do, by the names
   * of the tables.
   *
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public Map<String, Long> inTables(Database database) {
    Map<String, Long> found = new TreeMap<>();
    for (String table : tables(database)) {
      long rows =
          database.read(
              handle ->
                  handle
                      .createQuery(
                          """
                          select count(*) from <table> as scanned
                          where exists (select from unnest(:forms) as form
                                        where position(form in lower(scanned::text)) > 0)""")
                      .define("table", table)
                      .bind("forms", forms.toArray(String[]::new))
                      .mapTo(Long.class)
                      .one());
      if (rows > 0) {
        found.put(table, rows);
      }
    }
    return found;
  }

  private static List<String> tables(Database database) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select quote_ident(relname) from pg_class
                    where relnamespace = current_schema()::regnamespace
                      and relkind in ('r', 'p') and not relispartition
                      and has_table_privilege(oid, 'select')
                    order by relname
                    """)
                .mapTo(String.class)
                .list());
  }

  /**
   * The tables and indexes that files of the data directory belong to, by the paths of the files.
   *
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public static Map<String, String> owners(Database database) {
    Map<String, String> owners = new TreeMap<>();
    database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select pg_relation_filepath(c.oid) as path,
                           coalesce('table ' || t.relname,
                             case c.relkind when 'i' then 'index ' else 'table ' end || c.relname)
                             as owner
                    from pg_class c left join pg_class t on t.reltoastrelid = c.oid
                    where pg_relation_filepath(c.oid) is not null
                    """)
                .map((row, context) -> owners.put(row.getString("path"), row.getString("owner")))
                .list());
    return owners;
  }

  /**
   * How often each file below {@code directory} names the person; of those that do, by their paths
   * below it.
   *
   * @param progress is told how many bytes were read
   * @throws UncheckedIOException if one could not be read
   */
  public Map<String, Long> inFiles(Path directory, LongConsumer progress) {
    Map<String, Long> found = new TreeMap<>();
    long done = 0;
    for (Path file : filesBelow(directory)) {
      long places = placesIn(file);
      if (places > 0) {
        found.put(directory.relativize(file).toString(), places);
      }
      done += size(file);
      progress.accept(done);
    }
    return found;
  }

  /**
   * How many bytes the files below {@code directory} have.
   *
   * @throws UncheckedIOException if that cannot be found out
   */
  public static long size(Path directory) {
    if (!Files.isDirectory(directory)) {
      // Files of a running server come and go.
      return Files.exists(directory) ? lengthOf(directory) : 0;
    }
    return filesBelow(directory).stream().mapToLong(Remains::size).sum();
  }

  private static long lengthOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read `" + file + "`", e);
    }
  }

  private static List<Path> filesBelow(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("could not list `" + directory + "`", e);
    }
  }

  private long placesIn(Path file) {
    if (!Files.exists(file)) {
      return 0;
    }
    byte[] chunk = new byte[CHUNK];
    int kept = 0;
    long places = 0;
    try (InputStream in = Files.newInputStream(file)) {
      int read = in.readNBytes(chunk, 0, CHUNK);
      while (read > 0) {
        int length = kept + read;
        // A place that goes on in the next chunk is counted there.
        places += count(chunk, length, bytes) + count(chunk, length, text);
        kept = Math.min(length, text.length - 1);
        System.arraycopy(chunk, length - kept, chunk, 0, kept);
        places -= count(chunk, kept, bytes);
        read = in.readNBytes(chunk, kept, CHUNK - kept);
      }
      return places + count(chunk, kept, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read `" + file + "`", e);
    }
  }

  private static long count(byte[] in, int length, byte[] wanted) {
    long count = 0;
    for (int at = 0; at <= length - wanted.length; at++) {
      if (in[at] == wanted[0] && isAt(in, at, wanted)) {
        count++;
      }
    }
    return count;
  }

  private static boolean isAt(byte[] in, int at, byte[] wanted) {
    for (int i = 1; i < wanted.length; i++) {
      if (in[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
