package io.thyra.extensions;

import com.google.re2j.Pattern;

/// Mail addresses as Go's net/mail reads them: an address alone or after a name in angle brackets.
final class MailAddress {
  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\x{80}-\\x{10FFFF}-]+";
  private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*\"";
  private static final String LOCAL = "(?:" + ATOM + "(?:\\." + ATOM + ")*|" + QUOTED + ")";
  private static final String DOMAIN = "(?:" + ATOM + "(?:\\." + ATOM + ")*|\\[[^\\[\\]\\s]*\\])";
  private static final String ADDRESS = LOCAL + "@" + DOMAIN;
  private static final String NAME = "(?:(?:" + ATOM + "|" + QUOTED + "|\\.)\\s*)*";
  private static final Pattern FORM =
      Pattern.compile("^\\s*(?:" + ADDRESS + "|" + NAME + "<" + ADDRESS + ">)\\s*(?:\\([^()]*\\)\\s*)?$");

  private MailAddress() {}

  static boolean isValid(String text) {
    return FORM.matcher(text).find();
  }
}
