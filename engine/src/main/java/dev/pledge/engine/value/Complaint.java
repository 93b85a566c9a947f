package dev.pledge.engine.value;

import java.util.Locale;

/**
 * Why an input is no value of its type, in a word for programs and a sentence for people.
 *
 * <p>Guarantee: a complaint is a constant, so that it can be logged, stored and answered: it holds
 * nothing of the input. The words are stable; the sentences may improve.
 */
public enum Complaint {
  MISSING("missing", "There is no value.", "没有填写内容。"),
  NOT_TEXT("not-text", "Send this value as text.", "请以文本形式填写。"),
  TOO_LONG("too-long", "This is longer than the field allows.", "内容超过了允许的长度。"),
  BROKEN_TEXT("broken-text", "The text is not valid Unicode.", "文本不是有效的 Unicode。"),
  INVISIBLE(
      "invisible",
      "Control characters, invisible characters and characters that change the direction of writing"
          + " are not allowed here.",
      "此处不允许控制字符、不可见字符或改变书写方向的字符。"),
  MASKED(
      "masked", "This looks like a masked value; send the value itself.", "这看起来是打码后的内容，请填写完整内容。"),
  NAME(
      "name",
      "A name consists of letters, spaces, commas, full stops, apostrophes, hyphens and middle"
          + " dots, and numbers of one or two digits.",
      "姓名只能包含文字、空格、逗号、句点、撇号、连字符、间隔号以及一至两位数字。"),
  DATE(
      "date",
      "Write a day of the calendar as year-month-day, such as 1990-01-31.",
      "请按“年-月-日”填写真实存在的日期，例如 1990-01-31。"),
  DATE_RANGE("date-range", "A date lies between 1900-01-01 and today.", "日期应在 1900-01-01 与今天之间。"),
  AGE("age", "An age is a whole number from 0 to 150.", "年龄是 0 到 150 之间的整数。"),
  EMAIL(
      "email",
      "An e-mail address needs one @ with a name before it and a domain behind it.",
      "电子邮箱地址需要一个 @，前面是用户名，后面是域名。"),
  EMAIL_DOMAIN(
      "email-domain",
      "The part of the e-mail address behind the @ is not the name of a mail domain.",
      "电子邮箱地址 @ 后面的部分不是邮箱域名。"),
  EMAIL_DOMAIN_SCRIPT(
      "email-domain-script",
      "Write the part of the e-mail address behind the @ in its form that starts with xn--.",
      "请将电子邮箱地址 @ 后面的部分写成以 xn-- 开头的形式。"),
  PHONE("phone", "This is not a complete phone number.", "这不是完整的电话号码。"),
  PHONE_COUNTRY(
      "phone-country",
      "Start the phone number with + and the country code.",
      "请以 + 和国家代码开头填写电话号码。"),
  POSTAL_ADDRESS(
      "postal-address",
      "An address has a country, a city and one to four lines, and may have a region and a postal"
          + " code.",
      "地址须包含国家、城市和一至四行详细地址，可以包含省（州）和邮政编码。"),
  COUNTRY("country", "Write the country as its two letters of ISO 3166.", "请用 ISO 3166 的两个字母填写国家。"),
  POSTAL_CODE(
      "postal-code",
      "A postal code has 2 to 12 letters and digits, perhaps with spaces and hyphens.",
      "邮政编码由 2 到 12 个字母和数字组成，可以带空格和连字符。"),
  BANK_CARD("bank-card", "A card number has 12 to 19 digits.", "银行卡号有 12 到 19 位数字。"),
  BANK_CARD_CHECK(
      "bank-card-check",
      "The check digit of the card number does not match; look for a slip of a digit.",
      "银行卡号校验不通过，请检查是否有数字写错。"),
  RESIDENT_ID(
      "resident-id",
      "A resident id has 17 digits and then a digit or X.",
      "居民身份证号码由 17 位数字加一位数字或 X 组成。"),
  RESIDENT_ID_REGION(
      "resident-id-region",
      "The first two digits of the resident id name no region.",
      "居民身份证号码的前两位不是有效的地区代码。"),
  RESIDENT_ID_DATE(
      "resident-id-date", "The resident id holds no possible date of birth.", "居民身份证号码中的出生日期不正确。"),
  RESIDENT_ID_CHECK(
      "resident-id-check",
      "The last place of the resident id does not match; look for a slip of a digit.",
      "居民身份证号码校验不通过，请检查是否有数字写错。"),
  CHOICE("choice", "Send one of the words the field allows.", "请填写该字段允许的选项之一。"),
  EXTERNAL_ID(
      "external-id",
      "An account number has 1 to 128 visible ASCII characters and no spaces.",
      "账号由 1 到 128 个可见的 ASCII 字符组成，不含空格。"),
  DEVICE_ID(
      "device-id",
      "A device identifier has 1 to 128 letters, digits, colons, full stops, underscores and"
          + " hyphens.",
      "设备标识由 1 到 128 个字母、数字、冒号、句点、下划线和连字符组成。"),
  LANGUAGE(
      "language",
      "Write the language as a tag of BCP 47, such as zh-CN.",
      "请用 BCP 47 语言标签填写语言，例如 zh-CN。"),
  RESOLUTION(
      "resolution",
      "Write the resolution as width, x and height, each from 1 to 100000.",
      "请按“宽 x 高”填写分辨率，数值均在 1 到 100000 之间。"),
  PLMN("plmn", "A network code has 5 or 6 digits.", "网络代码有 5 或 6 位数字。"),
  POSITION(
      "position",
      "A position has the numbers latitude and longitude, and may have accuracy.",
      "位置须包含数值 latitude 和 longitude，可以包含 accuracy。"),
  POSITION_RANGE(
      "position-range",
      "A latitude lies between -90 and 90, a longitude between -180 and 180, an accuracy between 0"
          + " and 1000000 metres.",
      "纬度在 -90 与 90 之间，经度在 -180 与 180 之间，精度在 0 与 1000000 米之间。"),
  LOG_LINE(
      "log-line",
      "A log line has an event and may have up to 32 attributes; both are named by ASCII words, and"
          + " an attribute is a short text, a number below 10 to the power of 15, or true or"
          + " false.",
      "日志须包含 event，可以包含至多 32 个 attributes；两者以 ASCII 单词命名，属性值是短文本、小于 10 的 15 次方的数值或真假值。"),
  OBSERVATIONS(
      "observations",
      "An event series takes a list of 1 to 1000 objects with observedAt (RFC 3339, from 1970 to at"
          + " most a day from now) and value.",
      "时间序列须为 1 到 1000 个对象的列表，每个对象包含 observedAt（RFC 3339，1970 年起，至多比现在晚一天）和 value。"),
  LOG_LINE_SIZE("log-line-size", "A log line has at most 4 KiB.", "一条日志最多 4 KiB。"),
  BIOMETRIC(
      "biometric",
      "Send the template as base64 of 1 to 16384 bytes.",
      "请以 base64 发送模板，长度为 1 到 16384 字节。");

  private final String word;
  private final String english;
  private final String chinese;

  Complaint(String word, String english, String chinese) {
    this.word = word;
    this.english = english;
    this.chinese = chinese;
  }

  /** The stable word an answer carries for programs. */
  public String word() {
    return word;
  }

  /** The sentence for a person: Chinese where {@code locale} is, otherwise English. */
  public String sentence(Locale locale) {
    return locale.getLanguage().equals("zh") ? chinese : english;
  }
}
