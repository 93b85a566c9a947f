package dev.pledge.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** What a migrated database says of its tables, and which package each belongs to. */
final class Schema {
  private static final Pattern MIGRATION = Pattern.compile("V\\d{3}__([a-z]+)_[a-z_]+\\.sql");
  private static final Pattern CREATE =
      Pattern.compile("create\\s+table\\s+([a-z_]+)", Pattern.CASE_INSENSITIVE);

  private Schema() {}

  /** A unique index, or the key that is one. */
  record Unique(String table, String name, List<String> columns) {}

  /** A foreign key, its columns in pairs. */
  record ForeignKey(String table, List<String> columns, String target, List<String> targets) {}

  /** All tables but the migrations' own. */
  static Set<String> tables(Handle handle) {
    return handle
        .createQuery(
            """
            select relname from pg_class
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
              and relname <> 'flyway_schema_history'
            """)
        .mapTo(String.class)
        .stream()
        .collect(Collectors.toSet());
  }

  /** Sequences, and columns that draw from one. */
  static List<String> sequences(Handle handle) {
    return handle
        .createQuery(
            """
            select relname from pg_class
            where relnamespace = 'public'::regnamespace and relkind = 'S'
            union all
            select table_name || '.' || column_name from information_schema.columns
            where table_schema = 'public'
              and (is_identity = 'YES' or column_default like 'nextval(%')
            """)
        .mapTo(String.class)
        .list();
  }

  /** Tables without a primary key. */
  static List<String> keyless(Handle handle) {
    return handle
        .createQuery(
            """
            select relname from pg_class c
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
              and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
            """)
        .mapTo(String.class)
        .list();
  }

  /** Every unique index, primary keys among them; an expression stands as an empty column. */
  static List<Unique> uniqueIndexes(Handle handle) {
    return handle
        .createQuery(
            """
            select t.relname as tbl, x.relname as name,
                   array(select coalesce(a.attname::text, '')
                         from unnest(i.indkey) with ordinality k(attnum, n)
                         left join pg_attribute a
                           on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum > 0
                         where k.n <= i.indnkeyatts order by k.n) as columns
            from pg_index i
            join pg_class t on t.oid = i.indrelid
            join pg_class x on x.oid = i.indexrelid
            where i.indisunique and t.relnamespace = 'public'::regnamespace
              and t.relname <> 'flyway_schema_history'
            """)
        .map((row, context) -> new Unique(row.getString(1), row.getString(2), names(row, 3)))
        .list();
  }

  /** Every foreign key. */
  static List<ForeignKey> foreignKeys(Handle handle) {
    return handle
        .createQuery(
            """
            select t.relname as tbl, f.relname as target,
                   array(select a.attname::text from unnest(c.conkey) with ordinality k(attnum, n)
                         join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
                         order by k.n) as columns,
                   array(select a.attname::text from unnest(c.confkey) with ordinality k(attnum, n)
                         join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.attnum
                         order by k.n) as targets
            from pg_constraint c
            join pg_class t on t.oid = c.conrelid
            join pg_class f on f.oid = c.confrelid
            where c.contype = 'f' and t.relnamespace = 'public'::regnamespace
            """)
        .map(
            (row, context) ->
                new ForeignKey(row.getString(1), names(row, 3), row.getString(2), names(row, 4)))
        .list();
  }

  private static List<String> names(ResultSet row, int column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }

  /** Each table and the package its migration's file is named for. */
  static Map<String, String> owners() {
    Map<String, String> owners = new HashMap<>();
    try (Stream<Path> files = Files.list(migrations())) {
      for (Path file : files.sorted().toList()) {
        Matcher name = MIGRATION.matcher(file.getFileName().toString());
        if (!name.matches()) {
          throw new AssertionError("name the migration V###__package_what.sql: " + file);
        }
        Matcher create = CREATE.matcher(Files.readString(file));
        while (create.find()) {
          owners.put(create.group(1), name.group(1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return owners;
  }

  private static Path migrations() {
    try {
      return Path.of(Pledge.class.getResource("/db/migration").toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
