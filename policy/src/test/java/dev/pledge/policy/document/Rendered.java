package dev.pledge.policy.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.language.Checked;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.PolicyCheck;
import dev.pledge.policy.language.PolicySource;
import dev.pledge.policy.names.ProductId;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.helpers.DefaultHandler;

/** Policies rendered, and the pages taken apart by an XML parser, which takes no sloppy ones. */
final class Rendered {
  static final Sound REFERENCE = sound(PolicySource.directory(Path.of("..", "policies", "emeet")));

  private Rendered() {}

  /** One of the documents of the reference policy. */
  record Of(String language, String product) {
    PolicyDocument document() {
      return PolicyDocument.of(REFERENCE, language, new ProductId(product));
    }

    /** What counts for the product. */
    Policy terms() {
      return REFERENCE.policy().forProduct(new ProductId(product));
    }

    /** The purposes it tells of. */
    List<Purpose> purposes() {
      return terms().purposes().stream()
          .filter(purpose -> product.equals("general") || purpose.isOf(new ProductId(product)))
          .toList();
    }
  }

  /** All of them. */
  static Stream<Of> everyOne() {
    return REFERENCE.policy().languages().stream()
        .flatMap(
            language ->
                PolicyDocument.products(REFERENCE.policy()).stream()
                    .map(product -> new Of(language, product.value())));
  }

  static Sound sound(PolicySource source) {
    Checked checked = PolicyCheck.check(source);
    assertThat(checked.problems()).isEmpty();
    return (Sound) checked;
  }

  static Document page(PolicyDocument document) {
    return parsed(document.html(Style.inside()));
  }

  static Document parsed(String html) {
    try {
      DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler());
      return builder.parse(new InputSource(new StringReader(html)));
    } catch (Exception malformed) {
      throw new AssertionError(malformed.getMessage(), malformed);
    }
  }

  /** The elements of that name, in order; {@code *} for all. */
  static List<Element> all(Document page, String name) {
    return elements(page.getElementsByTagName(name));
  }

  static List<Element> all(Element within, String name) {
    return elements(within.getElementsByTagName(name));
  }

  private static List<Element> elements(NodeList nodes) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  static Element named(Document page, String id) {
    return all(page, "*").stream()
        .filter(element -> element.getAttribute("id").equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing is called " + id));
  }

  /** The words of an element, with single spaces. */
  static String words(Element element) {
    return element.getTextContent().replaceAll("\\s+", " ").strip();
  }

  /** The rows of the tables in an annex, each as its cells. */
  static List<List<String>> rows(Document page, String annex) {
    return all(named(page, annex), "tbody").stream()
        .flatMap(body -> all(body, "tr").stream())
        .map(
            row ->
                all(row, "*").stream()
                    .filter(cell -> cell.getTagName().matches("t[hd]"))
                    .map(Rendered::words)
                    .toList())
        .toList();
  }
}
