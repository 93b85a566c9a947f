package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.audit.AnchorState;
import dev.pledge.engine.audit.PublicLog;
import dev.pledge.log.Hash;
import dev.pledge.log.Tile;
import dev.pledge.log.TilePath;
import dev.pledge.log.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What everybody may know of each log: its checkpoints, the hashes of its tree, proofs (IV.2, V.1).
 * The paths are those of C2SP tlog-tiles, but for entries, which are not for everybody.
 */
final class LogEndpoints {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String BYTES = "application/octet-stream";

  /** Of what never changes. */
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  static final Problem NOT_YET =
      Problem.of(
          ProblemType.NOT_FOUND,
          "No checkpoint that is shown covers it, or it does not exist. An entry is covered within a"
              + " minute of its receipt; where witnesses have to cosign, it is shown when they have.",
          "所示检查点均未涵盖该内容，或其不存在。条目自回执起一分钟内会被涵盖；若须见证方联署，则在联署之后显示。");

  private static final Problem NO_SIZES =
      Problem.of(
          ProblemType.BAD_REQUEST,
          "The parameters `from` and `to` are sizes of the log, the smaller first, from 1: every log"
              + " begins with the empty one, and of that nothing is proven.",
          "参数 `from` 与 `to` 应为日志的大小，较小者在前，且不小于 1：任何日志都始于空日志，对其无可证明。");

  private final Pledge pledge;

  LogEndpoints(Pledge pledge) {
    this.pledge = pledge;
  }

  private PublicLog log(Call call) {
    return named(pledge, call);
  }

  /** The log that the call names; nothing is found in one of another name. */
  static PublicLog named(Pledge pledge, Call call) {
    return pledge.log(call.path().get("log")).orElseThrow(Call.NOT_FOUND::found);
  }

  private static long size(String text) {
    if (!text.matches("[1-9][0-9]{0,17}")) {
      throw NO_SIZES.found();
    }
    return Long.parseLong(text);
  }

  Answer list(Call call) {
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    for (PublicLog log : pledge.logs()) {
      ObjectNode item = items.addObject();
      item.put("name", log.name());
      item.put("origin", log.origin());
      item.put("size", log.size());
      ArrayNode keys = item.putArray("keys");
      log.verifierKeys().stream().map(VerifierKey::toString).forEach(keys::add);
    }
    return Answer.json(200, json).with("Cache-Control", "no-cache");
  }

  Answer key(Call call) {
    return lines(log(call).verifierKeys());
  }

  Answer retiredKeys(Call call) {
    return lines(log(call).retiredKeys());
  }

  private static Answer lines(List<?> keys) {
    StringBuilder lines = new StringBuilder();
    keys.forEach(key -> lines.append(key).append('\n'));
    return Answer.text(TEXT, lines.toString());
  }

  Answer checkpoint(Call call) {
    byte[] note = log(call).checkpoint().orElseThrow(NOT_YET::found);
    return new Answer.Whole(200, TEXT, Map.of("Cache-Control", "no-cache"), note);
  }

  Answer tile(Call call) {
    PublicLog log = log(call);
    TilePath path;
    try {
      path = TilePath.of(call.path().get("tile"));
    } catch (IllegalArgumentException e) {
      throw Call.NOT_FOUND.found();
    }
    int level = path.level().orElseThrow(Call.NOT_FOUND::found);
    Tile tile = log.tile(level, path.index(), path.width()).orElseThrow(NOT_YET::found);
    return new Answer.Whole(200, BYTES, Map.of("Cache-Control", FOR_EVER), tile.hashes());
  }

  Answer proof(Call call) {
    UUID entry;
    try {
      entry = Inputs.uuid(call.query("entry"));
    } catch (IllegalArgumentException e) {
      throw NOT_YET.found();
    }
    PublicLog.Included included = log(call).inclusion(entry).orElseThrow(NOT_YET::found);
    ObjectNode json = Json.object();
    json.put("position", included.position());
    json.put("size", included.size());
    json.set("proof", Outputs.hashes(included.proof()));
    json.put("checkpoint", new String(included.checkpoint(), StandardCharsets.UTF_8));
    return Answer.json(200, json);
  }

  Answer consistency(Call call) {
    PublicLog log = log(call);
    long from = size(call.query("from"));
    long to = size(call.query("to"));
    if (from > to) {
      throw NO_SIZES.found();
    }
    Optional<List<Hash>> proof = log.consistency(from, to);
    ObjectNode json = Json.object();
    json.put("from", from);
    json.put("to", to);
    json.set("proof", Outputs.hashes(proof.orElseThrow(NOT_YET::found)));
    return Answer.json(200, json);
  }

  Answer anchors(Call call) {
    PublicLog log = log(call);
    ObjectNode json = Json.object();
    json.put("quorum", log.quorum());
    ArrayNode items = json.putArray("items");
    for (AnchorState anchor : pledge.anchors(log.name())) {
      ObjectNode item = items.addObject();
      item.put("name", anchor.name());
      item.put("kind", Outputs.word(anchor.kind()));
      anchor.size().ifPresent(size -> item.put("size", size));
      anchor.at().ifPresent(at -> item.put("at", at.toString()));
      item.put("behind", anchor.isBehind());
      item.put("contradicts", anchor.contradicts());
      if (!anchor.keys().isEmpty()) {
        ArrayNode keys = item.putArray("keys");
        anchor.keys().stream().map(VerifierKey::toString).sorted().forEach(keys::add);
      }
    }
    return Answer.json(200, json);
  }
}
