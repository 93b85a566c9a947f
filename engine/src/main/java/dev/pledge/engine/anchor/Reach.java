package dev.pledge.engine.anchor;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Which addresses are called. */
enum Reach {
  /** Those of the public Internet alone. */
  PUBLIC,
  /** Those of this machine and of private networks as well. */
  ANYWHERE;

  private static final int BYTE = 0xff;

  /**
   * The addresses of a host, to be called as they are and not looked up again.
   *
   * @throws AnchorFailed if there is none, or one that is not called
   */
  List<InetAddress> addresses(String host) {
    List<InetAddress> addresses;
    try {
      addresses = List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      throw new AnchorFailed("found no address of `" + host + "`; see to its name and the network");
    }
    if (this == PUBLIC && !addresses.stream().allMatch(Reach::isPublic)) {
      throw new AnchorFailed(
          "`" + host + "` is on a private network; write `allow-private: true` if that is meant");
    }
    return addresses;
  }

  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    return address instanceof Inet6Address ? isPublic6(bytes) : isPublic4(bytes);
  }

  /** Those of RFC 6890 that are not globally reachable, as far as Java does not know them. */
  private static boolean isPublic4(byte[] bytes) {
    int first = bytes[0] & BYTE;
    int second = bytes[1] & BYTE;
    int third = bytes[2] & BYTE;
    boolean shared = first == 100 && second >= 64 && second < 128;
    boolean protocols = first == 192 && second == 0 && (third == 0 || third == 2);
    boolean relay = first == 192 && second == 88 && third == 99;
    boolean benchmarks = first == 198 && (second == 18 || second == 19);
    boolean examples =
        (first == 198 && second == 51 && third == 100)
            || (first == 203 && second == 0 && third == 113);
    return !(first == 0 || first >= 240 || shared || protocols || relay || benchmarks || examples);
  }

  /** Global unicast, without what leads to an IPv4 address or is for examples. */
  private static boolean isPublic6(byte[] bytes) {
    int first = ((bytes[0] & BYTE) << 8) | (bytes[1] & BYTE);
    int second = ((bytes[2] & BYTE) << 8) | (bytes[3] & BYTE);
    boolean global = (first & 0xe000) == 0x2000;
    boolean special = first == 0x2001 && (second < 0x200 || second == 0xdb8);
    boolean sixToFour = first == 0x2002;
    boolean examples = first == 0x3fff && second < 0x1000;
    return global && !special && !sixToFour && !examples;
  }
}
