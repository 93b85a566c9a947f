package dev.pledge.policy.document;

import dev.pledge.policy.names.ClauseId;
import java.util.List;
import java.util.Optional;

/**
 * One of the tables at the end of a notice, made from the rules, before it is a page or a text.
 *
 * @param anchor what a link to it names; the same in every language
 */
record Annex(String anchor, String title, List<Block> blocks) {
  Annex {
    blocks = List.copyOf(blocks);
  }

  /** What an annex is made of. */
  sealed interface Block {
    /** The heading of a part. */
    record Part(String heading) implements Block {}

    /** A paragraph. */
    record Paragraph(String text) implements Block {}

    /** Points one below the other. */
    record Points(List<Line> points) implements Block {
      public Points {
        points = List.copyOf(points);
      }
    }

    /**
     * A table, of at least one row.
     *
     * @param columns what stands above each column
     */
    record Table(List<String> columns, List<Row> rows) implements Block {
      public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
      }
    }
  }

  /**
   * A row of a table.
   *
   * @param head what the row is about, the first column
   * @param clause the clause that speaks of it
   * @param cells the other columns
   */
  record Row(List<Line> head, Optional<ClauseId> clause, List<List<Line>> cells) {
    Row {
      head = List.copyOf(head);
      cells = List.copyOf(cells);
    }

    /** A row headed by one line that no clause speaks of. */
    static Row of(String head, List<List<Line>> cells) {
      return new Row(List.of(Line.of(head)), Optional.empty(), cells);
    }
  }

  /**
   * A line of text.
   *
   * @param lead a word before it that says of what it speaks; empty where none is needed
   */
  record Line(String lead, String text) {
    static Line of(String text) {
      return new Line("", text);
    }
  }
}
