package dev.pledge.engine.anchor;

import java.net.URI;

/** An endpoint that is posted each checkpoint as a note and says that it has it (200 to 299). */
final class HttpAnchor implements OutsideAnchor {
  private final Terms terms;
  private final URI to;
  private final Caller caller;

  HttpAnchor(Terms terms, URI to, Caller caller) {
    this.terms = terms;
    this.to = to;
    this.caller = caller;
  }

  @Override
  public Terms terms() {
    return terms;
  }

  @Override
  public Kind kind() {
    return Kind.HTTP;
  }

  @Override
  public Kept tell(News news, LogView log) {
    Caller.Answer answer = caller.post(to, "text/plain; charset=utf-8", news.note());
    if (!answer.isSuccess()) {
      throw new AnchorFailed(
          "`" + to.getHost() + "` answered " + answer.status() + "; see to the endpoint");
    }
    return Kept.of(news.size());
  }
}
