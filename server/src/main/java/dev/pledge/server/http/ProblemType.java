package dev.pledge.server.http;

import java.util.Locale;

/**
 * The kinds of problem an answer may report (RFC 9457 §3.1.1). The type URI is stable; the status
 * belongs to the type, so that a client may switch on either.
 */
enum ProblemType {
  BAD_REQUEST(400, "The request cannot be understood", "无法理解该请求"),
  KEY_MISSING(400, "An Idempotency-Key is needed", "缺少 Idempotency-Key"),
  KEY_MALFORMED(400, "The Idempotency-Key cannot be used", "Idempotency-Key 无法使用"),
  INVALID_VALUES(400, "Some values do not fit their fields", "部分值不符合其信息项"),
  NOT_SIGNED_IN(401, "A valid token is needed", "需要有效的令牌"),
  SCOPE_MISSING(403, "The token does not cover this call", "令牌不包含此调用"),
  REFUSED(403, "The policy does not allow this", "政策不允许此操作"),
  WITHHELD(403, "Everything asked for is withheld", "所请求的信息均不予提供"),
  NOT_FOUND(404, "There is nothing here", "此处没有内容"),
  METHOD_NOT_ALLOWED(405, "This address does not take that method", "该地址不接受此方法"),
  NOT_ACCEPTABLE(406, "There is no such representation", "没有这种表示形式"),
  TOO_SLOW(408, "The request took too long to arrive", "请求到达过慢"),
  ALIAS_TAKEN(409, "An alias is already in use", "别名已被使用"),
  ALREADY_REVIEWED(409, "The use has been reviewed already", "该次使用已经复核"),
  ALREADY_ACKNOWLEDGED(409, "The alarm has been acknowledged already", "该告警已经确认"),
  CLOSING_CONDITIONS(409, "The account cannot be closed yet", "账户暂时无法注销"),
  REQUEST_STANDS(409, "This cannot be done with the request now", "目前无法对该请求执行此操作"),
  IN_FLIGHT(409, "The same request is being worked on", "相同的请求正在处理"),
  BODY_TOO_LARGE(413, "The body is too large", "请求体过大"),
  NOT_JSON(415, "The body has to be JSON", "请求体须为 JSON"),
  NOT_A_DOCUMENT(415, "The body has to be a document", "请求体须为文件"),
  KEY_REUSED(422, "The Idempotency-Key was used for another request", "该 Idempotency-Key 已用于其他请求"),
  TOO_MANY_REFUSALS(429, "Too many refused calls", "被拒绝的调用过多"),
  TOO_MANY_AT_ONCE(429, "Too many calls of yours at once", "同时进行的调用过多"),
  HEADERS_TOO_LARGE(431, "The request line or a header is too large", "请求行或请求头过大"),
  INTERNAL(500, "The server failed", "服务器出错"),
  KEYS_UNAVAILABLE(503, "The keys cannot be used now", "密钥暂时无法使用"),
  LOG_BROKEN(503, "The log takes nothing more", "日志不再接受条目"),
  OVERLOADED(503, "The server is busy", "服务器繁忙"),
  UNAVAILABLE(503, "The server cannot work now", "服务器暂时无法工作"),
  OUT_OF_TIME(503, "The server did not finish in time", "服务器未能及时完成");

  private final int status;
  private final String english;
  private final String chinese;

  ProblemType(int status, String english, String chinese) {
    this.status = status;
    this.english = english;
    this.chinese = chinese;
  }

  int status() {
    return status;
  }

  Words title() {
    return new Words(english, chinese);
  }

  /** The word at the end of the type URI, such as {@code not-found}. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String uri() {
    return "urn:pledge:problem:" + word();
  }
}
