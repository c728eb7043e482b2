package dev.caisson.proxy;

import java.util.Arrays;
import java.util.BitSet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.ProtocolException;

/**
 * The rules of HTTP for the head of an answer (RFC 9110, 5.1, 5.5 and 7.8), held against a sandbox:
 * a name with a character more is another name here, and the same one to the next reader.
 */
final class AnswerHead {
  private static final BitSet TOKEN = new BitSet(128);

  static {
    "!#$%&'*+-.^_`|~".chars().forEach(TOKEN::set);
    TOKEN.set('0', '9' + 1);
    TOKEN.set('A', 'Z' + 1);
    TOKEN.set('a', 'z' + 1);
  }

  private AnswerHead() {}

  /**
   * Returns the answer if each header's name is a token and no value has a control character.
   *
   * @throws HttpException if not
   */
  static ClassicHttpResponse check(ClassicHttpResponse answer) throws HttpException {
    for (Header header : answer.getHeaders()) {
      String name = header.getName();
      if (name.isEmpty() || !name.chars().allMatch(TOKEN::get)) {
        throw new ProtocolException("a header has a name that is no token");
      }
      String value = header.getValue();
      if (value != null && !value.chars().allMatch(AnswerHead::isText)) {
        throw new ProtocolException("the header " + name + " has a control character");
      }
    }
    return answer;
  }

  private static boolean isText(int character) {
    return character == '\t' || (character >= ' ' && character != 0x7f && character <= 0xff);
  }

  /**
   * Refuses a switch of protocols that was not asked for.
   *
   * @param asked the request's Upgrade header; empty if it had none
   */
  static void checkSwitch(ClassicHttpResponse answer, String asked) throws HttpException {
    Header protocol = answer.getFirstHeader(HttpHeaders.UPGRADE);
    if (protocol == null
        || Arrays.stream(asked.split(",", -1))
            .noneMatch(each -> each.strip().equalsIgnoreCase(protocol.getValue().strip()))) {
      throw new ProtocolException("it switches to a protocol that was not requested");
    }
  }
}
