package io.thyra.codec;

import org.jspecify.annotations.Nullable;

/// What an answer is to look like.
///
/// @param pretty whether JSON is indented; means nothing for other formats
/// @param transform the other form that was asked for, null for the object itself
/// @param profile the `profile` parameter (aggregated discovery), empty for none
public record Accepted(Format format, boolean pretty, @Nullable Transform transform, String profile) {
  public static final Accepted JSON = new Accepted(Format.JSON, false, null, "");

  public static Accepted of(Format format) {
    return new Accepted(format, false, null, "");
  }
}
