package io.thyra.groups.core;

import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.IntegerValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Small checks that the rules of pods and services share.
final class Checks {
  static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

  private Checks() {}

  static void format(String text, List<String> complaints, FieldPath path, List<FieldError> errors) {
    complaints.forEach(complaint -> errors.add(FieldError.invalid(path, text, complaint)));
  }

  static void protocol(String protocol, FieldPath path, List<FieldError> errors) {
    required(protocol, PROTOCOLS, path, errors);
  }

  /// A word that must be there and one of the given, which are told in their order.
  static void required(String word, List<String> words, FieldPath path, List<FieldError> errors) {
    if (word.isEmpty()) {
      errors.add(FieldError.required(path, ""));
    } else if (!words.contains(word)) {
      errors.add(FieldError.notSupported(path, word, words));
    }
  }

  static void portNumber(long port, FieldPath path, List<FieldError> errors) {
    Words.portNumber(port).forEach(complaint -> errors.add(FieldError.invalid(path, port, complaint)));
  }

  /// A port by number or by name; absent is number 0.
  static void portNumberOrName(@Nullable Value port, FieldPath path, List<FieldError> errors) {
    if (port instanceof StringValue(String name)) {
      format(name, Words.portName(name), path, errors);
    } else {
      portNumber(port instanceof IntegerValue(long number) ? number : 0, path, errors);
    }
  }

  static void noBacksteps(String path, FieldPath at, List<FieldError> errors) {
    if (Arrays.asList(path.split("/", -1)).contains("..")) {
      errors.add(FieldError.invalid(at, path, "must not contain '..'"));
    }
  }

  /// A path below another one.
  static void descendingPath(String path, FieldPath at, List<FieldError> errors) {
    if (path.startsWith("/")) {
      errors.add(FieldError.invalid(at, path, "must be a relative path"));
    }
    noBacksteps(path, at, errors);
  }
}
