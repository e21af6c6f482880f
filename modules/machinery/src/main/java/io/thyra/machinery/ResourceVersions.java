package io.thyra.machinery;

import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;

/// The resourceVersion of a request as a number. What a malformed one answers depends on who asks.
/// Source: apiserver pkg/storage/api_object_versioner.go and interfaces.go.
public final class ResourceVersions {
  private ResourceVersions() {}

  /// The number; empty and `0` are 0. Unsigned values past the signed range come back negative.
  ///
  /// @throws SyntaxException with the text of a field error
  public static long parse(String resourceVersion) {
    if (resourceVersion.isEmpty() || resourceVersion.equals("0")) {
      return 0;
    }
    try {
      return GoNumbers.parseUint(resourceVersion);
    } catch (SyntaxException e) {
      throw new SyntaxException(
          FieldError.invalid(FieldPath.of("resourceVersion"), resourceVersion, e.text()).toString());
    }
  }

  /// For a list: a malformed one is a bad request.
  public static long ofList(String resourceVersion) {
    try {
      return parse(resourceVersion);
    } catch (SyntaxException e) {
      throw new Failure.BadRequest("invalid resource version: " + e.text()).toException();
    }
  }

  /// For a get or a watch: a malformed one is a 500 without a reason.
  public static long ofGetOrWatch(String resourceVersion) {
    try {
      return parse(resourceVersion);
    } catch (SyntaxException e) {
      throw new Failure.Unclassified(500, e.text()).toException();
    }
  }

  /// For the metadata of a written object: a malformed one is a 500 with the bare complaint.
  public static long ofObject(String resourceVersion) {
    if (resourceVersion.isEmpty()) {
      return 0;
    }
    try {
      return GoNumbers.parseUint(resourceVersion);
    } catch (SyntaxException e) {
      throw new Failure.Unclassified(500, e.text()).toException();
    }
  }

  /// Orders two live versions without bound on their length.
  ///
  /// @throws SyntaxException unless both are positive decimal numbers without leading zeros
  public static int compare(String left, String right) {
    for (String version : new String[] {left, right}) {
      boolean wellFormed =
          !version.isEmpty() && version.charAt(0) != '0' && version.chars().allMatch(c -> c >= '0' && c <= '9');
      if (!wellFormed) {
        throw new SyntaxException("resource version is not well formed: " + version);
      }
    }
    int order = Integer.compare(left.length(), right.length());
    return order != 0 ? order : Integer.signum(left.compareTo(right));
  }
}
